import { setTimeout as delay } from 'node:timers/promises';

export interface BatchWriterOptions<Item, Key> {
  /** Items with the same key are merged while they wait. `(item) => item` merges none. */
  readonly key: (item: Item) => Key;
  /** By default, the newer item replaces the older one. */
  readonly merge?: (older: Item, newer: Item) => Item;
  /** Writes the whole batch or throws. Called with one batch at a time, in the order in which the items were added. */
  readonly write: (batch: readonly Item[]) => Promise<unknown>;
  /** What happens if items cannot be written: *keep* tries again until they are written, *drop* discards them. */
  readonly onFailure: 'keep' | 'drop';
  /**
   * Returns a question if a batch may be stored although its write failed with this error. It is asked before anything
   * else is written. By default, a batch that failed counts as not stored.
   */
  readonly questionAbout?: (error: unknown) => IsStored | undefined;
  readonly everyMs: number;
  readonly maxBatch: number;
  /** How many items may wait or be in a write; by default unlimited. Further items are dropped. */
  readonly maxWaiting?: number;
  /**
   * Called after a failed write with the number of lost items. If items are kept, it is 0, and repeated failures with
   * the same message are reported once.
   */
  readonly onError: (error: unknown, lost: number) => void;
  /** Called after the next successful write with the number of items that were dropped at the limit. */
  readonly onDropped?: (count: number) => void;
}

/** Returns whether a batch is stored, or undefined if that is not known yet. */
export type IsStored = () => Promise<boolean | undefined>;

const retryMs = 500;

/** Collects items and writes them in batches, so that adding one never waits for a write. */
export class BatchWriter<Item, Key> {
  readonly #options: BatchWriterOptions<Item, Key>;
  #waiting = new Map<Key, Item>();
  #underWay = new Map<Key, Item>();
  /** A batch of which it is not known yet whether it is stored. */
  #unsettled: { readonly batch: readonly Item[]; readonly isStored: IsStored } | undefined;
  #batchSize: number;
  #dropped = 0;
  /** The error of the last failed write, until everything is written. */
  #failure: unknown;
  #timer: NodeJS.Timeout | undefined;
  #state: 'open' | 'closing' | 'closed' = 'open';
  #run: Promise<boolean> = Promise.resolve(true);
  #nextRun: Promise<boolean> | undefined;

  constructor(options: BatchWriterOptions<Item, Key>) {
    this.#options = options;
    this.#batchSize = options.maxBatch;
  }

  add(item: Item): void {
    const { key, maxWaiting = Number.POSITIVE_INFINITY } = this.#options;
    const waiting = this.#waiting.size + this.#underWay.size + (this.#unsettled?.batch.length ?? 0);
    if (waiting < maxWaiting || this.#waiting.has(key(item))) this.addUnbounded(item);
    else this.#dropped += 1;
  }

  /** Adds an item even above the limit. For items that something else limits. */
  addUnbounded(item: Item): void {
    this.#put(item);
    if (this.#underWay.size === 0) this.#schedule(this.#options.everyMs);
  }

  /** Returns the item with this key if it is not written yet. */
  find(key: Key): Item | undefined {
    const unsettled = this.#unsettled?.batch.find((item) => this.#options.key(item) === key);
    return this.#waiting.get(key) ?? this.#underWay.get(key) ?? unsettled;
  }

  /** Tries once to write everything added so far. Returns false if a write failed and items still wait. */
  flush(): Promise<boolean> {
    // One further run writes everything that waits, however many callers wait for it.
    if (this.#waiting.size > 0 || this.#unsettled !== undefined) {
      this.#nextRun ??= this.#run.then(() => this.#writeWaiting());
      this.#run = this.#nextRun;
    }
    return this.#run;
  }

  /** Writes the waiting items, and tries again until `patience` is aborted. Returns the items that are left. */
  async close(patience: AbortSignal): Promise<Item[]> {
    this.#state = 'closing';
    clearTimeout(this.#timer);
    const givenUp = new Promise<false>((resolve) => {
      patience.addEventListener('abort', () => resolve(false), { once: true });
    });
    while (!patience.aborted && !(await Promise.race([this.flush(), givenUp]))) {
      await Promise.race([delay(retryMs), givenUp]);
    }
    this.#state = 'closed';
    this.#reportDropped();
    const left = [...(this.#unsettled?.batch ?? []), ...this.#underWay.values(), ...this.#waiting.values()];
    if (left.length > 0 && this.#options.onFailure === 'drop') this.#options.onError(patience.reason, left.length);
    return left;
  }

  #put(item: Item): void {
    const { key: keyOf, merge } = this.#options;
    const key = keyOf(item);
    const older = merge === undefined ? undefined : this.#waiting.get(key);
    this.#waiting.set(key, merge === undefined || older === undefined ? item : merge(older, item));
  }

  #schedule(ms: number): void {
    if (this.#state !== 'open') return;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      void this.flush();
    }, ms).unref();
  }

  async #writeWaiting(): Promise<boolean> {
    const { key, write, everyMs, maxBatch } = this.#options;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#nextRun = undefined;
    if (!(await this.#settle())) return false;
    this.#underWay = this.#waiting;
    this.#waiting = new Map();
    const items = [...this.#underWay.values()];
    let batch: readonly Item[] = [];
    try {
      for (let start = 0; start < items.length && this.#state !== 'closed'; ) {
        batch = items.slice(start, start + this.#batchSize);
        await write(batch);
        for (const item of batch) this.#underWay.delete(key(item));
        start += batch.length;
        this.#batchSize = Math.min(this.#batchSize * 2, maxBatch);
      }
      this.#failure = undefined;
      this.#reportDropped();
    } catch (error) {
      this.#failed(error, batch);
    }
    if (this.#waiting.size > 0 || this.#unsettled !== undefined)
      this.#schedule(this.#failure === undefined ? everyMs : retryMs);
    return this.#failure === undefined;
  }

  #failed(error: unknown, batch: readonly Item[]): void {
    const { onFailure, onError, questionAbout } = this.#options;
    const left = [...this.#underWay.values()];
    if (this.#state === 'closed') return;
    this.#underWay = new Map();
    if (onFailure === 'drop') {
      onError(error, left.length);
    } else {
      if (this.#failure === undefined || textOf(error) !== textOf(this.#failure)) onError(error, 0);
      this.#failure = error;
      const isStored = questionAbout?.(error);
      this.#unsettled = isStored && { batch, isStored };
      if (isStored === undefined) this.#putBack(left);
      else this.#putInFront(left.slice(batch.length));
    }
  }

  /** Asks about the unsettled batch, and puts it back if it is not stored. Returns false if that is not known yet. */
  async #settle(): Promise<boolean> {
    if (this.#unsettled === undefined) return true;
    const { batch, isStored } = this.#unsettled;
    const answer = await isStored();
    if (answer === undefined) this.#schedule(retryMs);
    else this.#unsettled = undefined;
    if (answer === false) this.#putInFront(batch);
    return answer !== undefined;
  }

  /**
   * Puts a failed batch back to the front. Batches then get smaller, until an item that cannot be written is alone and
   * the others are written before it.
   */
  #putBack(left: readonly Item[]): void {
    const tried = Math.min(this.#batchSize, left.length);
    this.#batchSize = Math.max(1, Math.floor(tried / 2));
    this.#putInFront(tried === 1 ? [...left.slice(1), ...left.slice(0, 1)] : left);
  }

  #putInFront(items: readonly Item[]): void {
    const meanwhile = [...this.#waiting.values()];
    this.#waiting = new Map();
    for (const item of [...items, ...meanwhile]) this.#put(item);
  }

  #reportDropped(): void {
    if (this.#dropped > 0) this.#options.onDropped?.(this.#dropped);
    this.#dropped = 0;
  }
}

/** Returns the messages of an error and of its causes. */
function textOf(error: unknown): string {
  return error instanceof Error ? `${error.message}\n${textOf(error.cause)}` : String(error);
}
