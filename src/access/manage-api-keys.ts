import type { Account } from '../accounts/account.ts';
import { findAccount } from '../accounts/account-store.ts';
import { AppError } from '../errors.ts';
import type { Actor } from '../events/actor.ts';
import { type ChangeContext, change } from '../events/change.ts';
import { recordEvent } from '../events/event-store.ts';
import { type PageAfter, type PageOfRows, pageOfRows } from '../lib/page-of-rows.ts';
import { parseId } from '../lib/parse-id.ts';
import type { Space } from '../spaces/space.ts';
import { inTransaction } from '../storage/database.ts';
import type { Db } from '../storage/tables.ts';
import {
  type ApiKey,
  deleteApiKey,
  findApiKeyById,
  type KeyOfSpace,
  listAllApiKeyRows,
  listApiKeyRows,
  listKeysOfSpace,
} from './api-key-store.ts';
import type { Caller } from './caller.ts';
import { type IssuedKey, issueUserKey } from './create-api-key.ts';
import { lockCaller } from './lock-caller.ts';

export type { ApiKey, KeyOfSpace } from './api-key-store.ts';

/** Lists the newest keys of an account, or all keys of all accounts. */
export function listApiKeys({ database }: { readonly database: Db }, account?: Account): Promise<ApiKey[]> {
  return account === undefined ? listAllApiKeyRows(database) : listApiKeyRows(database, account.id);
}

/** Lists a page of the keys with an account's rights of all accounts of a space, starting with the newest. */
export async function keysOfSpace(
  { database }: { readonly database: Db },
  { id }: Space,
  { after, limit }: PageAfter,
): Promise<PageOfRows<KeyOfSpace>> {
  return pageOfRows(await listKeysOfSpace(database, id, { after, limit: limit + 1 }), limit);
}

/** Returns the key with this decimal id. Throws `not-found` if there is none. */
export async function getApiKey({ database }: { readonly database: Db }, id: string): Promise<ApiKey> {
  const number = parseId(id);
  const key = number === undefined ? undefined : await findApiKeyById(database, number);
  if (key === undefined) throw apiKeyNotFound(id);
  return key;
}

/** Revokes a key of an account of this space. For all others, throws `not-found` as for a key that does not exist. */
export async function revokeKeyOfSpace(context: ChangeContext, actor: Actor, space: Space, id: string): Promise<void> {
  const key = await getApiKey(context, id);
  const owner = await findAccount(context.database, key.accountId);
  if (owner?.spaceId !== space.id) throw apiKeyNotFound(id);
  await revokeApiKey(context, actor, owner, key);
}

/** Revokes a key. Throws `not-found` if the account has no such key. */
export function revokeApiKey(
  context: ChangeContext,
  actor: Actor,
  { id: accountId, spaceId }: Account,
  key: Pick<ApiKey, 'id' | 'name'>,
): Promise<void> {
  return change(context, actor, async (tx, by) => {
    if (!(await deleteApiKey(tx, key.id, accountId))) throw apiKeyNotFound(String(key.id));
    const detail = { key: key.id, name: key.name };
    await recordEvent(tx, { ...by, kind: 'api-key-revoked', spaceId, accountId, detail });
  });
}

function apiKeyNotFound(name: string): AppError {
  return new AppError('not-found', { what: 'api-key', name });
}

/** Creates a key for the caller's own user. It is bound to `address` if the space requires that. */
export function fetchOwnKey({ database, now }: ChangeContext, caller: Caller, address: string): Promise<IssuedKey> {
  return inTransaction(database, async (tx) => {
    const account = await lockCaller(tx, caller);
    return issueUserKey(tx, account, caller.space.bindKeysToAddress ? address : null, now());
  });
}
