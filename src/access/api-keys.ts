import { type Static, Type } from 'typebox';
import type { Account } from '../accounts/account.ts';
import { invalidFields } from '../errors.ts';
import { nullable } from '../lib/check-shape.ts';
import { sameClientNetwork } from '../lib/client-address.ts';
import { parseDuration } from '../lib/duration.ts';
import { hashSecret } from '../lib/hash.ts';
import { randomToken } from '../lib/random-token.ts';
import { checkValue } from '../lpconfig/rules.ts';
import type { SpaceDirectory } from '../spaces/space-directory.ts';
import type { Database } from '../storage/database.ts';
import type { Db } from '../storage/tables.ts';
import { type ApiKey, deleteEndedKeys, findApiKey, insertApiKey } from './api-key-store.ts';
import type { Caller } from './caller.ts';
import type { KeyUses } from './key-uses.ts';

/** How long a key that a user fetched lives without being used. */
const idleLimitMs = 60 * 60_000;

export interface KeyContext {
  readonly database: Database;
  readonly spaces: SpaceDirectory;
  readonly keyUses: KeyUses;
  now(): number;
}

/** A key at the only moment when its secret is known. */
export interface IssuedKey {
  readonly id: number;
  readonly key: string;
}

/** What makes a named key; the same for the API and the commands. */
export const newKeyShape = Type.Object(
  {
    name: Type.Optional(nullable(Type.String({ maxLength: 120 }))),
    expires: Type.Optional(
      Type.String({ maxLength: 20, description: 'A duration such as `30d`, or `never` (default).' }),
    ),
  },
  { additionalProperties: false },
);
export type NewKey = Static<typeof newKeyShape>;

/** A key for the account's own user: a user's rights, and it ends when idle. */
export async function issueUserKey(
  db: Db,
  account: Account,
  boundAddress: string | null,
  now: number,
): Promise<IssuedKey> {
  const limits = { name: null, rights: 'user', boundAddress, expiresAt: null } as const;
  return issue(db, account, limits, now);
}

/** A named key with all of the account's rights, until it is revoked or `expiresAt` comes. */
export async function issueNamedKey(
  db: Db,
  account: Account,
  options: { readonly name: string | null; readonly expiresAt: number | null },
  now: number,
): Promise<IssuedKey> {
  const complaint = options.name === null ? undefined : checkValue(options.name);
  if (complaint !== undefined) throw invalidFields({ name: [complaint] });
  return issue(db, account, { ...options, rights: 'account', boundAddress: null }, now);
}

/** When a key ends that is to live for `text`, a duration or `never` (also without one). */
export function keyExpiry(text: string | undefined, now: number): number | null {
  if (text === undefined || text === 'never') return null;
  const lifetime = parseDuration(text);
  if (lifetime === undefined || lifetime === 0) {
    throw invalidFields({ expires: ['must be a duration such as 30d, or never'] });
  }
  return now + lifetime;
}

async function issue(
  db: Db,
  account: Account,
  limits: Pick<ApiKey, 'name' | 'rights' | 'boundAddress' | 'expiresAt'>,
  now: number,
): Promise<IssuedKey> {
  const key = randomToken();
  const id = await insertApiKey(db, { ...limits, accountId: account.id, createdAt: now, hash: hashSecret(key) });
  return { id, key };
}

/** Whose key that is; undefined for one that is unknown, has ended, or comes from where it may not. */
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
  const space = context.spaces.findById(account.spaceId);
  if (space === undefined) return undefined;
  context.keyUses.record(key, now);
  return { account, space, rights: key.rights, by, key };
}

/** Forgets keys that have ended, by uses that are not written down yet too. */
export async function forgetEndedKeys({ database, keyUses, now }: Omit<KeyContext, 'spaces'>): Promise<void> {
  await keyUses.flush();
  await deleteEndedKeys(database, now(), now() - idleLimitMs);
}

function hasEnded(key: ApiKey, lastUsedAt: number, now: number): boolean {
  if (key.expiresAt !== null && key.expiresAt <= now) return true;
  return key.rights === 'user' && lastUsedAt + idleLimitMs <= now;
}
