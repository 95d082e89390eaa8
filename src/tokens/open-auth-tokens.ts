import { AppError } from '../errors.ts';
import { GroupedQueue } from '../lib/grouped-queue.ts';
import type { Database } from '../storage/database.ts';
import { listOpenAuthTokens, type OpenAuthToken } from './auth-token-store.ts';

const maxOfNetwork = 100;
const maxOpen = 10_000;
/** A node notices tokens that other nodes issued this late at most. */
const refreshMs = 5_000;

/**
 * The open auth tokens, by the network that requested them: an IPv4 address or an IPv6 /64. They are kept in memory, so
 * that refusing a stranger costs neither a query nor a lock, however many tokens are open.
 */
export class OpenAuthTokens {
  readonly #database: Database;
  readonly #elapsed: () => number;
  #open = new GroupedQueue<OpenAuthToken>();
  /** Tokens of this process that may not have been in the database when it was last read. */
  #unread = new Map<string, OpenAuthToken>();
  readonly #unstored = new Set<string>();
  #refreshedAt = Number.NEGATIVE_INFINITY;
  #refreshing: Promise<void> | undefined;

  constructor(database: Database, elapsed: () => number) {
    this.#database = database;
    this.#elapsed = elapsed;
  }

  /**
   * Counts a token that is about to be stored. If the limit is reached, returns the hash of the token that it
   * displaces: the oldest of the network that has most. Throws if the token's own network has too many.
   */
  async admit(token: OpenAuthToken, now: number): Promise<string | undefined> {
    if (this.#elapsed() - this.#refreshedAt > refreshMs) await this.#refresh(now);
    this.#forgetExpired(now);
    const oldest = this.#open.oldestOf(token.network);
    if (oldest !== undefined && this.#open.sizeOf(token.network) >= maxOfNetwork) {
      throw new AppError('too-many-open', { retryAfterSeconds: Math.ceil((oldest.expiresAt - now) / 1000) });
    }
    const displaced = this.#open.size >= maxOpen ? this.#open.oldestOfLargest() : undefined;
    if (displaced !== undefined) this.forget(displaced);
    this.#open.add(token.network, token.hash, token);
    this.#unread.set(token.hash, token);
    this.#unstored.add(token.hash);
    return displaced?.hash;
  }

  /** Call this once the token is in the database. */
  stored({ hash }: OpenAuthToken): void {
    this.#unstored.delete(hash);
  }

  /** Call this if the token is no longer open or could not be stored. */
  forget({ hash }: Pick<OpenAuthToken, 'hash'>): void {
    this.#unread.delete(hash);
    this.#unstored.delete(hash);
    this.#open.delete(hash);
  }

  #refresh(now: number): Promise<void> {
    this.#refreshing ??= this.#read(now).finally(() => {
      this.#refreshing = undefined;
    });
    return this.#refreshing;
  }

  async #read(now: number): Promise<void> {
    this.#unread = new Map([...this.#unread].filter(([hash]) => this.#unstored.has(hash)));
    const found = await listOpenAuthTokens(this.#database, now);
    this.#open = new GroupedQueue();
    for (const token of [...found, ...this.#unread.values()]) {
      this.#open.add(token.network, token.hash, token);
    }
    this.#refreshedAt = this.#elapsed();
  }

  /** Removes expired tokens. All have the same lifetime, so the oldest expire first. */
  #forgetExpired(now: number): void {
    for (;;) {
      const oldest = this.#open.oldest();
      if (oldest === undefined || oldest.expiresAt > now) return;
      this.forget(oldest);
    }
  }
}
