import { setTimeout as delay } from 'node:timers/promises';
import type { Db } from '../storage/tables.ts';
import type { Event } from './event.ts';
import { type EventFilter, listEvents } from './event-store.ts';
import { asHappened } from './list-events.ts';

const pollIntervalMs = 500;
/**
 * Each query reads this many earlier events again, because nodes may commit events in a different order than that of
 * their ids.
 */
const overlap = 200;
const maxAtOnce = 1_000;

/**
 * Yields the events that `first` returns, then new events in the order in which they happened, until the signal is
 * aborted.
 */
export async function* followEvents(
  { database }: { readonly database: Db },
  filter: EventFilter,
  first: () => Promise<readonly Event[]>,
  signal: AbortSignal,
): AsyncGenerator<readonly Event[]> {
  const seen = new Set((await listEvents(database, filter, overlap, true)).map(({ id }) => id));
  // After the query above, so that no event falls between the two.
  const listed = await first();
  for (const { id } of listed) seen.add(id);
  yield listed;
  let newest = [...seen].reduce((highest, id) => Math.max(highest, id), 0);
  let isBehind = false;
  while (isBehind ? !signal.aborted : await pause(signal)) {
    const found = await listEvents(database, { ...filter, after: newest - overlap }, maxAtOnce);
    isBehind = found.length === maxAtOnce;
    const fresh = found.filter(({ id }) => !seen.has(id));
    for (const { id } of fresh) seen.add(id);
    newest = Math.max(newest, found.at(-1)?.id ?? 0);
    for (const id of seen) if (id < newest - 2 * overlap) seen.delete(id);
    if (fresh.length > 0) yield asHappened(fresh);
  }
}

/** Waits until the next query is due. Returns false if the signal is aborted. */
async function pause(signal: AbortSignal): Promise<boolean> {
  try {
    await delay(pollIntervalMs, undefined, { signal });
    return true;
  } catch {
    return false;
  }
}
