import type { Complaint } from '../errors/complaints.ts';
import { invalidFields } from '../errors.ts';
import { closestName } from '../lib/closest-name.ts';
import { parseDuration } from '../lib/duration.ts';
import { parseInstant } from '../lib/parse-instant.ts';
import { type EventKind, eventKinds, isEventKind } from './event.ts';
import type { EventFilter } from './event-store.ts';

/** The filter as text, as the API's query and the options of commands have it. */
interface WishedEvents {
  /** A time, a duration before now, or the `next` of a page. */
  readonly since?: string;
  /** Kinds, separated by commas. */
  readonly kind?: string;
}

/** Parses the filter of a list of events. Throws `fields-invalid`. */
export function readEventFilter({ since, kind }: WishedEvents, now: number): EventFilter {
  return {
    ...(since === undefined ? {} : readSince(since, now)),
    ...(kind === undefined ? {} : { kinds: kind.split(',').map(readKind) }),
  };
}

function readSince(text: string, now: number): EventFilter {
  if (/^\d{1,15}$/.test(text)) return { after: Number(text) };
  const ago = parseDuration(text);
  const from = ago === undefined ? parseInstant(text) : now - ago;
  if (from === undefined) throw invalidFields({ since: [{ code: 'not-a-start', value: text }] });
  return { from };
}

function readKind(text: string): EventKind {
  if (isEventKind(text)) return text;
  const kinds = Object.keys(eventKinds);
  const closest = closestName(text, kinds);
  const complaint: Complaint = { code: 'unknown-event-kind', value: text, kinds, closest };
  throw invalidFields({ kind: [complaint] });
}
