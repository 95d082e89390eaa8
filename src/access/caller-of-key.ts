import { sameClientNetwork } from '../lib/client-address.ts';
import { hashSecret } from '../lib/random-token.ts';
import type { SpaceDirectory } from '../spaces/space-directory.ts';
import type { Database } from '../storage/database.ts';
import { type ApiKey, deleteEndedKeys, findApiKey } from './api-key-store.ts';
import type { Caller } from './caller.ts';
import type { LastUses } from './last-uses.ts';

/** A user's key ends after this time without a request. */
const idleLimitMs = 60 * 60_000;

export interface KeyContext {
  readonly database: Database;
  readonly spaces: SpaceDirectory;
  readonly keyUses: LastUses;
  now(): number;
}

/**
 * Returns the caller that a key belongs to, or undefined if the key is unknown, has ended or must not be used from this
 * address.
 */
export async function callerOfKey(
  context: KeyContext,
  secret: string,
  address: string,
  by: 'api-key' | 'cookie',
): Promise<Caller | undefined> {
  const found = await findApiKey(context.database, hashSecret(secret));
  if (found === undefined) return undefined;
  const { key, account } = found;
  const now = context.now();
  if (hasEnded(key, context.keyUses.lastUse(key), now)) return undefined;
  if (key.boundAddress !== null && !sameClientNetwork(key.boundAddress, address)) return undefined;
  const space = await context.spaces.findByRow(account);
  if (space === undefined) return undefined;
  context.keyUses.record(key, now);
  return { account, space, rights: key.rights, by, key };
}

/**
 * Deletes keys that have ended. Does nothing if pending uses cannot be written to the database, because they may keep a
 * key valid.
 */
export async function deleteEndedApiKeys({ database, keyUses, now }: Omit<KeyContext, 'spaces'>): Promise<void> {
  if (!(await keyUses.flush())) return;
  await deleteEndedKeys(database, now(), now() - idleLimitMs);
}

function hasEnded(key: ApiKey, lastUsedAt: number, now: number): boolean {
  if (key.expiresAt !== null && key.expiresAt <= now) return true;
  return key.rights === 'user' && lastUsedAt + idleLimitMs <= now;
}
