import type { Actor } from './actor.ts';

/** All kinds of events in the life of spaces, accounts, codes and phones, with their descriptions in the manual. */
export const eventKinds = {
  'account-created': 'An account was created.',
  'account-changed': 'Fields of an account were changed.',
  'account-deleted': 'An account was deleted, together with its other events.',
  activated: 'An administrator activated an account. If a phone activates it, that is part of `fetched`.',
  deactivated: 'An account was deactivated.',
  blocked: 'An account was blocked.',
  unblocked: 'An account was unblocked.',
  'password-changed': 'An account got a new password. If a phone fetched it, that is part of `fetched` instead.',
  'api-key-created': "An API key with the account's rights was created.",
  'api-key-revoked': 'An API key was revoked.',
  'login-link-issued': 'A link was issued that signs in to the panel once.',
  'contact-added': 'An account was added to the contacts of another.',
  'contact-removed': 'An account was removed from the contacts of another.',
  'contact-list-created': 'A contact list was created.',
  'contact-list-changed': 'The title or the description of a contact list was changed.',
  'contact-list-deleted': 'A contact list was deleted.',
  'contact-list-joined': 'An account was put into a contact list.',
  'contact-list-left': 'An account was taken off a contact list.',
  'contact-list-given': 'An account got a contact list: its members became contacts of the account.',
  'contact-list-taken': 'A contact list was taken from an account.',
  'outside-contact-added': 'Somebody from outside was added to the address books of a space.',
  'outside-contact-changed': 'A contact from outside was changed.',
  'outside-contact-removed': 'A contact from outside was removed.',
  'auth-token-attached': 'A signed-in device attached the auth token of another device to its account.',
  'address-changed': 'The address for phones was changed in the panel.',
  'space-created': 'A space was created.',
  'space-changed': 'Settings of a space were changed.',
  'domain-changed': 'A space got another domain. `passwords_ended` says how many accounts lost their passwords by it.',
  'space-deleted': 'A space was deleted.',
  'token-issued': 'A code was issued, and earlier ones were revoked.',
  'token-extended': 'A code got another expiry.',
  'token-revoked': 'One code or all codes of an account were revoked.',
  'page-opened': 'The page of a code was opened in a browser. `reason` says why the browser did not get the account.',
  'code-shown': 'The picture of a QR code was fetched.',
  'turned-away':
    'A link scanner, a link preview or a prefetching browser opened the link. This used nothing up; `reason` says why.',
  refused: 'A phone asked for the account with a code and did not get it; `reason` says why.',
  fetched: 'A phone got the account and used the code up. The account replaces the first one in the phone.',
  delivered: 'The whole answer to `fetched` was sent.',
  'answer-lost': 'The answer to `fetched` was lost; the phone can ask again.',
  refetched: 'A phone that has the account fetched its document again.',
  'device-revoked': 'A device was revoked.',
  'device-ended': 'A revoked device was told to forget the account.',
  'ending-repeated': 'A revoked device asked again, and was told again to forget the account.',
  'device-refused': 'A device asked for its document and did not get it; `reason` says why.',
  'mail-queued':
    'A mail was queued: one with a code or, if `mail` says `password-reset`, with a link to a new password.',
  'mail-sent': 'The mail server took a mail.',
  'mail-failed':
    'A mail was given up. `answer` is what the mail server said; `reason` says why it did not get the mail.',
  'events-dropped':
    'The oldest events of one kind were dropped, because the account had more than 200 rows of it; `count` says how many.',
} as const;

export type EventKind = keyof typeof eventKinds;

/** Kinds of events that phones and visitors can cause without limit. Only alike events of these kinds share a row. */
export const repeatableKinds = [
  'page-opened',
  'code-shown',
  'turned-away',
  'refused',
  'refetched',
  'ending-repeated',
  'device-refused',
] as const satisfies readonly EventKind[];

export type RepeatableKind = (typeof repeatableKinds)[number];

export function isEventKind(text: string): text is EventKind {
  return Object.hasOwn(eventKinds, text);
}

/** Why a phone did not receive the account. */
export const refusals = [
  'expired',
  'used',
  'answering-elsewhere',
  'superseded',
  'revoked',
  'blocked',
  'not-activated',
  'too-many-devices',
  'header-missing',
  'hook-failed',
  'document-invalid',
  'busy',
  'database-unavailable',
  'connection-closed',
  'failed',
] as const;

export type Refusal = (typeof refusals)[number];

/** Why a device did not receive its document. */
export const deviceRefusals = ['foreign-account', 'other-account', 'header-missing'] as const;

export type DeviceRefusal = (typeof deviceRefusals)[number];

/** Why a visitor counts as a browser or a link scanner, and does not receive the account. */
export const visitorSigns = [
  'accepts-html',
  'known-program',
  'poses-as-browser',
  'prefetch',
  'language',
  'range',
  'referrer',
  'image',
] as const;

export type VisitorSign = (typeof visitorSigns)[number];

/** Why a mail did not reach a mail server. */
export const unsentReasons = [
  'no-server',
  'no-mailbox',
  'account-blocked',
  'address-changed',
  'code-used',
  'code-ended',
  'code-hidden',
  'untrusted-certificate',
] as const;

export type UnsentReason = (typeof unsentReasons)[number];

/** Facts about an event, such as `reason`; never secrets. */
export type EventDetail = Readonly<Record<string, string | number | boolean | null>>;

export interface NewEvent {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly kind: EventKind;
  readonly spaceId: number;
  readonly accountId: number | null;
  readonly tokenId?: number | null;
  /** Absent if a phone or a visitor caused the event. */
  readonly actor?: Actor | null;
  readonly address?: string | null;
  /** The value of `User-Agent`. */
  readonly agent?: string | null;
  readonly detail?: EventDetail;
}

/** An event that a phone or a visitor caused. It always belongs to an account. */
export interface AccountEvent<Kind extends EventKind = EventKind> extends NewEvent {
  readonly kind: Kind;
  readonly accountId: number;
}

export type RepeatableEvent = AccountEvent<RepeatableKind>;

/**
 * A stored event. If it stands for several, `at` is the time of the first, and address, User-Agent and detail are those
 * of the last.
 */
export interface Event extends Required<NewEvent> {
  readonly id: number;
  readonly lastAt: number;
  readonly count: number;
}
