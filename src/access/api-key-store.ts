import type { Account } from '../accounts/account.ts';
import { accountColumns, accountOf } from '../accounts/account-row.ts';
import { maxListed } from '../lib/max-listed.ts';
import type { PageAfter } from '../lib/page-of-rows.ts';
import { rows } from '../storage/database.ts';
import { type Step, statement, sweep } from '../storage/statement.ts';
import type { Db, Transaction } from '../storage/tables.ts';

/** An API key as stored. Times are in epoch milliseconds. */
export interface ApiKey {
  readonly id: number;
  readonly accountId: number;
  readonly name: string | null;
  /**
   * `user`: the rights of a user; the key expires when it is not used. `account`: all rights of the account; the key is
   * valid until it expires or is revoked.
   */
  readonly rights: 'user' | 'account';
  /** The only client network that may use the key; null allows any. */
  readonly boundAddress: string | null;
  readonly createdAt: number;
  readonly lastUsedAt: number;
  readonly expiresAt: number | null;
}

const keyColumns = [
  'api_keys.id as key_id',
  'api_keys.name',
  'api_keys.rights',
  'api_keys.bound_address',
  'api_keys.created_at as key_created_at',
  'api_keys.last_used_at',
  'api_keys.expires_at',
] as const;

const byHash = statement<{ hash: string }>()((db, at) =>
  db
    .selectFrom('api_keys')
    .innerJoin('accounts', 'accounts.id', 'api_keys.account_id')
    .leftJoin('external_accounts', 'external_accounts.account_id', 'accounts.id')
    .where('api_keys.key_hash', '=', at.hash)
    .select([...accountColumns, ...keyColumns]),
);

interface KeyRow {
  key_id: number;
  name: string | null;
  rights: string;
  bound_address: string | null;
  key_created_at: number;
  last_used_at: number;
  expires_at: number | null;
}

/** Finds a key and its account with one prepared query. */
export async function findApiKey(db: Db, hash: string): Promise<{ key: ApiKey; account: Account } | undefined> {
  const [row] = await rows(db, byHash, { hash });
  return row === undefined ? undefined : { key: keyOf({ ...row, account_id: row.id }), account: accountOf(row) };
}

/** A key, and whose it is. */
export interface OwnedKey {
  readonly key: ApiKey;
  /** The user name of the key's account. */
  readonly username: string;
  /** The id and the domain of the account's space. */
  readonly spaceId: number;
  readonly domain: string;
}

function withOwners(db: Db) {
  return db
    .selectFrom('api_keys')
    .innerJoin('accounts', 'accounts.id', 'api_keys.account_id')
    .innerJoin('spaces', 'spaces.id', 'accounts.space_id')
    .select([...keyColumns, 'api_keys.account_id', 'accounts.username', 'accounts.space_id', 'spaces.domain']);
}

export async function listAllApiKeyRows(db: Db): Promise<OwnedKey[]> {
  return (await withOwners(db).orderBy('api_keys.id').execute()).map(ownedKeyOf);
}

/**
 * Lists the newest keys by id. If there are too many, the keys that users fetched for themselves are left out first.
 */
export async function listApiKeyRows(db: Db, accountId: number): Promise<ApiKey[]> {
  const rows = await db
    .selectFrom('api_keys')
    .select([...keyColumns, 'api_keys.account_id'])
    .where('api_keys.account_id', '=', accountId)
    .orderBy((row) => row('api_keys.rights', '!=', 'account'))
    .orderBy('api_keys.id', 'desc')
    .limit(maxListed)
    .execute();
  return rows.map(keyOf).sort((one, other) => one.id - other.id);
}

/** Lists a page of the keys with an account's rights of all accounts of a space, starting with the newest. */
export async function listKeysOfSpace(db: Db, spaceId: number, { after, limit }: PageAfter): Promise<OwnedKey[]> {
  const all = withOwners(db).where('accounts.space_id', '=', spaceId).where('api_keys.rights', '=', 'account');
  const page = after === undefined ? all : all.where('api_keys.id', '<', after);
  return (await page.orderBy('api_keys.id', 'desc').limit(limit).execute()).map(ownedKeyOf);
}

export async function findApiKeyById(db: Db, id: number): Promise<ApiKey | undefined> {
  const row = await db
    .selectFrom('api_keys')
    .select([...keyColumns, 'api_keys.account_id'])
    .where('api_keys.id', '=', id)
    .executeTakeFirst();
  return row === undefined ? undefined : keyOf(row);
}

export async function findOwnedKey(db: Db, id: number): Promise<OwnedKey | undefined> {
  const row = await withOwners(db).where('api_keys.id', '=', id).executeTakeFirst();
  return row === undefined ? undefined : ownedKeyOf(row);
}

export async function insertApiKey(
  tx: Transaction,
  key: Omit<ApiKey, 'id' | 'lastUsedAt'> & { readonly hash: string },
): Promise<number> {
  const { id } = await tx
    .insertInto('api_keys')
    .values({
      key_hash: key.hash,
      account_id: key.accountId,
      name: key.name,
      rights: key.rights,
      bound_address: key.boundAddress,
      created_at: key.createdAt,
      last_used_at: key.createdAt,
      expires_at: key.expiresAt,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

export async function deleteApiKey(tx: Transaction, id: number, accountId: number): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom('api_keys')
    .where('id', '=', id)
    .where('account_id', '=', accountId)
    .executeTakeFirst();
  return numDeletedRows > 0n;
}

function userKeysOf(db: Db, at: { readonly accountId: number }) {
  return db.deleteFrom('api_keys').where('account_id', '=', at.accountId).where('rights', '=', 'user');
}

const deleteAllUserKeys = statement<{ accountId: number }>()(userKeysOf);

export function userKeysStep(accountId: number): Step {
  return sweep(deleteAllUserKeys, { accountId });
}

/** Deletes the keys that users of the account fetched for themselves, except the one with the id `kept`. */
export async function deleteUserKeys(tx: Transaction, accountId: number, kept?: number): Promise<void> {
  const keys = userKeysOf(tx, { accountId });
  await (kept === undefined ? keys : keys.where('id', '!=', kept)).execute();
}

/** Deletes expired keys, and users' keys that were last used before `idleSince`. */
export async function deleteEndedKeys(db: Db, now: number, idleSince: number): Promise<void> {
  await db
    .deleteFrom('api_keys')
    .where((row) =>
      row.or([
        row('expires_at', '<=', now),
        row.and([row('rights', '=', 'user'), row('last_used_at', '<', idleSince)]),
      ]),
    )
    .execute();
}

function ownedKeyOf(row: Awaited<ReturnType<ReturnType<typeof withOwners>['executeTakeFirstOrThrow']>>): OwnedKey {
  return { key: keyOf(row), username: row.username, spaceId: row.space_id, domain: row.domain };
}

function keyOf(row: KeyRow & { account_id: number }): ApiKey {
  return {
    id: row.key_id,
    accountId: row.account_id,
    name: row.name,
    rights: row.rights === 'account' ? 'account' : 'user',
    boundAddress: row.bound_address,
    createdAt: row.key_created_at,
    lastUsedAt: row.last_used_at,
    expiresAt: row.expires_at,
  };
}

/** Deletes the keys that users fetched for themselves, of all accounts. Returns how many there were. */
export async function deleteUserKeysOfAll(tx: Transaction): Promise<number> {
  const { numDeletedRows } = await tx.deleteFrom('api_keys').where('rights', '=', 'user').executeTakeFirst();
  return Number(numDeletedRows);
}
