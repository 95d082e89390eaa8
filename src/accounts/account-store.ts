import { type Insertable, sql, type Updateable } from 'kysely';
import { AppError } from '../errors.ts';
import { lowerCaseAscii } from '../lib/fold-text.ts';
import { findForbidden } from '../lib/forbidden-characters.ts';
import { required } from '../lib/required.ts';
import type { AccountTable } from '../storage/account-tables.ts';
import { rows } from '../storage/database.ts';
import { locking, lowerAscii, violatedReference, violatedUnique } from '../storage/dialect.ts';
import { statement } from '../storage/statement.ts';
import type { Db, Transaction } from '../storage/tables.ts';
import { type Account, accountNotFound } from './account.ts';
import { accountColumns, accountOf } from './account-row.ts';
import { indexAccount, indexAccounts, searchedColumns } from './account-search-store.ts';
import { insertStateRows, updateStateRow } from './account-state-store.ts';

type AccountRowChanges = Omit<Updateable<AccountTable>, 'id' | 'version'>;

/** Returns the query for accounts with their external accounts. */
export function selectAccounts(db: Db) {
  return db
    .selectFrom('accounts')
    .leftJoin('external_accounts', 'external_accounts.account_id', 'accounts.id')
    .select(accountColumns);
}

const byUsername = statement<{ spaceId: number; username: string }>()((db, at) =>
  selectAccounts(db).where('accounts.space_id', '=', at.spaceId).where('accounts.username', '=', at.username),
);

/** Runs a prepared query, because HTTP Digest needs it for each request. */
export async function findAccountByUsername(db: Db, spaceId: number, username: string): Promise<Account | undefined> {
  const [row] = await rows(db, byUsername, {
    spaceId,
    username,
  });
  return row === undefined ? undefined : accountOf(row);
}

export async function findAccount(db: Db, id: number): Promise<Account | undefined> {
  const row = await selectAccounts(db).where('accounts.id', '=', id).executeTakeFirst();
  return row === undefined ? undefined : accountOf(row);
}

/** Returns the accounts with these ids, ordered by id. */
export async function findAccounts(db: Db, ids: readonly number[]): Promise<Account[]> {
  if (ids.length === 0) return [];
  const rows = await selectAccounts(db).where('accounts.id', 'in', ids).orderBy('accounts.id').execute();
  return rows.map(accountOf);
}

/** Returns those of the ids that are accounts of the space. */
export async function idsInSpace(db: Db, spaceId: number, ids: readonly number[]): Promise<number[]> {
  if (ids.length === 0) return [];
  const rows = await db
    .selectFrom('accounts')
    .where('space_id', '=', spaceId)
    .where('id', 'in', ids)
    .select('id')
    .execute();
  return rows.map(({ id }) => id);
}

export async function getAccount(db: Db, id: number): Promise<Account> {
  const account = await findAccount(db, id);
  if (account === undefined) throw accountNotFound(String(id));
  return account;
}

/**
 * Locks the account's row until the transaction ends, increments its version, and returns the account. Throws if it was
 * deleted.
 */
export async function lockAccount(tx: Transaction, id: number): Promise<Account> {
  await updateAccountRow(tx, id, {});
  return getAccount(tx, id);
}

/** Keeps others from changing the account until the transaction ends, and returns it. Throws if it was deleted. */
export async function holdAccount(tx: Transaction, id: number): Promise<Account> {
  const account = await findHeldAccount(tx, id);
  if (account === undefined) throw accountNotFound(String(id));
  return account;
}

/** Keeps others from changing the account like `holdAccount`, but returns undefined if the account was deleted. */
export async function findHeldAccount(tx: Transaction, id: number): Promise<Account | undefined> {
  await locking(tx, tx.selectFrom('accounts').where('id', '=', id).select('id'), 'share').execute();
  return findAccount(tx, id);
}

/** Locks the account's row like `lockAccount`, but returns undefined if the account was deleted. */
export async function findLockedAccount(tx: Transaction, id: number): Promise<Account | undefined> {
  return (await updateRow(tx, id, {})) ? getAccount(tx, id) : undefined;
}

/** A query can have 32,766 variables on SQLite and 65,535 on PostgreSQL. */
const idsInQuery = 500;

/** Returns user names by account id, for the accounts that exist. There may be any number of ids. */
export async function findUsernames(db: Db, ids: readonly number[]): Promise<Map<number, string>> {
  const names = new Map<number, string>();
  for (let start = 0; start < ids.length; start += idsInQuery) {
    const named = db.selectFrom('accounts').where('id', 'in', ids.slice(start, start + idsInQuery));
    for (const { id, username } of await named.select(['id', 'username']).execute()) names.set(id, username);
  }
  return names;
}

/** Returns what people call these accounts, by id: their display names, or else their user names. */
export async function findShownNames(db: Db, ids: readonly number[]): Promise<Map<number, string>> {
  if (ids.length === 0) return new Map();
  const named = db.selectFrom('accounts').where('id', 'in', ids);
  const rows = await named.select(['id', 'username', 'display_name']).execute();
  return new Map(rows.map(({ id, username, display_name }) => [id, display_name ?? username]));
}

/** Returns the first accounts with this e-mail address in these spaces, ordered by id. */
export async function findAccountsByEmail(
  db: Db,
  { spaceIds, email, limit }: { readonly spaceIds: readonly number[]; readonly email: string; readonly limit: number },
): Promise<Account[]> {
  if (findForbidden(email) !== undefined || spaceIds.length === 0) return [];
  const rows = await selectAccounts(db)
    .where('accounts.space_id', 'in', spaceIds)
    .where(lowerAscii(db, sql.ref('accounts.email')), '=', lowerCaseAscii(email))
    .orderBy('accounts.id')
    .limit(limit)
    .execute();
  return rows.map(accountOf);
}

export type NewAccountRow = Omit<Insertable<AccountTable>, 'version'>;

/**
 * Inserts accounts of one space with a few statements. Returns their ids in the order of the rows. Throws
 * `account-exists` if a name is taken; the error quotes the name if it can only be that one.
 */
export async function insertAccounts(tx: Transaction, rows: readonly NewAccountRow[]): Promise<number[]> {
  if (rows.length === 0) return [];
  const ids = new Map(await insertRows(tx, rows));
  const inserted = rows.map((row) => {
    const { display_name = null, email = null, phone = null } = row;
    return { ...row, id: required(ids.get(row.username)), display_name, email, phone };
  });
  const states = inserted.map(({ id, space_id, group_name = null, email, blocked_at = null }) => {
    return { account_id: id, space_id, group_name, no_mail: Number(email === null), blocked_at };
  });
  await insertStateRows(tx, states);
  await indexAccounts(tx, inserted);
  return inserted.map(({ id }) => id);
}

async function insertRows(tx: Transaction, rows: readonly NewAccountRow[]): Promise<(readonly [string, number])[]> {
  try {
    const inserted = await tx
      .insertInto('accounts')
      .values(rows.map((row) => ({ ...row, version: 0 })))
      .returning(['id', 'username'])
      .execute();
    return inserted.map(({ id, username }) => [username, id] as const);
  } catch (error) {
    const [only] = rows;
    throw translated(error, rows.length === 1 && only !== undefined ? only : {});
  }
}

export async function countAllAccounts(db: Db): Promise<number> {
  const { total } = await db
    .selectFrom('accounts')
    .select((of) => of.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow();
  return Number(total);
}

export async function countAccounts(db: Db, spaceId: number): Promise<number> {
  const { total } = await db
    .selectFrom('accounts')
    .where('space_id', '=', spaceId)
    .select((of) => of.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow();
  return Number(total);
}

/** Updates the account and increments its version. Throws if the account does not exist. */
export async function updateAccountRow(tx: Transaction, id: number, changes: AccountRowChanges): Promise<void> {
  try {
    if (!(await updateRow(tx, id, changes))) throw accountNotFound(String(id));
    await followChanges(tx, id, changes);
  } catch (error) {
    throw translated(error, changes);
  }
}

async function updateRow(tx: Transaction, id: number, changes: AccountRowChanges): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('accounts')
    .set(changes)
    .set((row) => ({ version: row('version', '+', 1) }))
    .where('id', '=', id)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Updates the search index and the account's state after a change of its row. */
async function followChanges(tx: Transaction, id: number, changes: Updateable<AccountTable>): Promise<void> {
  const { blocked_at, group_name, email } = changes;
  const facts = {
    ...(blocked_at === undefined ? {} : { blocked_at }),
    ...(group_name === undefined ? {} : { group_name }),
    ...(email === undefined ? {} : { no_mail: Number(email === null) }),
  };
  if (Object.keys(facts).length > 0) await updateStateRow(tx, id, facts);
  if (searchedColumns.some((column) => changes[column] !== undefined)) await indexAccount(tx, id);
}

export async function deleteAccountRow(tx: Transaction, id: number): Promise<void> {
  const { numDeletedRows } = await tx.deleteFrom('accounts').where('id', '=', id).executeTakeFirst();
  if (numDeletedRows === 0n) throw accountNotFound(String(id));
}

export async function deleteAccountsOfSpace(tx: Transaction, spaceId: number): Promise<void> {
  await tx.deleteFrom('accounts').where('space_id', '=', spaceId).execute();
}

/** Locks all accounts of the space, and increments their versions. */
export async function touchAccountsOfSpace(tx: Transaction, spaceId: number): Promise<void> {
  await tx
    .updateTable('accounts')
    .set((row) => ({ version: row('version', '+', 1) }))
    .where('space_id', '=', spaceId)
    .execute();
}

/** Deletes the HA1s of all accounts of the space. Returns the user names of those that had any, ordered by id. */
export async function endPasswordsOfSpace(tx: Transaction, spaceId: number, now: number): Promise<string[]> {
  const rows = await tx
    .updateTable('accounts')
    .set((row) => ({ ha1_sha256: null, ha1_md5: null, updated_at: now, version: row('version', '+', 1) }))
    .where('space_id', '=', spaceId)
    .where(({ or, eb }) => or([eb('ha1_sha256', 'is not', null), eb('ha1_md5', 'is not', null)]))
    .returning(['id', 'username'])
    .execute();
  return rows.sort((one, other) => one.id - other.id).map(({ username }) => username);
}

/** Counts the administrators of super spaces who can sign in now. */
export async function countUsableAdministrators(db: Db): Promise<number> {
  const { total } = await db
    .selectFrom('accounts')
    .innerJoin('spaces', 'spaces.id', 'accounts.space_id')
    .where('accounts.admin', '=', 1)
    .where('spaces.super', '=', 1)
    .where('accounts.activated_at', 'is not', null)
    .where('accounts.blocked_at', 'is', null)
    .select((of) => of.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow();
  return Number(total);
}

function translated(error: unknown, row: Updateable<AccountTable>): unknown {
  if (violatedReference(error)) return new AppError('not-found', { what: 'space-of-account' }, { cause: error });
  const violated = violatedUnique(error);
  if (violated === undefined) return error;
  const field = (['email', 'phone'] as const).find((name) => violated.includes(name)) ?? 'username';
  return new AppError('account-exists', { field, value: row[field] ?? '' }, { cause: error });
}
