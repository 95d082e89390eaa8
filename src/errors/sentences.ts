import { type Complaint, complaintSentence } from './complaints.ts';
import { quoteText } from './quote-text.ts';

/* The sentences of codes that stand for several failures. A fact tells which one. */

export const malformedBodies = {
  'not-utf8': 'The request body is not UTF-8.',
  'not-json': 'The request body is not JSON.',
  'not-an-object': 'The request body must be a JSON object, such as {"username": "alice"}.',
};

export const notAllowed = {
  'no-account-here': 'This address needs an account of this service.',
  'no-administrator': "This needs an administrator's API key.",
  'no-super-administrator': 'This needs the API key of an administrator of a super space.',
  'device-unknown': 'This device is unknown: provision it with a new code.',
  'device-cannot-sign-in': 'This device was given no password of this account: provision it with a new code.',
  'other-account': 'This device belongs to another account.',
  'foreign-account': "The phone's default account is another one, and nothing is written over it.",
};

const databaseTroubles = {
  'no-answer': 'The database is not responding: try again.',
  locked: 'The database is locked by another process: try again later.',
  'no-space': 'The database has no space yet.',
};

type DatabaseTrouble =
  | { readonly why: keyof typeof databaseTroubles }
  | { readonly why: 'unusable'; readonly failure: string };

export function databaseTrouble(facts: DatabaseTrouble): string {
  return facts.why === 'unusable' ? `The database cannot be used: ${facts.failure}.` : databaseTroubles[facts.why];
}

type MalformedRequest =
  | { readonly why: 'unreadable' | 'address' | 'length' | 'connection-closed' }
  | { readonly why: 'picture-format' | 'picture-size'; readonly value: string };

export function malformedRequest(facts: MalformedRequest): string {
  switch (facts.why) {
    case 'unreadable':
      return 'The request is malformed.';
    case 'address':
      return 'The address is malformed.';
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

/** What was not found, and the name in the request. Codes are secrets, so they have no name. */
type Missing =
  | { readonly what: 'page' | 'code' | 'auth-token' | 'setup-link' | 'space-of-account' }
  | { readonly what: 'account' | 'api-key' | 'token' | 'device'; readonly name: string }
  | { readonly what: 'space'; readonly name: string; readonly closest?: string | undefined }
  | { readonly what: 'contact'; readonly name: string; readonly owner?: string }
  | { readonly what: 'external-account'; readonly owner?: string };

export function missing(facts: Missing): string {
  switch (facts.what) {
    case 'page':
      return 'There is nothing here.';
    case 'code':
      return 'This code is unknown or no longer valid: ask for a new one.';
    case 'auth-token':
      return 'This auth token is unknown, used, expired or not attached to an account.';
    case 'setup-link':
      return 'This link was used, has expired or was replaced by a newer one.';
    case 'space-of-account':
      return 'The space of this account was deleted.';
    case 'account':
      return `There is no account ${quoteText(facts.name)}.`;
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
    case 'external-account':
      return `${facts.owner ?? 'This account'} has no external account.`;
  }
}

type Conflict =
  | { readonly why: 'account-blocked' | 'token-ended' | 'only-super-space' | 'own-contact' | 'no-lan-address' }
  | { readonly why: 'not-a-file'; readonly path: string }
  | { readonly why: 'not-written'; readonly path: string; readonly reason: string };

export function conflicting(facts: Conflict): string {
  switch (facts.why) {
    case 'account-blocked':
      return 'The account is blocked: unblock it before issuing a token.';
    case 'token-ended':
      return 'A used or revoked token cannot be extended: issue a new one.';
    case 'only-super-space':
      return 'This is the only super space: make another one super first.';
    case 'own-contact':
      return 'An account cannot be a contact of itself.';
    case 'no-lan-address':
      return 'This machine has no LAN address: try without --lan.';
    case 'not-a-file':
      return `${facts.path} is not a file.`;
    case 'not-written':
      return `${facts.path} cannot be written: ${facts.reason}.`;
  }
}

/** Values are left out, because they may be secrets. */
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

export type TooLarge = { readonly what: 'body' } | { readonly what: 'fields' | 'items'; readonly max: number };

export function tooLarge(facts: TooLarge): string {
  switch (facts.what) {
    case 'body':
      return 'The request body is too large.';
    case 'fields':
      return `The request has more than ${facts.max} fields.`;
    case 'items':
      return `The request lists more than ${facts.max} items.`;
  }
}
