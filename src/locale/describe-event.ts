import { type Actor, actorText } from '../events/actor.ts';
import type { Event } from '../events/event.ts';
import { deviceName } from '../sip/device-name.ts';
import { refusalWords } from './refusal-words.ts';

/** Phones choose their names, so characters that move a terminal's cursor or reverse text must be replaced. */
const unseen = /\p{C}/gu;

/** Returns an event as one English sentence, without its time and its account. */
export function sentenceOf(event: Event): string {
  return `${wordsOf(event)}${timesOf(event)}.`.replace(unseen, '\uFFFD');
}

function timesOf({ kind, count, lastAt, detail: { repeated } }: Event): string {
  // Earlier versions counted repeats within a minute in an event of their own.
  if (typeof repeated === 'number') return ` (${repeated} more within a minute)`;
  if (count === 1 || kind === 'events-dropped') return '';
  return ` (${count} times until ${new Date(lastAt).toISOString().slice(0, 19)}Z)`;
}

function wordsOf(event: Event): string {
  const { kind, detail } = event;
  const by = event.actor === null ? '' : byWhom(event.actor);
  const from = event.address === null ? '' : ` from ${event.address}`;
  const code = detail.code === 'auth' ? 'auth token' : 'code';
  switch (kind) {
    case 'account-created':
      return `The account was created${by}`;
    case 'account-changed':
      return `The account was changed${by}: ${text(detail.fields)}`;
    case 'account-deleted':
      return `The account ${text(detail.username)} was deleted${by}`;
    case 'activated':
    case 'deactivated':
    case 'blocked':
    case 'unblocked':
      return `The account was ${kind}${by}`;
    case 'password-changed':
      return `The password was changed${by}`;
    case 'api-key-created':
      return `${keyOf(event)} was created${by}`;
    case 'api-key-revoked':
      return `${keyOf(event)} was revoked${by}`;
    case 'contact-added':
      return `The contact ${text(detail.contact)} was added${by}`;
    case 'contact-removed':
      return `The contact ${text(detail.contact)} was removed${by}`;
    case 'auth-token-attached':
      return `A second device was signed in${by}`;
    case 'space-created':
      return `The space ${text(detail.domain)} was created${by}`;
    case 'space-changed':
      return `The space ${text(detail.domain)} was changed${by}: ${text(detail.fields)}`;
    case 'space-deleted':
      return `The space ${text(detail.domain)} was deleted${by}`;
    case 'token-issued':
      return `A code was issued${by}, valid ${until(detail.expires_at)}`;
    case 'token-extended':
      return `The code was extended${by}; it is now valid ${until(detail.expires_at)}`;
    case 'token-revoked':
      return `${detail.codes === 'all' ? 'All codes were' : 'The code was'} revoked${by}`;
    case 'page-opened':
      return `The page of the ${code} was opened in a browser${from}${not(detail.reason, `the ${code} no longer works`)}`;
    case 'code-shown':
      return `The QR code was shown${from}`;
    case 'turned-away':
      return `${capital(text(detail.name))} opened the link${from}; the ${code} was not used up`;
    case 'refused':
      return `${phone(event)} asked for the account and did not get it: ${reasonOf(detail.reason)}`;
    case 'fetched':
      return `${phone(event)} fetched the account${also(event)}`;
    case 'delivered':
      return 'The answer was delivered completely';
    case 'answer-lost':
      return 'The answer was lost on its way; the phone can ask again for five minutes';
    case 'refetched':
      return `${phone(event)} fetched its configuration again`;
    case 'device-revoked':
      return `The device ${text(detail.name)} was revoked${by}`;
    case 'device-ended':
      return `${phone(event)} learned that it is revoked, and was told to forget the account`;
    case 'ending-repeated':
      return `${phone(event)} asked again although it is revoked, and was told again to forget the account`;
    case 'device-refused':
      return `${phone(event)} asked for its document and did not get it: ${reasonOf(detail.reason)}`;
    case 'events-dropped':
      return `${event.count === 1 ? 'One older event' : `${event.count} older events`} of the kind ${text(detail.of)} made room for newer ones`;
    default:
      // Recorded by a later version.
      return `${capital(String(kind))}${by}${from}`;
  }
}

function byWhom(actor: Actor): string {
  if (actor.kind === 'command-line') return ' on the command line';
  return actor.kind === 'self' ? ' by its owner' : ` by ${actorText(actor)}`;
}

function phone({ agent, address }: Event): string {
  return `${capital(deviceName(agent ?? ''))}${address === null ? '' : ` at ${address}`}`;
}

function also({ detail }: Event): string {
  const parts = [
    detail.again === true ? 'again, because the earlier answer may not have arrived' : '',
    detail.activated === true ? 'which activated it' : '',
    detail.new_password === true ? 'with a new password' : '',
  ].filter((part) => part !== '');
  return parts.map((part) => `, ${part}`).join('');
}

const reasons: Readonly<Record<string, string>> = refusalWords;

function reasonOf(reason: unknown): string {
  return (typeof reason === 'string' && Object.hasOwn(reasons, reason) ? reasons[reason] : undefined) ?? text(reason);
}

function not(reason: unknown, words: string): string {
  return reason === undefined ? '' : `, but ${words}: ${reasonOf(reason)}`;
}

function keyOf({ detail }: Event): string {
  if (typeof detail.name === 'string') return `The API key ${detail.name}`;
  return typeof detail.key === 'number' ? `API key ${detail.key}` : 'An API key';
}

function until(expiresAt: unknown): string {
  return typeof expiresAt === 'number' ? `until ${new Date(expiresAt).toISOString().slice(0, 16)}Z` : 'forever';
}

function text(value: unknown): string {
  return value === undefined || value === null ? 'something' : String(value);
}

function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
