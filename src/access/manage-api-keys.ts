import type { Account } from '../accounts/account.ts';
import type { Actor } from '../events/actor.ts';
import { type ChangeContext, change } from '../events/change.ts';
import { recordEvent } from '../events/event-store.ts';
import { inTransaction } from '../storage/database.ts';
import type { Db } from '../storage/tables.ts';
import { type ApiKey, deleteApiKey, findApiKeyById, listApiKeyRows } from './api-key-store.ts';
import type { Caller } from './caller.ts';
import { type IssuedKey, issueUserKey } from './create-api-key.ts';

export type { ApiKey } from './api-key-store.ts';

/** Lists the keys of an account, or of all accounts. */
export function listApiKeys({ database }: { readonly database: Db }, account?: Account): Promise<ApiKey[]> {
  return listApiKeyRows(database, account?.id);
}

/** Finds the key with this decimal id. Returns undefined also if the text is not an id. */
export async function findApiKeyNumbered(
  { database }: { readonly database: Db },
  id: string,
): Promise<ApiKey | undefined> {
  return /^\d{1,9}$/.test(id) ? findApiKeyById(database, Number(id)) : undefined;
}

/** Revokes a key. Returns false if the account has no such key. */
export function revokeApiKey(
  context: ChangeContext,
  actor: Actor,
  { id: accountId, spaceId }: Account,
  key: Pick<ApiKey, 'id' | 'name'>,
): Promise<boolean> {
  return change(context, actor, async (tx, by) => {
    if (!(await deleteApiKey(tx, key.id, accountId))) return false;
    const detail = { key: key.id, name: key.name };
    await recordEvent(tx, { ...by, kind: 'api-key-revoked', spaceId, accountId, detail });
    return true;
  });
}

/** Creates a key for the caller's own user, bound to `address` if the space requires that. */
export function fetchOwnKey(
  { database, now }: ChangeContext,
  { account, space }: Caller,
  address: string,
): Promise<IssuedKey> {
  return inTransaction(database, (tx) => issueUserKey(tx, account, space.bindKeysToAddress ? address : null, now()));
}
