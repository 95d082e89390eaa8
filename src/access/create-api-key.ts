import { type Static, Type } from 'typebox';
import type { Account } from '../accounts/account.ts';
import { lockAccount } from '../accounts/account-store.ts';
import { aboutValue } from '../errors/complaints.ts';
import { invalidFields } from '../errors.ts';
import type { Actor, By } from '../events/actor.ts';
import { type ChangeContext, change } from '../events/change.ts';
import { recordEvent } from '../events/event-store.ts';
import { nullable } from '../lib/check-shape.ts';
import { plainAddress } from '../lib/client-address.ts';
import { parseDuration } from '../lib/duration.ts';
import { checkCharacters } from '../lib/forbidden-characters.ts';
import { hashSecret, randomToken } from '../lib/random-token.ts';
import type { Transaction } from '../storage/tables.ts';
import { type ApiKey, insertApiKey } from './api-key-store.ts';
import { actorOf, type Caller } from './caller.ts';
import { holdManager } from './lock-caller.ts';
import { requireConfirmed } from './password-question.ts';

/** A new key and its secret, which is not stored. */
export interface IssuedKey {
  readonly key: ApiKey;
  readonly secret: string;
}

/** The fields of a new key, for both the API and the commands. */
export const newKeyShape = Type.Object(
  {
    name: Type.Optional(nullable(Type.String({ maxLength: 120 }))),
    expires: Type.Optional(
      Type.String({ maxLength: 20, description: 'A duration such as `30d`; by default `never`.' }),
    ),
    bound_address: Type.Optional(
      nullable(
        Type.String({
          maxLength: 45,
          description: 'The only IP address from which the key is valid; for IPv6, its /64. By default any.',
        }),
      ),
    ),
  },
  { additionalProperties: false, title: 'ApiKeyWish' },
);
export type NewKey = Static<typeof newKeyShape>;

type KeyLimits = Pick<ApiKey, 'name' | 'expiresAt'> & Partial<Pick<ApiKey, 'boundAddress'>>;

/** Creates a key with all rights of the account. It is valid until it expires or is revoked. */
export async function createApiKey(
  context: ChangeContext,
  actor: Actor,
  account: Account,
  wish: NewKey,
): Promise<IssuedKey> {
  requireValid(wish);
  return change(context, actor, (tx, by) => createApiKeyIn(tx, by, account, limitsOf(wish, by.at)));
}

/**
 * Creates the key for a caller. Throws if the caller no longer manages the account: the key would outlive the caller's
 * rights.
 */
export async function grantApiKey(
  context: ChangeContext,
  caller: Caller,
  account: Account,
  wish: NewKey,
): Promise<IssuedKey> {
  requireConfirmed({ actor: actorOf(caller), at: context.now() });
  requireValid(wish);
  return change(context, actorOf(caller), async (tx, by) => {
    // In the order of ids, so that two administrators who create keys for each other do not wait for each other.
    if (account.id <= caller.account.id) await lockAccount(tx, account.id);
    await holdManager(tx, caller, account.spaceId);
    return createApiKeyIn(tx, by, account, limitsOf(wish, by.at));
  });
}

function requireValid({ name = null, expires, bound_address: address = null }: NewKey): void {
  const complaint = name === null ? undefined : aboutValue(name, checkCharacters(name));
  if (complaint !== undefined) throw invalidFields({ name: [complaint] });
  if (address !== null && plainAddress(address) === undefined) {
    throw invalidFields({ bound_address: [{ code: 'not-an-ip-address', value: address }] });
  }
  keyExpiry(expires, 0);
}

function limitsOf({ name = null, expires, bound_address: address = null }: NewKey, now: number): KeyLimits {
  const boundAddress = address === null ? null : (plainAddress(address) ?? null);
  return { name, boundAddress, expiresAt: keyExpiry(expires, now) };
}

/** Creates the key inside a transaction. The fields must have been checked. */
export async function createApiKeyIn(
  tx: Transaction,
  by: By,
  { id: accountId, spaceId }: Account,
  { boundAddress = null, ...limits }: KeyLimits,
): Promise<IssuedKey> {
  // The account may have been deleted since it was read.
  await lockAccount(tx, accountId);
  const issued = await issueKey(tx, { ...limits, accountId, rights: 'account', boundAddress, createdAt: by.at });
  const detail = { key: issued.key.id, name: limits.name };
  await recordEvent(tx, { ...by, kind: 'api-key-created', spaceId, accountId, detail });
  return issued;
}

/** Creates a key with a user's rights for the account's own user. It ends when it is not used, like a session. */
export function issueUserKey(
  tx: Transaction,
  account: Account,
  boundAddress: string | null,
  now: number,
): Promise<IssuedKey> {
  const limits = { name: null, rights: 'user', boundAddress, expiresAt: null } as const;
  return issueKey(tx, { ...limits, accountId: account.id, createdAt: now });
}

async function issueKey(tx: Transaction, limits: Omit<ApiKey, 'id' | 'lastUsedAt'>): Promise<IssuedKey> {
  const secret = randomToken();
  const id = await insertApiKey(tx, { ...limits, hash: hashSecret(secret) });
  return { key: { ...limits, id, lastUsedAt: limits.createdAt }, secret };
}

/** Returns when a key with this lifetime expires, or null for `never`, which is the default. */
function keyExpiry(text: string | undefined, now: number): number | null {
  if (text === undefined || text === 'never') return null;
  const lifetime = parseDuration(text);
  if (lifetime === undefined || lifetime === 0) {
    throw invalidFields({ expires: [{ code: 'not-a-duration', value: text, examples: ['30d'], forever: 'never' }] });
  }
  return now + lifetime;
}
