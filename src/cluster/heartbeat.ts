import { AppError } from '../errors.ts';
import type { Database } from '../storage/database.ts';
import { registerNode } from './node-store.ts';

const freshMs = 1_000;
const patienceMs = 1_000;

/** Tells other processes that this one is running. Each beat also shows whether the database accepts changes. */
export class Heartbeat {
  readonly #database: Database;
  readonly #bootId: string;
  readonly #elapsed: () => number;
  #last: { readonly beat: Promise<void>; endedAt: number } | undefined;

  constructor(database: Database, bootId: string, elapsed: () => number) {
    this.#database = database;
    this.#bootId = bootId;
    this.#elapsed = elapsed;
  }

  /** Returns the beat that is running, or starts one. */
  beat(): Promise<void> {
    if (this.#last !== undefined && this.#last.endedAt === Number.POSITIVE_INFINITY) return this.#last.beat;
    const last = { beat: registerNode(this.#database, this.#bootId), endedAt: Number.POSITIVE_INFINITY };
    const ended = (): void => {
      last.endedAt = this.#elapsed();
    };
    last.beat.then(ended, ended);
    this.#last = last;
    return last.beat;
  }

  /** Throws unless the database accepts a change within a second. */
  async requireBeating(): Promise<void> {
    const isFresh = this.#last !== undefined && this.#elapsed() - this.#last.endedAt < freshMs;
    const beat = isFresh && this.#last !== undefined ? this.#last.beat : this.beat();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new AppError('database-unavailable', { why: 'too-slow' })), patienceMs);
    });
    try {
      await Promise.race([beat, late]);
    } finally {
      clearTimeout(timer);
    }
  }
}
