import type { Database } from '../storage/database.ts';
import { someTokenHash } from './token-list-store.ts';

const slots = 4096;
const lastRefused = slots;

/** For each database, tokens that were refused of late, each in the slot that its hash names; in one more the last of all. */
const refusedTokens = new WeakMap<Database, Map<number, string>>();

export function rememberRefused(database: Database, hash: string): void {
  refusedOf(database).set(slotOf(hash), hash).set(lastRefused, hash);
}

/**
 * A token that is looked up in place of one that is unknown, both as hashes. The same one each time: a token that is asked for
 * again and again is found faster than the first time. Undefined where no token was ever issued.
 */
export async function standInFor(database: Database, unknown: string): Promise<string | undefined> {
  const refused = refusedOf(database);
  return refused.get(slotOf(unknown)) ?? refused.get(lastRefused) ?? someTokenHash(database.db);
}

/** Where what stood in is not there any more. */
export function forgetStandIn(database: Database, unknown: string): void {
  const refused = refusedOf(database);
  refused.delete(slotOf(unknown));
  refused.delete(lastRefused);
}

/** The hash with its halves exchanged: SHA-256 gives it to no token, and its place in the index is as arbitrary as the other's. */
export function noTokensHash(hash: string): string {
  return hash.slice(32) + hash.slice(0, 32);
}

function refusedOf(database: Database): Map<number, string> {
  const known = refusedTokens.get(database);
  if (known !== undefined) return known;
  const fresh = new Map<number, string>();
  refusedTokens.set(database, fresh);
  return fresh;
}

function slotOf(hash: string): number {
  return Number.parseInt(hash.slice(0, 3), 16);
}
