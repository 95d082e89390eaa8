import { setTimeout as delay } from 'node:timers/promises';
import type { Db } from '../storage/tables.ts';
import type { Event } from './event.ts';
import { type EventFilter, listEvents } from './event-store.ts';
import { asHappened } from './list-events.ts';

const everyMs = 500;
/** Two nodes may commit in another order than they numbered: so many events are looked at again. */
const lookedAtAgain = 200;
const maxAtOnce = 1_000;

/** What `first` lists, then what is recorded from then on, in the order in which it happened, until the signal is aborted. */
export async function* followEvents(
  { database }: { readonly database: Db },
  filter: EventFilter,
  first: () => Promise<readonly Event[]>,
  signal: AbortSignal,
): AsyncGenerator<readonly Event[]> {
  const seen = new Set((await listEvents(database, filter, lookedAtAgain, true)).map(({ id }) => id));
  // Listed after the look at what there is: nothing falls between the two.
  const listed = await first();
  for (const { id } of listed) seen.add(id);
  yield listed;
  let newest = [...seen].reduce((highest, id) => Math.max(highest, id), 0);
  while (await pause(signal)) {
    const found = await listEvents(database, { ...filter, after: newest - lookedAtAgain }, maxAtOnce);
    const fresh = found.filter(({ id }) => !seen.has(id));
    for (const { id } of fresh) seen.add(id);
    newest = Math.max(newest, found.at(-1)?.id ?? 0);
    for (const id of seen) if (id < newest - 2 * lookedAtAgain) seen.delete(id);
    if (fresh.length > 0) yield asHappened(fresh);
  }
}

/** Whether to go on after it. */
async function pause(signal: AbortSignal): Promise<boolean> {
  try {
    await delay(everyMs, undefined, { signal });
    return true;
  } catch {
    return false;
  }
}
