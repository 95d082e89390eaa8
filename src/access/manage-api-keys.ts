import type { Account } from '../accounts/account.ts';
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
  findOwnedKey,
  listAllApiKeyRows,
  listApiKeyRows,
  listKeysOfSpace,
  type OwnedKey,
} from './api-key-store.ts';
import type { Caller } from './caller.ts';
import { type IssuedKey, issueUserKey } from './create-api-key.ts';
import { lockCaller } from './lock-caller.ts';

export type { ApiKey, OwnedKey } from './api-key-store.ts';

/** Lists the newest keys of an account. */
export function listApiKeys({ database }: { readonly database: Db }, { id }: Account): Promise<ApiKey[]> {
  return listApiKeyRows(database, id);
}

/** Lists all keys of all accounts. */
export function listAllApiKeys({ database }: { readonly database: Db }): Promise<OwnedKey[]> {
  return listAllApiKeyRows(database);
}

/** Lists a page of the keys with an account's rights of all accounts of a space, starting with the newest. */
export async function keysOfSpace(
  { database }: { readonly database: Db },
  { id }: Space,
  { after, limit }: PageAfter,
): Promise<PageOfRows<OwnedKey>> {
  return pageOfRows(await listKeysOfSpace(database, id, { after, limit: limit + 1 }), limit);
}

/** Whose keys somebody may revoke: those of one account, those of all accounts of a space, or all. */
export type KeyOwners = { readonly account: Account } | { readonly space: Space } | 'all';

/**
 * Revokes the key with this decimal id, and returns it. If it is of none of these owners, throws `not-found` as for a
 * key that does not exist.
 */
export async function revokeApiKey(
  context: ChangeContext,
  actor: Actor,
  owners: KeyOwners,
  id: string,
): Promise<OwnedKey> {
  const number = parseId(id);
  const found = number === undefined ? undefined : await findOwnedKey(context.database, number);
  if (found === undefined || !isOf(owners, found)) throw apiKeyNotFound(id);
  const { key, spaceId } = found;
  await change(context, actor, async (tx, by) => {
    if (!(await deleteApiKey(tx, key.id, key.accountId))) throw apiKeyNotFound(id);
    const detail = { key: key.id, name: key.name };
    await recordEvent(tx, { ...by, kind: 'api-key-revoked', spaceId, accountId: key.accountId, detail });
  });
  return found;
}

function isOf(owners: KeyOwners, { key, spaceId }: OwnedKey): boolean {
  if (owners === 'all') return true;
  return 'account' in owners ? owners.account.id === key.accountId : owners.space.id === spaceId;
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
