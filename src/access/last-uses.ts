import { BatchWriter } from '../lib/batch-writer.ts';
import { type Database, inTransaction } from '../storage/database.ts';
import { recordUses, type Use } from './last-use-store.ts';

/** A stored last use may lag by this much: far less than the limit it is for. */
const lagMs = 60_000;

/** A key or a session. */
interface Used {
  readonly id: number;
  readonly createdAt: number;
  readonly lastUsedAt: number;
}

/** Whether it has never been used: until then, its idle time counts from its creation. */
export function isUnused({ createdAt, lastUsedAt }: Pick<Used, 'createdAt' | 'lastUsedAt'>): boolean {
  return lastUsedAt <= createdAt;
}

/**
 * When keys or sessions were last used. Uses are written in batches, because signing in must not cost a write each time.
 * Nothing is dropped, because a lost use could end a key that is in use; at most one use of each key waits.
 */
export class LastUses {
  readonly #uses: BatchWriter<Use, number>;

  constructor(database: Database, table: 'api_keys' | 'sessions', onError: (error: unknown, lost: number) => void) {
    this.#uses = new BatchWriter({
      key: ({ id }) => id,
      write: (uses) => inTransaction(database, (tx) => recordUses(tx, table, uses)),
      onFailure: 'keep',
      everyMs: 5_000,
      maxBatch: 100,
      onError,
    });
  }

  record(used: Used, now: number): void {
    if (now - used.lastUsedAt < lagMs && !isUnused(used)) return;
    // What is used in the millisecond of its creation counts as used too.
    this.#uses.add({ id: used.id, at: isUnused(used) ? Math.max(now, used.createdAt + 1) : now });
  }

  lastUse(used: Used): number {
    return this.#uses.find(used.id)?.at ?? used.lastUsedAt;
  }

  /** Returns whether all uses are written down. */
  flush(): Promise<boolean> {
    return this.#uses.flush();
  }

  /** Adds uses that an earlier process could not write down. */
  restore(uses: readonly Use[]): void {
    for (const use of uses) this.#uses.add(use);
  }

  /** Returns what could not be written down. */
  close(patience: AbortSignal): Promise<Use[]> {
    return this.#uses.close(patience);
  }
}
