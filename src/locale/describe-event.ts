import { type Actor, actorText } from '../events/actor.ts';
import type { Event } from '../events/event.ts';
import { capital, eventSentences, quoted, type ShowTime } from './event-sentences.ts';

/** Phones choose their names, so control characters and direction marks must be replaced. */
const unseen = /\p{C}/gu;

/** Returns an event as one English sentence, without its time and its account. */
export function sentenceOf(event: Event, showTime?: ShowTime): string {
  return `${wordsOf(event, showTime)}${timesOf(event, showTime)}.`.replace(unseen, '\uFFFD');
}

function timesOf({ kind, count, lastAt, detail: { repeated } }: Event, showTime: ShowTime = utcSecond): string {
  // Earlier versions counted repeats within a minute in an event of their own.
  if (typeof repeated === 'number') return ` (${repeated} more within a minute)`;
  if (count === 1 || kind === 'events-dropped') return '';
  return ` (${count} times until ${showTime(lastAt)})`;
}

function wordsOf(event: Event, showTime: ShowTime = utcMinute): string {
  const { kind, detail } = event;
  const by = event.actor === null ? '' : byWhom(event.actor);
  const from = event.address === null ? '' : ` from ${event.address}`;
  const code = detail.code === 'auth' ? 'auth token' : 'code';
  // A later version may have recorded other kinds.
  if (!Object.hasOwn(eventSentences, kind)) return `${capital(String(kind))}${by}${from}`;
  return eventSentences[kind]({ event, detail, by, from, code, showTime });
}

function byWhom(actor: Actor): string {
  if (actor.kind === 'command-line') return ' on the command line';
  if (actor.kind === 'api-key' && actor.name !== null) return ` by the API key ${quoted(actor.name)}`;
  return actor.kind === 'self' ? ' by its owner' : ` by ${actorText(actor)}`;
}

function utcMinute(instant: number): string {
  return `${new Date(instant).toISOString().slice(0, 16)}Z`;
}

function utcSecond(instant: number): string {
  return `${new Date(instant).toISOString().slice(0, 19)}Z`;
}
