import type { Actor } from './actor.ts';

/** What can happen to spaces, accounts, their codes and phones, with what the manual says of it. */
export const eventKinds = {
  'account-created': 'An account was made.',
  'account-changed': 'Fields of an account were changed.',
  'account-deleted': 'An account was deleted; of its other events none is left.',
  activated: 'An account was activated by an administrator; a phone that does so is told with `fetched`.',
  deactivated: 'An account was deactivated.',
  blocked: 'An account was blocked.',
  unblocked: 'The block of an account was lifted.',
  'password-changed': 'An account got a new password, other than by a phone that fetched it.',
  'api-key-created': "An API key with the account's rights was made.",
  'api-key-revoked': 'An API key was revoked.',
  'contact-added': 'An account was put into the contacts of another.',
  'contact-removed': 'An account was taken out of the contacts of another.',
  'auth-token-attached': 'The account signed a second device in by the code that it shows.',
  'space-created': 'A space was made.',
  'space-changed': 'Settings of a space were changed.',
  'space-deleted': 'A space was deleted.',
  'token-issued': 'A provisioning code was issued; older ones ended.',
  'token-extended': 'A code got another end.',
  'token-revoked': 'Codes were ended.',
  'page-opened': 'The page of a code was opened in a browser.',
  'code-shown': 'The picture of a QR code was fetched.',
  'turned-away': 'A link scanner, a previewer or a browser in advance opened the link; nothing was used up.',
  refused: 'A phone asked with a code and did not get the account; `reason` says why.',
  fetched: 'A phone got the account and used the code up.',
  delivered: 'The answer to that was handed over whole.',
  'answer-lost': 'The answer to that was cut off; the phone may ask again.',
  refetched: 'A phone that has the account fetched its configuration anew.',
  'device-revoked': 'A device was revoked.',
  'device-ended': 'A revoked device was told to forget the account.',
  'device-refused': 'A revoked device asked once more.',
} as const;

export type EventKind = keyof typeof eventKinds;

export function isEventKind(text: string): text is EventKind {
  return Object.hasOwn(eventKinds, text);
}

/** Why a phone did not get the account. */
export const refusals = {
  expired: 'the code had expired',
  used: 'the code had been used',
  superseded: 'a newer code had been issued',
  revoked: 'the code had been revoked',
  blocked: 'the account is blocked',
  'not-activated': 'the account is not activated',
  'too-many-devices': 'the account has as many devices as its space allows',
  'header-missing': 'it did not send the header X-Linphone-Provisioning, which its space demands',
  'hook-failed': 'a hook failed',
  'document-invalid': 'the document would have had an entry that a phone misreads',
  busy: 'the account was being changed at that moment',
  'connection-closed': 'it had hung up before the answer was ready',
  failed: 'something failed here: see the log',
} as const;

export type Refusal = keyof typeof refusals;

/** Facts of one kind of event, such as `reason`; no secrets. */
export type EventDetail = Readonly<Record<string, string | number | boolean | null>>;

export interface NewEvent {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly kind: EventKind;
  readonly spaceId: number;
  readonly accountId: number | null;
  readonly tokenId?: number | null;
  /** Absent where a phone or a visitor did it. */
  readonly actor?: Actor | null;
  readonly address?: string | null;
  /** The `User-Agent`. */
  readonly agent?: string | null;
  readonly detail?: EventDetail;
}

export interface Event extends Required<NewEvent> {
  readonly id: number;
}
