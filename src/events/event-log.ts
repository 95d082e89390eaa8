import { BatchWriter } from '../lib/batch-writer.ts';
import { pageByPage } from '../lib/small-steps.ts';
import { questionAbout } from '../storage/confirm-commit.ts';
import { type Database, inTransaction } from '../storage/database.ts';
import type { Transaction } from '../storage/tables.ts';
import type { NewEvent, RepeatableEvent } from './event.ts';
import { deleteEventsBefore, recordEvent } from './event-store.ts';
import { keepAccounts } from './late-event-store.ts';
import { type MergedEvent, recordMerged } from './merged-event-store.ts';

export type RecordedEvent = NewEvent | MergedEvent;

interface Recent {
  /** When the last of these events was passed on for writing. */
  readonly since: number;
  readonly mergedBy: string;
  /** How many alike events came since then, when the first of them came, and the latest one. */
  count: number;
  firstAt: number;
  last: RepeatableEvent;
}

/** The stored count of an event that keeps happening may be this much too old. */
const lagMs = 60_000;
const maxRemembered = 5_000;

export interface EventLogOptions {
  readonly onError: (error: unknown, lost: number) => void;
  /** Called with the number of events that were dropped because too many came at once. */
  readonly onDropped: (count: number) => void;
  /** Writes what follows from the events, in the same transaction. */
  readonly alongside?: (tx: Transaction, events: readonly RecordedEvent[]) => Promise<void>;
}

/**
 * Events that phones and visitors cause and that change nothing themselves. They are written after the answer, and a
 * flood of them must cost little. So alike events share one row with a count.
 */
export class EventLog {
  readonly #database: Database;
  readonly #events: BatchWriter<RecordedEvent, string | NewEvent>;
  /** By their key, the oldest first. */
  readonly #recent = new Map<string, Recent>();

  constructor(database: Database, { onError, onDropped, alongside }: EventLogOptions) {
    this.#database = database;
    this.#events = new BatchWriter<RecordedEvent, string | NewEvent>({
      key: (event) => (isMerged(event) ? keyOf(event, event.mergedBy) : event),
      merge: (older, newer) => (isMerged(older) && isMerged(newer) ? together(older, newer) : newer),
      write: (events) => write(database, events, alongside),
      onFailure: 'keep',
      // Alike events add up, so a batch that was stored must not be written again.
      questionAbout,
      everyMs: 250,
      maxBatch: 50,
      maxWaiting: 2_000,
      onError,
      onDropped,
    });
  }

  /** Records an event, or adds it to the count of alike events. */
  record(event: RepeatableEvent): void {
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

  /** Records a single event in a row of its own, which is never dropped. */
  keep(event: NewEvent): void {
    this.#events.addUnbounded(event);
  }

  /** Writes everything recorded so far. Returns false if that failed; the next flush tries again. */
  flush(): Promise<boolean> {
    for (const recent of this.#recent.values()) this.#passOn(recent);
    return this.#events.flush();
  }

  /** Passes on the counts that have waited long enough. `now` is in epoch milliseconds. */
  settle(now: number): void {
    for (const [key, recent] of this.#recent) {
      // After the clock was set back, `since` is in the future.
      if (now >= recent.since && now - recent.since < lagMs) break;
      this.#recent.delete(key);
      this.#passOn(recent);
    }
  }

  /** Deletes events that are older than `keptMs`. */
  prune(now: number, keptMs: number, signal?: AbortSignal): Promise<void> {
    const before = now - keptMs;
    return pageByPage((after, limit) => deleteEventsBefore(this.#database, { before, now, after }, limit), signal);
  }

  /** Adds the events that an earlier process could not write. */
  restore(events: readonly RecordedEvent[]): void {
    for (const event of events) this.#events.addUnbounded(event);
  }

  /** Writes all pending events. Returns those that could not be written. */
  close(patience: AbortSignal): Promise<RecordedEvent[]> {
    this.settle(Number.POSITIVE_INFINITY);
    return this.#events.close(patience);
  }

  /** Needs no other limit, because there are never more of these than remembered events. */
  #passOn(recent: Recent): void {
    const { mergedBy, count, firstAt, last } = recent;
    if (count > 0) this.#events.addUnbounded({ ...last, mergedBy, at: firstAt, lastAt: last.at, count });
    recent.count = 0;
  }
}

function isMerged(event: RecordedEvent): event is MergedEvent {
  return 'mergedBy' in event;
}

/**
 * Returns the key that alike events share. It leaves out the address and the User-Agent, because a flood can have a new
 * one in each request.
 */
function likenessOf({ tokenId, detail = {} }: RepeatableEvent): string {
  const { device, reason, visitor } = detail;
  return `${tokenId ?? ''} ${device ?? ''} ${reason ?? ''} ${visitor ?? ''}`;
}

function keyOf({ kind, accountId }: MergedEvent | RepeatableEvent, mergedBy: string): string {
  return `${accountId} ${kind} ${mergedBy}`;
}

function together(older: MergedEvent, newer: MergedEvent): MergedEvent {
  return { ...newer, at: older.at, count: older.count + newer.count };
}

function write(
  database: Database,
  events: readonly RecordedEvent[],
  alongside: EventLogOptions['alongside'],
): Promise<void> {
  const ids = [...new Set(events.map(({ accountId }) => accountId))].filter((id) => id !== null);
  return inTransaction(database, async (tx) => {
    const accounts = await keepAccounts(tx, ids);
    const known = events.filter(({ accountId }) => accountId === null || accounts.has(accountId));
    for (const event of known) await (isMerged(event) ? recordMerged(tx, event) : recordEvent(tx, event));
    await alongside?.(tx, known);
  });
}
