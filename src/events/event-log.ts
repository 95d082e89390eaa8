import { setTimeout as delay } from 'node:timers/promises';
import type { Database } from '../storage/database.ts';
import type { NewEvent } from './event.ts';
import { deleteEventsBefore, eventStep } from './event-store.ts';

interface Repeated {
  /** Of the first of them. */
  readonly since: number;
  last: NewEvent;
  times: number;
}

const flushEveryMs = 250;
const stepsAtOnce = 50;
/** Between two flushes; what is over that is counted, not recorded: answering goes first. */
const mostWaiting = 1_000;
/** The same again within this time is counted, and told as one event at its end. */
const repeatsWithinMs = 60_000;
const mostRemembered = 5_000;
const prunedAtOnce = 500;
const pauseMs = 50;

export interface EventLogOptions {
  readonly onError: (error: unknown) => void;
  /** So many were too many at once. */
  readonly onLoss: (count: number) => void;
}

/** Events that change nothing themselves, written down in batches off the hot path. */
export class EventLog {
  readonly #database: Database;
  readonly #options: EventLogOptions;
  /** The oldest first. */
  readonly #recent = new Map<string, Repeated>();
  #waiting: NewEvent[] = [];
  #lost = 0;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(database: Database, options: EventLogOptions) {
    this.#database = database;
    this.#options = options;
  }

  record(event: NewEvent): void {
    if (this.#waiting.length >= mostWaiting) this.#lost += 1;
    else this.#waiting.push(event);
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      void this.flush();
    }, flushEveryMs).unref();
  }

  /** All at once, however many: for events that are bounded by something else. */
  async save(events: readonly NewEvent[]): Promise<void> {
    try {
      for (let start = 0; start < events.length; start += stepsAtOnce) {
        await this.#database.applyAll(events.slice(start, start + stepsAtOnce).map(eventStep));
      }
    } catch (error) {
      this.#options.onError(error);
    }
  }

  flush(): Promise<void> {
    const waiting = this.#waiting;
    const lost = this.#lost;
    this.#waiting = [];
    this.#lost = 0;
    if (lost > 0) this.#options.onLoss(lost);
    if (waiting.length > 0) this.#writing = this.#writing.then(() => this.#write(waiting));
    return this.#writing;
  }

  /** Writes down the repeats whose time is over; `now` in epoch milliseconds, Infinity for all. */
  settle(now: number): Promise<void> {
    this.#writing = this.#writing.then(() => this.save(this.#settled(now)));
    return this.#writing;
  }

  /** Forgets what is older, in small steps with pauses between them. */
  async prune(before: number): Promise<void> {
    while (!this.#closed && (await deleteEventsBefore(this.#database, before, prunedAtOnce)) === prunedAtOnce) {
      await delay(pauseMs);
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.flush();
    await this.settle(Number.POSITIVE_INFINITY);
  }

  async #write(waiting: readonly NewEvent[]): Promise<void> {
    const events: NewEvent[] = [];
    for (const event of waiting) {
      events.push(...this.#settled(event.at));
      if (!this.#isRepeat(event)) events.push(event);
    }
    await this.save(events);
  }

  /** In the order of their beginnings. */
  #settled(now: number): NewEvent[] {
    const over: NewEvent[] = [];
    for (const [key, { since, last, times }] of this.#recent) {
      if (now - since < repeatsWithinMs) break;
      this.#recent.delete(key);
      if (times > 0) over.push({ ...last, detail: { ...last.detail, repeated: times } });
    }
    return over;
  }

  #isRepeat(event: NewEvent): boolean {
    const { at, kind, accountId, tokenId, address, agent, detail } = event;
    const key = JSON.stringify([kind, accountId, tokenId, address, agent, detail]);
    const known = this.#recent.get(key);
    if (known !== undefined) {
      known.times += 1;
      known.last = event;
    } else if (this.#recent.size < mostRemembered) {
      this.#recent.set(key, { since: at, last: event, times: 0 });
    }
    return known !== undefined;
  }
}
