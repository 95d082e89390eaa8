import { type Complaint, complaintSentence } from './complaints.ts';
import { aboutImport, type ImportConflict } from './import-errors.ts';
import { quoteText } from './quote-text.ts';

/* Sentences of codes that stand for several failures. One of the facts selects the sentence. */

export const malformedBodies = {
  'not-utf8': 'The request body is not UTF-8: encode it as UTF-8.',
  'not-json': 'The request body is not valid JSON.',
  'not-an-object': 'The request body must be a JSON object, such as {"username": "alice"}.',
  'not-a-form': 'The request body is not a form of the type multipart/form-data.',
};

export const unauthenticated = {
  'no-key': 'Authenticate with an API key (header x-api-key) or HTTP Digest.',
  'unknown-key': 'This API key is unknown, expired or revoked: use another.',
  ended: 'The password, API key or session of this request has just ended: authenticate again.',
};

export const notAllowed = {
  'no-account-here': 'This address needs an account of this server.',
  'no-administrator': "This needs an administrator's API key.",
  'no-super-administrator': 'This needs the API key of an administrator of a super space.',
  'no-self-service': 'Users have no pages of their own here. Ask the administrator of your phone system.',
  'password-needed': 'Sign in again first: a session may do this only within ten minutes of giving the password.',
  'device-unknown': 'This device is unknown: provision it with a new code.',
  'device-cannot-sign-in': 'This device has no valid password for this account: provision it with a new code.',
  'other-account': 'This device belongs to another account: provision it with a new code.',
  'foreign-account':
    "The phone's default account is another one, which Ringup does not overwrite: make the account of this device the default.",
};

type MalformedRequest =
  | { readonly why: 'unreadable' | 'headers-too-long' | 'address' | 'length' | 'connection-closed' }
  | { readonly why: 'picture-format' | 'picture-size'; readonly value: string };

export function malformedRequest(facts: MalformedRequest): string {
  switch (facts.why) {
    case 'unreadable':
      return 'The request is malformed or did not arrive in time.';
    case 'headers-too-long':
      return 'The address and headers of the request are too long: shorten them.';
    case 'address':
      return 'The address is malformed: percent-encode it as UTF-8.';
    case 'length':
      return 'The body does not have the length that Content-Length declares.';
    case 'connection-closed':
      return 'The connection was closed; nothing was used up.';
    case 'picture-format':
      return `format must be png or svg, not ${quoteText(facts.value)}.`;
    case 'picture-size':
      return `size must be a number from 100 to 2000, not ${quoteText(facts.value)}.`;
  }
}

const withoutName = {
  page: 'There is nothing here.',
  code: 'This code is unknown or no longer valid: ask for a new one.',
  'auth-token': 'This auth token is unknown, used, expired or not attached to an account.',
  'login-link': 'This link was used, has expired, or was replaced by a newer one: ask for another.',
  'reset-link': 'This link was used, has expired, or was replaced by a newer password: ask for another.',
  'setup-link':
    'This link was used, has expired, or was replaced by a newer one: restart Ringup for another if there is no administrator yet.',
  'space-of-account': 'The space of this account was deleted.',
  session: 'This session has ended already.',
};

/** What was not found, and its name in the request. Codes have no name here, because they are secrets. */
type Missing =
  | { readonly what: keyof typeof withoutName }
  | {
      readonly what:
        | 'account'
        | 'api-key'
        | 'token'
        | 'device'
        | 'import-job'
        | 'outside-contact'
        | 'contact-list'
        | 'version';
      readonly name: string;
    }
  | { readonly what: 'account-of-space'; readonly name: string; readonly domain: string }
  | {
      readonly what: 'account-on-list';
      readonly account: string;
      readonly list: string;
      readonly side: 'member' | 'reader';
    }
  | { readonly what: 'space'; readonly name: string; readonly closest?: string | undefined }
  | { readonly what: 'contact'; readonly name: string; readonly owner?: string }
  | { readonly what: 'external-account'; readonly owner?: string };

export function missing(facts: Missing): string {
  switch (facts.what) {
    case 'account':
      return `There is no account ${quoteText(facts.name)}.`;
    case 'account-of-space':
      return `There is no account ${quoteText(facts.name)} in the space ${quoteText(facts.domain)}.`;
    case 'api-key':
      return `There is no API key ${quoteText(facts.name)}.`;
    case 'token':
      return `This account has no token ${quoteText(facts.name)}: the list of its tokens shows their ids.`;
    case 'device':
      return `This account has no device ${quoteText(facts.name)}: the list of its devices shows their ids.`;
    case 'space':
      return `There is no space ${quoteText(facts.name)}${facts.closest === undefined ? '.' : `: did you mean ${facts.closest}?`}`;
    case 'contact':
      return `${facts.owner ?? 'This account'} has no contact ${quoteText(facts.name)}.`;
    case 'outside-contact':
      return `This space has no contact ${quoteText(facts.name)} from outside: the list of these contacts shows their ids.`;
    case 'contact-list':
      return `There is no contact list ${quoteText(facts.name)}.`;
    case 'account-on-list':
      return `${quoteText(facts.account)} is not a ${facts.side} of the contact list ${quoteText(facts.list)}.`;
    case 'version':
      return `This space has no version ${quoteText(facts.name)} of its linphonerc: the list of its versions shows their ids.`;
    case 'external-account':
      return `${facts.owner ?? 'This account'} has no external account.`;
    case 'import-job':
      return `There is no import ${quoteText(facts.name)}.`;
    default:
      return withoutName[facts.what];
  }
}

type Unconfirmed =
  | { readonly what: 'realm'; readonly realm: string }
  | { readonly what: 'domain'; readonly domain: string };

export function unconfirmed(facts: Unconfirmed): string {
  return facts.what === 'realm'
    ? `The new realm ${quoteText(facts.realm)} invalidates the stored passwords of this space: every account needs a new one. Send confirm=true to continue.`
    : `The new domain ${quoteText(facts.domain)} changes every SIP address of this space, and ends its stored passwords unless the space has a realm. Send confirm=true to continue.`;
}

type Conflict =
  | {
      readonly why:
        | 'account-blocked'
        | 'token-ended'
        | 'only-super-space'
        | 'address-fixed'
        | 'address-kept'
        | 'own-contact'
        | 'published-meanwhile'
        | 'no-lan-address'
        | 'fetches-at-every-start';
    }
  | { readonly why: 'too-many-contacts'; readonly max: number }
  | {
      readonly why: 'domain-in-use';
      readonly domain: string;
      readonly accounts: readonly string[];
      readonly more: boolean;
    }
  | { readonly why: 'not-confirmed' | 'declined' }
  | ImportConflict
  | FileConflict;

type FileConflict =
  | {
      readonly why: 'not-a-file' | 'file-exists' | 'disk-full' | 'foreign-database' | 'file-missing';
      readonly path: string;
    }
  | { readonly why: 'not-a-backup'; readonly path: string; readonly reason: string }
  | { readonly why: 'other-tool'; readonly command: string }
  | { readonly why: 'not-written'; readonly path: string; readonly reason: string };

export function conflicting(facts: Conflict): string {
  switch (facts.why) {
    case 'address-fixed':
      return 'RINGUP_PUBLIC_URL sets the address: change it there.';
    case 'address-kept':
      return 'A change of the address can be undone only for ten minutes, and only until the next change: set the address that you want.';
    case 'account-blocked':
      return 'The account is blocked: unblock it first.';
    case 'token-ended':
      return 'A used or revoked token cannot be extended: issue a new one.';
    case 'only-super-space':
      return 'This is the only super space: make another one super first.';
    case 'own-contact':
      return 'An account cannot be a contact of itself.';
    case 'published-meanwhile':
      return 'Somebody else has published another linphonerc in the meantime: look at it first.';
    case 'no-lan-address':
      return 'This machine has no LAN address: try without --lan.';
    case 'fetches-at-every-start':
      return 'The phones of this space fetch at every start, each from an address of its own: set `refetch` to another value first.';
    case 'too-many-contacts':
      return `A space has at most ${facts.max} contacts from outside: remove some first.`;
    case 'domain-in-use':
      return `The domain ${quoteText(facts.domain)} can no longer be changed. These accounts have a device, a used code or an external account: ${facts.accounts.join(', ')}${facts.more ? ' and others' : ''}. Create another space instead.`;
    case 'not-confirmed':
      return 'This cannot be undone, and there is no terminal to confirm it at: add --yes. Nothing was changed.';
    case 'declined':
      return 'You did not answer yes: nothing was changed.';
    default:
      return 'path' in facts || 'command' in facts ? aboutFile(facts) : aboutImport(facts);
  }
}

function aboutFile(facts: FileConflict): string {
  switch (facts.why) {
    case 'not-a-file':
      return `${facts.path} is not a file.`;
    case 'file-exists':
      return `${facts.path} exists already: choose another name.`;
    case 'disk-full':
      return `${facts.path} cannot be written, because the disk is full: free space there.`;
    case 'foreign-database':
      return `${facts.path} is not a sound database of Ringup: it has other tables.`;
    case 'file-missing':
      return `There is no file ${facts.path}: check its name.`;
    case 'not-a-backup':
      return `${facts.path} is not a sound database of Ringup: ${facts.reason}.`;
    case 'other-tool':
      return `The database is on PostgreSQL, which has a program for this: run \`${facts.command}\`.`;
    case 'not-written':
      return `${facts.path} cannot be written: ${facts.reason}.`;
  }
}

/** Why a document cannot be written. Values are left out, because they may be secrets. */
type Unwritable =
  | { readonly why: 'closed' }
  | { readonly why: 'section'; readonly section: string; readonly complaint: Complaint }
  | {
      readonly why: 'entry' | 'name' | 'value';
      readonly section: string;
      readonly entry: string;
      readonly complaint: Complaint;
    }
  | { readonly why: 'overwrite'; readonly section: string; readonly entry: string };

export function unwritable(facts: Unwritable): string {
  if (facts.why === 'closed') return 'The document can no longer be changed: the hook has ended or timed out.';
  const section = `section ${quoteText(facts.section)}`;
  if (facts.why === 'section') return `The ${section} ${complaintSentence(facts.complaint)}.`;
  const entry = `entry ${quoteText(facts.entry)} of ${section}`;
  if (facts.why === 'overwrite') return `The "overwrite" of ${entry} must be true or false.`;
  return `The ${facts.why === 'entry' ? '' : `${facts.why} of `}${entry} ${complaintSentence(facts.complaint)}.`;
}

export type TooLarge =
  | { readonly what: 'body' }
  | { readonly what: 'fields' | 'items' | 'rows' | 'lines' | 'file'; readonly max: number };

export function tooLarge(facts: TooLarge): string {
  switch (facts.what) {
    case 'body':
      return 'The request body is too large: send less at once.';
    case 'fields':
      return `The request has more than ${facts.max} fields: send fewer at once.`;
    case 'items':
      return `The request lists more than ${facts.max} items: send fewer at once.`;
    case 'file':
      return `The file is larger than ${facts.max} MB: split it.`;
    case 'lines':
      return `The table has more than ${facts.max} lines: remove empty lines and comments.`;
    case 'rows':
      return `The file has more than ${facts.max} rows: split it.`;
  }
}
