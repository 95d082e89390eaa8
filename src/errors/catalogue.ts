import { complaintSentence, type FieldComplaints } from './complaints.ts';
import { databaseErrors } from './database-errors.ts';
import { databaseTrouble } from './database-sentences.ts';
import { importErrors } from './import-errors.ts';
import { quoteText } from './quote-text.ts';
import {
  conflicting,
  malformedBodies,
  malformedRequest,
  missing,
  notAllowed,
  type TooLarge,
  tooLarge,
  unauthenticated,
  unconfirmed,
  unwritable,
} from './sentences.ts';

/** How a face should treat an error; `http/error-reply.ts` maps it to a status, `cli/explain.ts` to an exit status. */
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
  | 'too-many'
  | 'failed'
  | 'unavailable';

/** Complaints by field, in English: `{"username": ["is required"]}`. */
export type FieldErrors = Readonly<Record<string, readonly string[]>>;

export interface ErrorEntry {
  readonly kind: ErrorKind;
  /** When a caller sees this code: one line in the manual. */
  readonly meaning: string;
  /** Returns the English sentence. */
  message(facts: object): string;
  /** Returns the complaints by field, if the code is about fields of the request. */
  fields?(facts: object): FieldErrors;
}

/** A value that another account or space already has. */
interface Taken {
  readonly field: string;
  readonly value: string;
}

/**
 * Every code that a caller may see. `message` takes the facts with which the code is thrown. Codes of kind `usage` are
 * for operators: their facts are complete sentences. All other codes have their sentences here.
 */
export const errorCatalogue = {
  'settings-invalid': {
    kind: 'usage',
    meaning: 'One or more settings are invalid; the message lists them all.',
    message: ({ mistakes }: { mistakes: readonly string[] }) => mistakes.join('\n'),
  },
  'usage-wrong': {
    kind: 'usage',
    meaning: 'A command was called with wrong arguments or options.',
    message: ({ complaint }: { complaint: string }) => complaint,
  },
  'linphonerc-broken': {
    kind: 'usage',
    meaning: 'A linphonerc cannot be read; the message names file, line and text.',
    message: ({ mistakes }: { mistakes: readonly string[] }) => mistakes.join('\n'),
  },
  'hooks-broken': {
    kind: 'usage',
    meaning: 'The hooks file cannot be used; the message says where and why.',
    message: ({ place, complaint }: { place: string; complaint: string }) => `${place}: ${complaint}`,
  },
  'body-malformed': {
    kind: 'bad-request',
    meaning: 'The request body is not valid JSON, or not the form that its type names.',
    message: ({ why }: { why: keyof typeof malformedBodies }) => malformedBodies[why],
  },
  'request-malformed': {
    kind: 'bad-request',
    meaning: 'The request itself is broken: its URL, a header or its framing.',
    message: malformedRequest,
  },
  'provisioning-header-missing': {
    kind: 'bad-request',
    meaning: 'The space requires the header X-Linphone-Provisioning, which Linphone 5.3 and later send.',
    message: () => 'This address is for Linphone 5.3 or later to fetch by itself.',
  },
  'fields-invalid': {
    kind: 'invalid',
    meaning: 'Fields are missing, invalid or unknown; `errors` names each of them.',
    message: ({ fields }: { fields: FieldComplaints }) => {
      const [[name, [first]] = ['', []]] = Object.entries(sentencesByField(fields));
      return `${name} ${first ?? 'is invalid'}.`.trim();
    },
    fields: ({ fields }: { fields: FieldComplaints }) => sentencesByField(fields),
  },
  ...importErrors,
  'domain-fixed': {
    kind: 'invalid',
    meaning: 'The settings name the domain of the first space, so the setup page cannot change it.',
    message: ({ domain }: { domain: string }) => `The domain is ${domain}: RINGUP_SIP_DOMAIN sets it.`,
    fields: ({ domain }: { domain: string }) => ({ domain: [`is ${domain}, as RINGUP_SIP_DOMAIN says`] }),
  },
  'document-invalid': {
    kind: 'failed',
    meaning: 'A document would contain a name or value that Linphone cannot read; nothing was sent.',
    message: unwritable,
  },
  'authentication-required': {
    kind: 'unauthenticated',
    meaning: 'The request needs an API key or HTTP Digest.',
    message: ({ why }: { why: keyof typeof unauthenticated }) => unauthenticated[why],
  },
  'session-required': {
    kind: 'unauthenticated',
    meaning: 'The page needs a session: the person is not signed in, or no longer.',
    message: () => 'Sign in first.',
  },
  'not-allowed': {
    kind: 'forbidden',
    meaning: 'The caller is known, but may not do this.',
    message: ({ why }: { why: keyof typeof notAllowed }) => notAllowed[why],
  },
  'account-not-active': {
    kind: 'forbidden',
    meaning: 'The account is not activated yet, or was deactivated.',
    message: () => 'This account is not activated: provision a phone with it first.',
  },
  'account-blocked': {
    kind: 'forbidden',
    meaning: 'The account is blocked.',
    message: () => 'This account is blocked: ask an administrator to unblock it.',
  },
  'no-mail-address': {
    kind: 'forbidden',
    meaning: 'The account has no mail address to which a mail could be sent.',
    message: ({ username }: { username: string }) => `${quoteText(username)} has no mail address: add one first.`,
  },
  'space-full': {
    kind: 'forbidden',
    meaning: 'The space has reached its `max_accounts`.',
    message: ({ domain, maxAccounts }: { domain: string; maxAccounts: number }) =>
      `The space ${quoteText(domain)} has reached its limit of ${maxAccounts} accounts: raise max_accounts or delete one.`,
  },
  'cross-site-request': {
    kind: 'forbidden',
    meaning: 'A change that was authenticated by a cookie came from another site.',
    message: () => 'A change with a cookie must come from the same site: send an API key (header x-api-key) instead.',
  },
  'not-found': {
    kind: 'not-found',
    meaning: 'It does not exist, or the caller may not see it.',
    message: missing,
  },
  'turn-not-configured': {
    kind: 'not-found',
    meaning: 'The space has no TURN server (`turn_server`), or no secret for it (`turn_secret`).',
    message: () => 'There is no TURN server for this account: its space needs turn_server and turn_secret.',
  },
  'method-not-allowed': {
    kind: 'method-not-allowed',
    meaning: 'The path does not support this method; see the header `Allow`.',
    message: ({ method, allowed }: { method: string; allowed: readonly string[] }) =>
      `This path supports ${allowed.join(', ')}, not ${method}.`,
  },
  'account-exists': {
    kind: 'invalid',
    meaning: 'The user name, e-mail address or phone number is already taken in this domain.',
    message: ({ field, value }: Taken) => `${field} ${quoteText(value)} is already taken in this domain.`,
    fields: ({ field, value }: Taken) => ({ [field]: [`${quoteText(value)} is already taken in this domain`] }),
  },
  'last-administrator': {
    kind: 'conflict',
    meaning:
      'The last administrator of all super spaces who can sign in cannot be deleted, demoted, blocked or deactivated.',
    message: () => 'This is the last administrator: make another one first.',
  },
  'space-exists': {
    kind: 'invalid',
    meaning: 'Another space has this domain or host.',
    message: ({ field, value }: Taken) => `${field} ${quoteText(value)} is already taken by another space.`,
    fields: ({ field, value }: Taken) => ({ [field]: [`${quoteText(value)} is already taken by another space`] }),
  },
  'no-mail-server': {
    kind: 'conflict',
    meaning: 'Mails cannot be sent: no mail server or no sender is set.',
    message: ({ domain }: { domain: string }) =>
      `No mails can be sent for ${quoteText(domain)}: set RINGUP_SMTP_URL and RINGUP_MAIL_FROM, or the smtp_url and mail_from of the space.`,
  },
  'space-not-empty': {
    kind: 'conflict',
    meaning: 'The space still has accounts.',
    message: ({ domain }: { domain: string }) =>
      `The space ${quoteText(domain)} still has accounts: delete them first, or with the space (with_accounts=true).`,
  },
  'confirmation-needed': {
    kind: 'conflict',
    meaning: 'The change has consequences that need `confirm=true`.',
    message: unconfirmed,
  },
  conflict: {
    kind: 'conflict',
    meaning: 'The request conflicts with the current state.',
    message: conflicting,
  },
  'too-large': {
    kind: 'too-large',
    meaning: 'The request, or a file in it, is larger than the server accepts.',
    message: (facts: TooLarge) => tooLarge(facts),
  },
  'media-type-unsupported': {
    kind: 'unsupported',
    meaning:
      'The body is not of the type application/json or, for a form, application/x-www-form-urlencoded or multipart/form-data.',
    message: ({ type, wanted }: { type: string; wanted: 'application/json' | 'application/x-www-form-urlencoded' }) =>
      `Send the body as ${wanted}${type === '' ? '' : `, not ${quoteText(type)}`}.`,
  },
  'too-many-open': {
    kind: 'too-many',
    meaning: 'The address has 100 open auth tokens; `Retry-After` says in how many seconds the first of them expires.',
    message: ({ retryAfterSeconds }: { retryAfterSeconds: number }) =>
      `Too many auth tokens of this address are open: try again in ${retryAfterSeconds} seconds.`,
  },
  'too-many-sign-ins': {
    kind: 'too-many',
    meaning: 'Sign-in failed too often; `Retry-After` says in how many seconds the next attempt counts.',
    message: ({ retryAfterSeconds }: { retryAfterSeconds: number }) =>
      `Sign-in failed too often. Try again in ${retryAfterSeconds} seconds.`,
  },
  'too-many-requests': {
    kind: 'too-many',
    meaning:
      'The space asked SIP servers or sent test mails too often; `Retry-After` says in how many seconds it can try again.',
    message: ({ retryAfterSeconds }: { retryAfterSeconds: number }) =>
      `That was too often within a minute. Try again in ${retryAfterSeconds} seconds.`,
  },
  'hook-failed': {
    kind: 'failed',
    meaning: 'A hook failed; nothing was changed. The log says which hook and why.',
    message: ({ hook }: { hook: string }) => `The hook "${hook}" failed. Nothing was changed; the log says why.`,
  },
  busy: {
    kind: 'unavailable',
    meaning: 'The account or the spaces kept changing during the request; nothing was used up.',
    message: () => 'Others are changing the same data at the moment: try again. Nothing was used up.',
  },
  'answering-elsewhere': {
    kind: 'unavailable',
    meaning: 'Another node is answering the same code at this moment.',
    message: () => 'Another node is answering this code at the moment: try again in a second.',
  },
  'database-unavailable': {
    kind: 'unavailable',
    meaning: 'The database does not answer, cannot be opened, or is not migrated.',
    message: databaseTrouble,
  },
  ...databaseErrors,
  internal: {
    kind: 'failed',
    meaning: 'A fault in the server; the log has the details under the request id.',
    message: ({ request }: { request: string }) =>
      `Something went wrong; the log has the details under request ${request}.`,
  },
} as const satisfies Record<string, ErrorEntry>;

function sentencesByField(fields: FieldComplaints): FieldErrors {
  return Object.fromEntries(
    Object.entries(fields).map(([name, complaints]) => [name, complaints.map(complaintSentence)]),
  );
}
