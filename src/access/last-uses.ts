import { BatchWriter } from '../lib/batch-writer.ts';
import { type Database, inTransaction } from '../storage/database.ts';
import { recordUses, type Use } from './last-use-store.ts';

/** A stored last use may be this much too old, which is far less than the idle limits. */
const lagMs = 60_000;

/** A key or a session. */
interface Used {
  readonly id: number;
  readonly createdAt: number;
  readonly lastUsedAt: number;
}

/**
 * Returns whether the key or session has never been used. Until its first use, its idle time counts from its creation.
 */
export function isUnused({ createdAt, lastUsedAt }: Pick<Used, 'createdAt' | 'lastUsedAt'>): boolean {
  return lastUsedAt <= createdAt;
}

/**
 * When keys or sessions were last used. Uses are written in batches, so that not every sign-in costs a write. No use is
 * dropped, because a key in use could then end. The queue keeps only the latest use of each key.
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
    // A key that is used in the millisecond of its creation must count as used too.
    this.#uses.add({ id: used.id, at: isUnused(used) ? Math.max(now, used.createdAt + 1) : now });
  }

  lastUse(used: Used): number {
    return this.#uses.find(used.id)?.at ?? used.lastUsedAt;
  }

  /** Writes all pending uses. Returns whether that succeeded. */
  flush(): Promise<boolean> {
    return this.#uses.flush();
  }

  /** Adds the uses that an earlier process could not write. */
  restore(uses: readonly Use[]): void {
    for (const use of uses) this.#uses.add(use);
  }

  /** Writes all pending uses. Returns those that could not be written. */
  close(patience: AbortSignal): Promise<Use[]> {
    return this.#uses.close(patience);
  }
}
