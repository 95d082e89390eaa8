import { BatchWriter } from '../lib/batch-writer.ts';
import type { Database } from '../storage/database.ts';
import { type ApiKey, type KeyUse, recordKeyUses } from './api-key-store.ts';

/** A stored last use may lag by this much: far less than the limit it is for. */
const lagMs = 60_000;

/**
 * When keys were last used: signing in must not cost a write each time. Nothing is dropped, as a use that is lost may end a
 * key that is in use; there is at most one for each key.
 */
export class KeyUses {
  readonly #uses: BatchWriter<KeyUse, number>;

  constructor(database: Database, onError: (error: unknown, lost: number) => void) {
    this.#uses = new BatchWriter({
      key: ({ id }) => id,
      write: (uses) => database.transaction().execute((tx) => recordKeyUses(tx, uses)),
      onFailure: 'keep',
      everyMs: 5_000,
      maxBatch: 100,
      onError,
    });
  }

  record(key: ApiKey, now: number): void {
    if (now - key.lastUsedAt >= lagMs) this.#uses.add({ id: key.id, at: now });
  }

  lastUse(key: ApiKey): number {
    return this.#uses.find(key.id)?.at ?? key.lastUsedAt;
  }

  /** Returns whether all uses are written down. */
  flush(): Promise<boolean> {
    return this.#uses.flush();
  }

  close(patience: AbortSignal): Promise<void> {
    return this.#uses.close(patience);
  }
}
