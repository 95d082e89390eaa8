/** How a face should treat an error; `http/error-reply.ts` maps it to a status, `cli/cli.ts` to an exit status. */
export type ErrorKind =
  | 'usage'
  | 'bad-request'
  | 'invalid'
  | 'unauthenticated'
  | 'forbidden'
  | 'not-found'
  | 'method-not-allowed'
  | 'conflict'
  | 'too-large'
  | 'unsupported'
  | 'failed'
  | 'unavailable';

interface ErrorEntry {
  readonly kind: ErrorKind;
  /** One line for the manual: when a caller sees this code. */
  readonly meaning: string;
}

/** Every code a caller may see. The manual lists the same ones; a test compares the two. */
export const errorCatalogue = {
  'settings-invalid': { kind: 'usage', meaning: 'One or more settings are wrong; the message lists them all.' },
  'usage-wrong': { kind: 'usage', meaning: 'A command was called with wrong words or options.' },
  'linphonerc-broken': {
    kind: 'usage',
    meaning: 'A linphonerc cannot be read; the message names file, line and text.',
  },
  'hooks-broken': { kind: 'usage', meaning: 'The hooks file cannot be used; the message says where and why.' },
  'body-malformed': { kind: 'bad-request', meaning: 'The request body is not the JSON it claims to be.' },
  'request-malformed': {
    kind: 'bad-request',
    meaning: 'The request itself is broken: its URL, a header or its framing.',
  },
  'provisioning-header-missing': {
    kind: 'bad-request',
    meaning: 'The space demands the header X-Linphone-Provisioning, which Linphone 5.3 and later send.',
  },
  'fields-invalid': { kind: 'invalid', meaning: 'Fields are missing, wrong or unknown; `errors` names each of them.' },
  'document-invalid': {
    kind: 'failed',
    meaning: 'A configuration document would hold a name or value that Linphone cannot take; nothing was sent.',
  },
  'authentication-required': { kind: 'unauthenticated', meaning: 'The request needs an API key or HTTP Digest.' },
  'not-allowed': { kind: 'forbidden', meaning: 'The caller is known, but this is not theirs to do.' },
  'account-not-active': { kind: 'forbidden', meaning: 'The account is not activated yet, or deactivated.' },
  'account-blocked': { kind: 'forbidden', meaning: 'The account is blocked.' },
  'space-full': { kind: 'forbidden', meaning: 'The space has as many accounts as its `max_accounts` allows.' },
  'cross-site-request': { kind: 'forbidden', meaning: 'A change authenticated by cookie came from another site.' },
  'not-found': { kind: 'not-found', meaning: 'There is nothing here, or nothing that the caller may see.' },
  'turn-not-configured': {
    kind: 'not-found',
    meaning: 'The space has no TURN server (`turn_server`), or no secret for it (`turn_secret`).',
  },
  'method-not-allowed': {
    kind: 'method-not-allowed',
    meaning: 'The path exists, but not for this method; see `Allow`.',
  },
  'account-exists': { kind: 'invalid', meaning: 'User name, e-mail address or phone number is taken in that domain.' },
  'last-administrator': { kind: 'conflict', meaning: 'The last administrator can be neither deleted nor demoted.' },
  'space-exists': { kind: 'invalid', meaning: 'Another space has that domain or host.' },
  'space-not-empty': { kind: 'conflict', meaning: 'The space still has accounts.' },
  'confirmation-needed': { kind: 'conflict', meaning: 'The change has consequences that need `confirm=true`.' },
  conflict: { kind: 'conflict', meaning: 'The request does not fit the state of what it names.' },
  'too-large': {
    kind: 'too-large',
    meaning: 'The request is larger than the server takes, or has more than 100 fields.',
  },
  'media-type-unsupported': { kind: 'unsupported', meaning: 'The body is of a type other than application/json.' },
  'too-many-open': { kind: 'unavailable', meaning: 'Too many auth tokens are open at the moment.' },
  'hook-failed': { kind: 'failed', meaning: 'A hook failed; nothing was changed. The log says which and how.' },
  busy: { kind: 'unavailable', meaning: 'The account changed during the request, three times; nothing was used up.' },
  'database-unavailable': { kind: 'unavailable', meaning: 'The database does not answer, or is not migrated.' },
  'migrations-pending': { kind: 'unavailable', meaning: 'The database needs `ringup migrate` first.' },
  'database-in-use': { kind: 'conflict', meaning: 'Another `ringup serve` is running on the same SQLite file.' },
  internal: { kind: 'failed', meaning: 'A fault of the server; the log has the detail under the request id.' },
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof errorCatalogue;

/** Mistakes by field: `{"username": ["is required"]}`. */
export type FieldErrors = Readonly<Record<string, readonly string[]>>;

/** A failure that a caller may see: a stable code, and a sentence that says what to do. Anything else thrown is a bug. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly fields: FieldErrors | undefined;

  constructor(code: ErrorCode, message: string, details: { fields?: FieldErrors; cause?: unknown } = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'AppError';
    this.code = code;
    this.fields = details.fields;
  }

  get kind(): ErrorKind {
    return errorCatalogue[this.code].kind;
  }
}

/** The refusal of one or more fields, with a message that repeats the first of them. */
export function invalidFields(fields: FieldErrors): AppError {
  const [name, messages] = Object.entries(fields)[0] ?? ['', []];
  return new AppError('fields-invalid', `${name} ${messages[0] ?? 'is invalid'}.`, { fields });
}
