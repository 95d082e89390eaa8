import type { Account } from '../accounts/account.ts';
import { AppError } from '../errors.ts';
import type { Actor } from '../events/actor.ts';
import { type ChangeContext, change } from '../events/change.ts';
import { recordEvent } from '../events/event-store.ts';
import { parseId } from '../lib/parse-id.ts';
import { inTransaction } from '../storage/database.ts';
import type { Db } from '../storage/tables.ts';
import { type ApiKey, deleteApiKey, findApiKeyById, listApiKeyRows } from './api-key-store.ts';
import type { Caller } from './caller.ts';
import { type IssuedKey, issueUserKey } from './create-api-key.ts';
import { lockCaller } from './lock-caller.ts';

export type { ApiKey } from './api-key-store.ts';

/** Lists the keys of an account, or of all accounts. */
export function listApiKeys({ database }: { readonly database: Db }, account?: Account): Promise<ApiKey[]> {
  return listApiKeyRows(database, account?.id);
}

/** Returns the key with this decimal id, or throws `not-found`. */
export async function getApiKey({ database }: { readonly database: Db }, id: string): Promise<ApiKey> {
  const number = parseId(id);
  const key = number === undefined ? undefined : await findApiKeyById(database, number);
  if (key === undefined) throw apiKeyNotFound(id);
  return key;
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

/** Creates a key for the caller's own user, bound to `address` if the space requires that. */
export function fetchOwnKey({ database, now }: ChangeContext, caller: Caller, address: string): Promise<IssuedKey> {
  return inTransaction(database, async (tx) => {
    const account = await lockCaller(tx, caller);
    return issueUserKey(tx, account, caller.space.bindKeysToAddress ? address : null, now());
  });
}
