import { AppError } from '../errors.ts';
import type { Database } from '../storage/database.ts';
import { listOpenAuthTokens, type OpenAuthToken } from './auth-token-store.ts';

const maxOfNetwork = 100;
const maxOpen = 10_000;
/** The tokens that other nodes issued are noticed this late. */
const refreshMs = 5_000;

/**
 * Which auth tokens are open, by the network that asked for them: an IPv4 address or an IPv6 /64. It is kept in memory,
 * so that strangers who ask for too many cost neither a query nor a lock.
 */
export class OpenAuthTokens {
  readonly #database: Database;
  /** By network and hash, the oldest first. */
  #open = new Map<string, Map<string, OpenAuthToken>>();
  #total = 0;
  /** Of this process, and perhaps not in the database when it was last read. */
  #unread = new Map<string, OpenAuthToken>();
  readonly #unstored = new Set<string>();
  #refreshedAt = Number.NEGATIVE_INFINITY;
  #refreshing: Promise<void> | undefined;

  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * Counts a token that is about to be stored. Returns the hash of the one that gives way to it, if all are taken: the
   * oldest of the network that has most. Throws if its own network has too many.
   */
  async admit(token: OpenAuthToken, now: number): Promise<string | undefined> {
    if (performance.now() - this.#refreshedAt > refreshMs) await this.#refresh(now);
    this.#forgetExpired(token.network, now);
    const [oldest] = this.#ofNetwork(token.network);
    if (oldest !== undefined && this.#ofNetwork(token.network).length >= maxOfNetwork) {
      throw new AppError('too-many-open', { retryAfterSeconds: Math.ceil((oldest.expiresAt - now) / 1000) });
    }
    if (this.#total >= maxOpen) for (const network of this.#open.keys()) this.#forgetExpired(network, now);
    const displaced = this.#total >= maxOpen ? this.#oldestOfFullest() : undefined;
    if (displaced !== undefined) this.forget(displaced);
    this.#add(token);
    this.#unread.set(token.hash, token);
    this.#unstored.add(token.hash);
    return displaced?.hash;
  }

  /** The token is in the database now. */
  stored({ hash }: OpenAuthToken): void {
    this.#unstored.delete(hash);
  }

  /** The token is not open any more, or could not be stored. */
  forget({ hash, network }: Pick<OpenAuthToken, 'hash' | 'network'>): void {
    this.#unread.delete(hash);
    this.#unstored.delete(hash);
    const own = this.#open.get(network);
    if (own?.delete(hash) !== true) return;
    this.#total -= 1;
    if (own.size === 0) this.#open.delete(network);
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
    this.#open = new Map();
    this.#total = 0;
    for (const token of [...found, ...this.#unread.values()]) this.#add(token);
    this.#refreshedAt = performance.now();
  }

  #add(token: OpenAuthToken): void {
    const own = this.#open.get(token.network) ?? new Map<string, OpenAuthToken>();
    if (!own.has(token.hash)) this.#total += 1;
    this.#open.set(token.network, own.set(token.hash, token));
  }

  #ofNetwork(network: string): readonly OpenAuthToken[] {
    return [...(this.#open.get(network)?.values() ?? [])];
  }

  #forgetExpired(network: string, now: number): void {
    for (const token of this.#ofNetwork(network)) {
      if (token.expiresAt > now) return;
      this.forget(token);
    }
  }

  #oldestOfFullest(): OpenAuthToken | undefined {
    let fullest = new Map<string, OpenAuthToken>();
    for (const own of this.#open.values()) if (own.size > fullest.size) fullest = own;
    return fullest.values().next().value;
  }
}
