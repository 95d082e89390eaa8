import type { Db } from '../storage/tables.ts';
import { type ApiKey, recordKeyUse } from './api-key-store.ts';

/** A stored last use may lag by this much: far less than the limit it is for. */
const lagMs = 60_000;

/** When keys were last used, written down in batches: signing in must not cost a write each time. */
export class KeyUses {
  readonly #db: Db;
  #waiting = new Map<number, number>();

  constructor(db: Db) {
    this.#db = db;
  }

  record(key: ApiKey, now: number): void {
    if (now - key.lastUsedAt >= lagMs) this.#waiting.set(key.id, now);
  }

  lastUse(key: ApiKey): number {
    return this.#waiting.get(key.id) ?? key.lastUsedAt;
  }

  async flush(): Promise<void> {
    if (this.#waiting.size === 0) return;
    const uses = this.#waiting;
    this.#waiting = new Map();
    await recordKeyUse(this.#db, [...uses.keys()], Math.max(...uses.values()));
  }
}
