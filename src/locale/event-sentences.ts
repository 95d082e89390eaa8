import { withoutInvisible } from '../errors/quote-text.ts';
import type { Event, EventKind, UnsentReason } from '../events/event.ts';
import { deviceName } from '../sip/device-name.ts';
import { refusalWords, unsentWords, visitorWords } from './refusal-words.ts';

/** Returns an instant as text for a sentence: in UTC for the API, and like the tables at a terminal. */
export type ShowTime = (instant: number) => string;

/** An event, with phrases that several sentences use. */
export interface Told {
  readonly event: Event;
  readonly detail: Event['detail'];
  /** The actor, with a space before it; empty for phones and visitors. */
  readonly by: string;
  /** The address that the event came from, with a space before it. */
  readonly from: string;
  /** What the sentence calls the token. */
  readonly code: string;
  readonly showTime: ShowTime;
}

/** An English sentence for each kind, without its full stop. */
export const eventSentences: Readonly<Record<EventKind, (told: Told) => string>> = {
  'account-created': ({ by }) => `The account was created${by}`,
  'account-changed': ({ detail, by }) => `The account was changed${by}: ${text(detail.fields)}`,
  'account-deleted': ({ detail, by }) => `The account ${text(detail.username)} was deleted${by}`,
  activated: ({ by }) => `The account was activated${by}`,
  deactivated: ({ by }) => `The account was deactivated${by}`,
  blocked: ({ by }) => `The account was blocked${by}`,
  unblocked: ({ by }) => `The account was unblocked${by}`,
  'password-changed': ({ by }) => `The password was changed${by}`,
  'api-key-created': ({ event, by }) => `${keyOf(event)} was created${by}`,
  'api-key-revoked': ({ event, by }) => `${keyOf(event)} was revoked${by}`,
  'login-link-issued': ({ by }) => `A link to sign in was issued${by}`,
  'contact-added': ({ detail, by }) => `The contact ${text(detail.contact)} was added${by}`,
  'contact-removed': ({ detail, by }) => `The contact ${text(detail.contact)} was removed${by}`,
  'contact-list-created': ({ detail, by }) => `The contact list ${text(detail.list)} was created${by}`,
  'contact-list-changed': ({ detail, by }) => `The contact list ${text(detail.list)} was changed${by}`,
  'contact-list-deleted': ({ detail, by }) => `The contact list ${text(detail.list)} was deleted${by}`,
  'contact-list-joined': ({ detail, by }) => `The account was put into the contact list ${text(detail.list)}${by}`,
  'contact-list-left': ({ detail, by }) => `The account was taken off the contact list ${text(detail.list)}${by}`,
  'contact-list-given': ({ detail, by }) => `The account got the contact list ${text(detail.list)}${by}`,
  'contact-list-taken': ({ detail, by }) => `The contact list ${text(detail.list)} was taken from the account${by}`,
  'outside-contact-added': ({ detail, by }) => `The outside contact ${text(detail.contact)} was added${by}`,
  'outside-contact-changed': ({ detail, by }) => `The outside contact ${text(detail.contact)} was changed${by}`,
  'outside-contact-removed': ({ detail, by }) => `The outside contact ${text(detail.contact)} was removed${by}`,
  'auth-token-attached': ({ by }) => `A second device was signed in${by}`,
  'address-changed': ({ detail, by }) =>
    `The address for phones was changed to ${text(detail.to ?? 'the default')}${by}`,
  'space-created': ({ detail, by }) => `The space ${text(detail.domain)} was created${by}`,
  'space-changed': ({ detail, by }) => `The space ${text(detail.domain)} was changed${by}: ${text(detail.fields)}`,
  'domain-changed': ({ detail, by }) =>
    `The domain ${text(detail.from)} was changed to ${text(detail.domain)}${by}${passwordsEnded(detail.passwords_ended)}`,
  'space-deleted': ({ detail, by }) => `The space ${text(detail.domain)} was deleted${by}`,
  'token-issued': ({ detail, by, showTime }) => `A code was issued${by}, valid ${until(detail.expires_at, showTime)}`,
  'token-extended': ({ detail, by, showTime }) =>
    `The code was extended${by}; it is now valid ${until(detail.expires_at, showTime)}`,
  'token-revoked': ({ detail, by }) => `${detail.codes === 'all' ? 'All codes were' : 'The code was'} revoked${by}`,
  'page-opened': ({ detail, from, code }) =>
    `The page of the ${code} was opened in a browser${from}${notValid(detail.reason, `the ${code} no longer works`)}`,
  'code-shown': ({ from }) => `The QR code was shown${from}`,
  'turned-away': ({ detail, from, code }) =>
    `${capital(text(detail.name))} opened the link${from}; the ${code} was not used up${because(detail.reason)}`,
  refused: ({ event, detail }) =>
    `${phone(event)} asked for the account and did not get it: ${reasonOf(detail.reason)}`,
  fetched: ({ event }) => `${phone(event)} fetched the account${also(event)}`,
  delivered: () => 'The answer was delivered completely',
  'answer-lost': () => 'The answer was lost on its way; the phone can ask again for five minutes',
  refetched: ({ event }) => `${phone(event)} fetched its configuration again`,
  'device-revoked': ({ detail, by }) => `The device ${text(detail.name)} was revoked${by}`,
  'device-ended': ({ event }) => `${phone(event)} learned that it is revoked, and was told to forget the account`,
  'ending-repeated': ({ event }) =>
    `${phone(event)} asked again although it is revoked, and was told again to forget the account`,
  'device-refused': ({ event, detail }) =>
    `${phone(event)} asked for its document and did not get it: ${reasonOf(detail.reason)}`,
  'mail-queued': ({ detail, by }) => `A mail ${mailOf(detail.mail)} was queued for ${text(detail.to)}${by}`,
  'mail-sent': ({ detail }) => `The mail server took the mail ${mailOf(detail.mail)} to ${text(detail.to)}`,
  'mail-failed': ({ detail }) =>
    `The mail ${mailOf(detail.mail)} to ${text(detail.to)} was not sent${whyUnsent(detail)}`,
  'events-dropped': ({ event, detail }) =>
    `${event.count === 1 ? 'One older event' : `${event.count} older events`} of the kind ${text(detail.of)} made room for newer ones`,
};

function mailOf(kind: unknown): string {
  return kind === 'password-reset' ? 'with a link to a new password' : 'with a code';
}

function whyUnsent({ answer, reason }: Event['detail']): string {
  if (typeof reason === 'string')
    return `: ${Object.hasOwn(unsentWords, reason) ? unsentWords[reason as UnsentReason] : reason}`;
  if (typeof answer !== 'string') return '';
  // If there is no status, the answer is not from the server, but says why it gave none.
  return /^\d{3}\b/.test(answer) ? `: the mail server said ${quoted(answer)}` : `: ${quoted(answer)}`;
}

function passwordsEnded(count: unknown): string {
  if (typeof count !== 'number' || count === 0) return '';
  return count === 1 ? ', which ended the password of one account' : `, which ended the passwords of ${count} accounts`;
}

function phone({ agent, address }: Event): string {
  return `${capital(deviceName(agent ?? ''))}${address === null ? '' : ` at ${address}`}`;
}

function also({ detail }: Event): string {
  const parts = [
    detail.again === true ? 'again, because the earlier answer may not have arrived' : '',
    detail.activated === true ? 'which activated it' : '',
    detail.new_password === true ? `with a new password${followedBy(detail.following)}` : '',
  ].filter((part) => part !== '');
  return parts.map((part) => `, ${part}`).join('');
}

/** Events of earlier versions have no count of the devices. */
function followedBy(count: unknown): string {
  if (typeof count !== 'number' || count === 0) return '';
  return count === 1
    ? ', which another device fetches by its key'
    : `, which ${count} other devices fetch by their keys`;
}

const reasons: Readonly<Record<string, string>> = { ...refusalWords, ...visitorWords };

function reasonOf(reason: unknown): string {
  return (typeof reason === 'string' && Object.hasOwn(reasons, reason) ? reasons[reason] : undefined) ?? text(reason);
}

/**
 * Returns the part of the sentence about why a code did not work. A visitor who got the page of a valid code needs
 * none.
 */
function notValid(reason: unknown, words: string): string {
  if (reason === undefined || (typeof reason === 'string' && Object.hasOwn(visitorWords, reason))) return '';
  return `, but ${words}: ${reasonOf(reason)}`;
}

/** Events of earlier versions have no reason. */
function because(reason: unknown): string {
  return reason === undefined ? '' : `, because ${reasonOf(reason)}`;
}

function keyOf({ detail }: Event): string {
  if (typeof detail.name === 'string') return `The API key ${quoted(detail.name)}`;
  return typeof detail.key === 'number' ? `API key ${detail.key}` : 'An API key';
}

function until(expiresAt: unknown, showTime: ShowTime): string {
  return typeof expiresAt === 'number' ? `until ${showTime(expiresAt)}` : 'forever';
}

function text(value: unknown): string {
  return value === undefined || value === null ? 'something' : String(value);
}

export function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Returns the whole name in quotation marks. */
export function quoted(name: string): string {
  return `"${withoutInvisible(name)}"`;
}
