import { setTimeout as delay } from 'node:timers/promises';
import { BatchWriter } from '../lib/batch-writer.ts';
import { type Database, inTransaction } from '../storage/database.ts';
import type { AccountEvent, NewEvent } from './event.ts';
import { deleteEventsBefore, recordEvent } from './event-store.ts';
import { type MergedEvent, recordMerged } from './merged-event-store.ts';

interface Recent {
  /** When the last of these events was passed on to be written. */
  readonly since: number;
  readonly mergedBy: string;
  /** How many came after it, the time of the first of these, and the last. */
  count: number;
  firstAt: number;
  last: AccountEvent;
}

/** The count of an event that goes on and on may lag by this much. */
const lagMs = 60_000;
const maxRemembered = 5_000;
const prunedAtOnce = 500;
const pauseMs = 50;

export interface EventLogOptions {
  readonly onError: (error: unknown, lost: number) => void;
  /** Told how many events were dropped because too many came at once. */
  readonly onDropped: (count: number) => void;
}

/**
 * Events that phones and visitors cause and that change nothing themselves. Answering comes first, so they are written
 * later, and a flood of them must cost little: those that are alike share a row that counts them.
 */
export class EventLog {
  readonly #database: Database;
  readonly #events: BatchWriter<NewEvent | MergedEvent, string | NewEvent>;
  /** By key, the oldest first. */
  readonly #recent = new Map<string, Recent>();
  #closed = false;

  constructor(database: Database, { onError, onDropped }: EventLogOptions) {
    this.#database = database;
    this.#events = new BatchWriter<NewEvent | MergedEvent, string | NewEvent>({
      key: (event) => (isMerged(event) ? keyOf(event, event.mergedBy) : event),
      merge: (older, newer) => (isMerged(older) && isMerged(newer) ? together(older, newer) : newer),
      write: (events) => write(database, events),
      onFailure: 'keep',
      everyMs: 250,
      maxBatch: 50,
      maxWaiting: 2_000,
      onError,
      onDropped,
    });
  }

  /** Records an event that may be repeated endlessly. */
  record(event: AccountEvent): void {
    this.settle(event.at);
    const mergedBy = likenessOf(event);
    const key = keyOf(event, mergedBy);
    const recent = this.#recent.get(key);
    if (recent === undefined) {
      const { at } = event;
      if (this.#recent.size < maxRemembered) {
        this.#recent.set(key, { since: at, mergedBy, count: 0, firstAt: at, last: event });
      }
      this.#events.add({ ...event, mergedBy, lastAt: at, count: 1 });
      return;
    }
    if (recent.count === 0) recent.firstAt = event.at;
    recent.count += 1;
    recent.last = event;
  }

  /** Records an event that happens once. It has a row of its own, and is never dropped. */
  keep(event: NewEvent): void {
    this.#events.addUnbounded(event);
  }

  /** Writes all that was recorded so far. Returns false if that failed; it is tried again. */
  flush(): Promise<boolean> {
    for (const recent of this.#recent.values()) this.#passOn(recent);
    return this.#events.flush();
  }

  /** Passes on the counts that have waited long enough. `now` is in epoch milliseconds. */
  settle(now: number): void {
    for (const [key, recent] of this.#recent) {
      // After the clock was set back, what is remembered would be from the future.
      if (now >= recent.since && now - recent.since < lagMs) break;
      this.#recent.delete(key);
      this.#passOn(recent);
    }
  }

  /** Deletes older events, in small steps with pauses between them. */
  async prune(before: number): Promise<void> {
    while (!this.#closed && (await deleteEventsBefore(this.#database, before, prunedAtOnce)) === prunedAtOnce) {
      await delay(pauseMs);
    }
  }

  async close(patience: AbortSignal): Promise<void> {
    this.#closed = true;
    this.settle(Number.POSITIVE_INFINITY);
    await this.#events.close(patience);
  }

  /** These are at most as many as are remembered, so that nothing else limits them. */
  #passOn(recent: Recent): void {
    const { mergedBy, count, firstAt, last } = recent;
    if (count > 0) this.#events.addUnbounded({ ...last, mergedBy, at: firstAt, lastAt: last.at, count });
    recent.count = 0;
  }
}

function isMerged(event: NewEvent | MergedEvent): event is MergedEvent {
  return 'mergedBy' in event;
}

/** Without the address and the User-Agent: a flood can have a new one in each request. */
function likenessOf({ tokenId, detail = {} }: AccountEvent): string {
  const { device, reason, visitor } = detail;
  return `${tokenId ?? ''} ${device ?? ''} ${reason ?? ''} ${visitor ?? ''}`;
}

function keyOf({ kind, accountId }: AccountEvent, mergedBy: string): string {
  return `${accountId} ${kind} ${mergedBy}`;
}

function together(older: MergedEvent, newer: MergedEvent): MergedEvent {
  return { ...newer, at: older.at, count: older.count + newer.count };
}

function write(database: Database, events: readonly (NewEvent | MergedEvent)[]): Promise<void> {
  return inTransaction(database, async (tx) => {
    for (const event of events) await (isMerged(event) ? recordMerged(tx, event) : recordEvent(tx, event));
  });
}
