import { type Insertable, type RawBuilder, sql, type Updateable } from 'kysely';
import { AppError } from '../errors.ts';
import { findForbidden } from '../lpconfig/rules.ts';
import { rows } from '../storage/database.ts';
import { violatedReference, violatedUnique } from '../storage/dialect.ts';
import { statement } from '../storage/statement.ts';
import type { AccountTable, Db, Transaction } from '../storage/tables.ts';
import { type Account, accountNotFound } from './account.ts';
import { accountColumns, accountOf } from './account-row.ts';

function selectAccounts(db: Db) {
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

export async function getAccount(db: Db, id: number): Promise<Account> {
  const account = await findAccount(db, id);
  if (account === undefined) throw accountNotFound(String(id));
  return account;
}

/** Locks the account's row until the transaction ends, increments its version, and returns the account. */
export async function lockAccount(tx: Transaction, id: number): Promise<Account> {
  await updateAccountRow(tx, id, {});
  return getAccount(tx, id);
}

/** Returns user names by account id, for the accounts that exist. */
export async function findUsernames(db: Db, ids: readonly number[]): Promise<Map<number, string>> {
  if (ids.length === 0) return new Map();
  const rows = await db.selectFrom('accounts').where('id', 'in', ids).select(['id', 'username']).execute();
  return new Map(rows.map(({ id, username }) => [id, username]));
}

export async function findAccountByEmail(db: Db, spaceIds: readonly number[], email: string) {
  if (findForbidden(email) !== undefined) return undefined;
  const row = await selectAccounts(db)
    .where('accounts.space_id', 'in', spaceIds)
    .where(sql`lower(accounts.email)`, '=', sql`lower(${email})`)
    .orderBy('accounts.id')
    .executeTakeFirst();
  return row === undefined ? undefined : accountOf(row);
}

const pageSize = 1_000;

export interface AccountFilter {
  readonly spaceIds: readonly number[];
  /** Part of the user name, display name, e-mail address or phone number, in any letter case. */
  readonly search: string;
}

export async function listAccounts(
  db: Db,
  filter: AccountFilter,
  page: { readonly limit: number; readonly offset: number },
): Promise<{ accounts: Account[]; total: number }> {
  const condition = matching(filter.search);
  const rows = await selectAccounts(db)
    .where('accounts.space_id', 'in', filter.spaceIds)
    .where(condition)
    .orderBy('accounts.id')
    .limit(page.limit)
    .offset(page.offset)
    .execute();
  const { total } = await db
    .selectFrom('accounts')
    .where('accounts.space_id', 'in', filter.spaceIds)
    .where(condition)
    .select((of) => of.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow();
  return { accounts: rows.map(accountOf), total: Number(total) };
}

/** Yields all matching accounts page by page, ordered by id. */
export async function* eachAccount(db: Db, filter: AccountFilter): AsyncGenerator<Account[]> {
  let after = 0;
  for (;;) {
    const rows = await selectAccounts(db)
      .where('accounts.space_id', 'in', filter.spaceIds)
      .where('accounts.id', '>', after)
      .where(matching(filter.search))
      .orderBy('accounts.id')
      .limit(pageSize)
      .execute();
    const last = rows.at(-1);
    if (last === undefined) return;
    yield rows.map(accountOf);
    after = last.id;
  }
}

function matching(search: string): RawBuilder<boolean> {
  if (search === '') return sql<boolean>`1 = 1`;
  // No stored value contains such a character, and databases reject it in queries.
  if (findForbidden(search) !== undefined) return sql<boolean>`1 = 0`;
  const pattern = `%${search.replaceAll(/[\\%_]/g, '\\$&')}%`;
  // The database lowercases both sides, because SQLite does so for ASCII letters only.
  const like = (column: string) => sql<boolean>`lower(${sql.ref(column)}) like lower(${pattern}) escape '\\'`;
  const columns = ['username', 'display_name', 'email', 'phone'].map((name) => `accounts.${name}`);
  return sql<boolean>`(${sql.join(columns.map(like), sql` or `)})`;
}

export async function insertAccount(tx: Transaction, row: Omit<Insertable<AccountTable>, 'version'>): Promise<Account> {
  try {
    const { id } = await tx
      .insertInto('accounts')
      .values({ ...row, version: 0 })
      .returning('id')
      .executeTakeFirstOrThrow();
    return await getAccount(tx, id);
  } catch (error) {
    throw translated(error, row);
  }
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
export async function updateAccountRow(
  tx: Transaction,
  id: number,
  changes: Omit<Updateable<AccountTable>, 'id' | 'version'>,
): Promise<void> {
  try {
    const { numUpdatedRows } = await tx
      .updateTable('accounts')
      .set(changes)
      .set((row) => ({ version: row('version', '+', 1) }))
      .where('id', '=', id)
      .executeTakeFirst();
    if (numUpdatedRows === 0n) throw accountNotFound(String(id));
  } catch (error) {
    throw translated(error, changes);
  }
}

export async function deleteAccountRow(tx: Transaction, id: number): Promise<void> {
  const { numDeletedRows } = await tx.deleteFrom('accounts').where('id', '=', id).executeTakeFirst();
  if (numDeletedRows === 0n) throw accountNotFound(String(id));
}

export async function deleteAccountsOfSpace(tx: Transaction, spaceId: number): Promise<void> {
  await tx.deleteFrom('accounts').where('space_id', '=', spaceId).execute();
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
