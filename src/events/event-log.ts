import { setTimeout as delay } from 'node:timers/promises';
import { BatchWriter } from '../lib/batch-writer.ts';
import type { Database } from '../storage/database.ts';
import type { NewEvent } from './event.ts';
import { deleteEventsBefore, eventStep } from './event-store.ts';

interface Repeated {
  /** Of the first of them. */
  readonly since: number;
  last: NewEvent;
  times: number;
}

/** Repeats of an event within this time are counted, and recorded as one event at its end. */
const repeatsWithinMs = 60_000;
const maxRemembered = 5_000;
const prunedAtOnce = 500;
const pauseMs = 50;

export interface EventLogOptions {
  readonly onError: (error: unknown, lost: number) => void;
  /** Told how many events were dropped because too many came at once. */
  readonly onDropped: (count: number) => void;
}

/**
 * Events that change nothing themselves. Visitors cause them, and answering them comes first: events over a limit are
 * counted, not recorded. All others are kept until they are written.
 */
export class EventLog {
  readonly #database: Database;
  readonly #events: BatchWriter<NewEvent, NewEvent>;
  /** The oldest first. */
  readonly #recent = new Map<string, Repeated>();
  #closed = false;

  constructor(database: Database, { onError, onDropped }: EventLogOptions) {
    this.#database = database;
    this.#events = new BatchWriter({
      key: (event) => event,
      write: (events) => database.applyAll(events.map(eventStep)),
      onFailure: 'keep',
      everyMs: 250,
      maxBatch: 50,
      maxWaiting: 1_000,
      onError,
      onDropped,
    });
  }

  record(event: NewEvent): void {
    this.settle(event.at);
    if (!this.#isRepeat(event)) this.#events.add(event);
  }

  flush(): Promise<boolean> {
    return this.#events.flush();
  }

  /** Records the repeats whose time is over, the oldest first. `now` is in epoch milliseconds; Infinity means all. */
  settle(now: number): void {
    for (const [key, { since, last, times }] of this.#recent) {
      if (now - since < repeatsWithinMs) break;
      this.#recent.delete(key);
      if (times > 0) this.#events.addUnbounded({ ...last, detail: { ...last.detail, repeated: times } });
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

  #isRepeat(event: NewEvent): boolean {
    const { at, kind, accountId, tokenId, address, agent, detail } = event;
    const key = JSON.stringify([kind, accountId, tokenId, address, agent, detail]);
    const known = this.#recent.get(key);
    if (known !== undefined) {
      known.times += 1;
      known.last = event;
    } else if (this.#recent.size < maxRemembered) {
      this.#recent.set(key, { since: at, last: event, times: 0 });
    }
    return known !== undefined;
  }
}
