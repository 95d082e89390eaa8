import { setTimeout as delay } from 'node:timers/promises';
import type { Db } from '../storage/tables.ts';
import type { Event } from './event.ts';
import { type EventFilter, listEvents } from './event-store.ts';
import { asHappened, type EventPage } from './list-events.ts';
import { lookAgain, startSettling } from './settled-events.ts';

const pollIntervalMs = 500;
const maxAtOnce = 1_000;

/**
 * Yields the events of the page that `first` returns, then the matching events after it in the order in which they
 * happened, until the signal is aborted. It yields each event as soon as it is visible, and reads the events that are
 * not settled again.
 */
export async function* followEvents(
  { database }: { readonly database: Db },
  filter: EventFilter,
  first: () => Promise<Pick<EventPage, 'events' | 'next'>>,
  signal: AbortSignal,
): AsyncGenerator<readonly Event[]> {
  const page = await first();
  yield page.events;
  let after = page.next;
  let settling = await startSettling(database, after);
  const seen = new Set<number>();
  while (await pause(signal)) {
    settling = await lookAgain(database, settling);
    // Events are read after this look at the transactions. If they were read first, a transaction that ends in between
    // would count as settled, and its events would never be yielded.
    for await (const found of pagesAfter(database, filter, after)) {
      const fresh = found.filter(({ id }) => !seen.has(id));
      for (const { id } of fresh) seen.add(id);
      if (fresh.length > 0) yield asHappened(fresh);
    }
    if (settling.open.length > 0) continue;
    after = settling.until;
    for (const id of seen) if (id <= after) seen.delete(id);
    settling = await startSettling(database, after);
  }
}

async function* pagesAfter(database: Db, filter: EventFilter, id: number): AsyncGenerator<readonly Event[]> {
  for (let after: number | undefined = id; after !== undefined; ) {
    const page: readonly Event[] = await listEvents(database, { ...filter, after }, maxAtOnce);
    yield page;
    after = page.length === maxAtOnce ? page.at(-1)?.id : undefined;
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
