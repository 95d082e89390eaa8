import type { Selectable } from 'kysely';
import type { Account } from '../accounts/account.ts';
import { accountColumns, accountOf } from '../accounts/account-row.ts';
import type { PageAfter } from '../lib/page-of-rows.ts';
import type { ContactListTable } from '../storage/contact-tables.ts';
import { locking } from '../storage/dialect.ts';
import type { Db, Transaction } from '../storage/tables.ts';
import type { ContactList, ContactListChanges, ListSide } from './contact-list.ts';

const sideTables = { member: 'contact_list_members', reader: 'contact_list_readers' } as const;

export async function listContactListRows(db: Db, spaceIds: readonly number[]): Promise<ContactList[]> {
  const rows = await db
    .selectFrom('contact_lists')
    .selectAll()
    .where('space_id', 'in', [...spaceIds])
    .orderBy('id')
    .execute();
  return rows.map(listOf);
}

/** Returns a page of the lists of a space. */
export async function listContactListsAfter(
  db: Db,
  spaceId: number,
  { after = 0, limit }: PageAfter,
): Promise<ContactList[]> {
  const rows = await listsIn(db, spaceId).where('id', '>', after).limit(limit).execute();
  return rows.map(listOf);
}

/** Returns the first lists of a space with exactly this title. */
export async function listContactListsTitled(
  db: Db,
  spaceId: number,
  { title, limit }: { readonly title: string; readonly limit: number },
): Promise<ContactList[]> {
  const rows = await listsIn(db, spaceId).where('title', '=', title).limit(limit).execute();
  return rows.map(listOf);
}

/** Returns the first lists of a space that an account does not read. */
export async function listContactListsNotOf(
  db: Db,
  spaceId: number,
  { accountId, limit }: { readonly accountId: number; readonly limit: number },
): Promise<ContactList[]> {
  const read = db.selectFrom('contact_list_readers').select('list_id').where('account_id', '=', accountId);
  const rows = await listsIn(db, spaceId).where('id', 'not in', read).limit(limit).execute();
  return rows.map(listOf);
}

function listsIn(db: Db, spaceId: number) {
  return db.selectFrom('contact_lists').selectAll().where('space_id', '=', spaceId).orderBy('id');
}

/** Returns the lists that an account reads. */
export async function listContactListsOf(db: Db, accountId: number): Promise<ContactList[]> {
  const rows = await listsOf(db, accountId).execute();
  return rows.map(listOf);
}

/** Returns a page of the lists that an account reads. */
export async function listContactListsOfAfter(
  db: Db,
  accountId: number,
  { after = 0, limit }: PageAfter,
): Promise<ContactList[]> {
  const rows = await listsOf(db, accountId).where('contact_lists.id', '>', after).limit(limit).execute();
  return rows.map(listOf);
}

function listsOf(db: Db, accountId: number) {
  return db
    .selectFrom('contact_lists')
    .innerJoin('contact_list_readers', 'contact_list_readers.list_id', 'contact_lists.id')
    .where('contact_list_readers.account_id', '=', accountId)
    .selectAll('contact_lists')
    .orderBy('contact_lists.id');
}

export async function findContactListRow(db: Db, id: number): Promise<ContactList | undefined> {
  const row = await db.selectFrom('contact_lists').selectAll().where('id', '=', id).executeTakeFirst();
  return row && listOf(row);
}

/** Returns the list, and keeps others from changing it until the transaction ends. */
export async function holdContactListRow(
  tx: Transaction,
  id: number,
  lock: 'share' | 'update' = 'share',
): Promise<ContactList | undefined> {
  const query = tx.selectFrom('contact_lists').selectAll().where('id', '=', id);
  const row = await locking(tx, query, lock).executeTakeFirst();
  return row && listOf(row);
}

/** Returns the members of a list as accounts, ordered by id. */
export async function listMembers(
  db: Db,
  listId: number,
  page: { readonly limit: number; readonly offset: number },
): Promise<Account[]> {
  const rows = await db
    .selectFrom('contact_list_members')
    .innerJoin('accounts', 'accounts.id', 'contact_list_members.account_id')
    .leftJoin('external_accounts', 'external_accounts.account_id', 'accounts.id')
    .where('contact_list_members.list_id', '=', listId)
    .select(accountColumns)
    .orderBy('accounts.id')
    .limit(page.limit)
    .offset(page.offset)
    .execute();
  return rows.map(accountOf);
}

/** Returns the members or readers of a list as accounts, ordered by id. */
export async function listSideAfter(
  db: Db,
  listId: number,
  { side, after, limit }: { readonly side: ListSide; readonly after: number; readonly limit: number },
): Promise<Account[]> {
  const rows = await accountsOn(db, listId, side)
    .where('accounts.id', '>', after)
    .orderBy('accounts.id')
    .limit(limit)
    .execute();
  return rows.map(accountOf);
}

/** Returns the account with this id if it is on this side of the list. */
export async function findOnSide(
  db: Db,
  listId: number,
  { side, accountId }: { readonly side: ListSide; readonly accountId: number },
): Promise<Account | undefined> {
  const row = await accountsOn(db, listId, side).where('accounts.id', '=', accountId).executeTakeFirst();
  return row && accountOf(row);
}

function accountsOn(db: Db, listId: number, side: ListSide) {
  return db
    .selectFrom(`${sideTables[side]} as on_list`)
    .innerJoin('accounts', 'accounts.id', 'on_list.account_id')
    .leftJoin('external_accounts', 'external_accounts.account_id', 'accounts.id')
    .where('on_list.list_id', '=', listId)
    .select(accountColumns);
}

/** Returns how many members or readers each of these lists has. Lists without any are missing from the result. */
export async function countOnSide(
  db: Db,
  side: ListSide,
  listIds: readonly number[],
): Promise<ReadonlyMap<number, number>> {
  if (listIds.length === 0) return new Map();
  const rows = await db
    .selectFrom(sideTables[side])
    .where('list_id', 'in', [...listIds])
    .select(({ fn }) => ['list_id', fn.countAll().as('count')])
    .groupBy('list_id')
    .execute();
  return new Map(rows.map(({ list_id, count }) => [list_id, Number(count)]));
}

export async function insertContactList(
  tx: Transaction,
  list: Pick<ContactList, 'spaceId' | 'title' | 'description'>,
  now: number,
): Promise<ContactList> {
  const { spaceId, title, description } = list;
  const row = await tx
    .insertInto('contact_lists')
    .values({ space_id: spaceId, title, description, created_at: now, updated_at: now })
    .returningAll()
    .executeTakeFirstOrThrow();
  return listOf(row);
}

/** Updates the given fields. Returns undefined if the list no longer exists. */
export async function updateContactListRow(
  tx: Transaction,
  id: number,
  { title, description }: ContactListChanges,
  now: number,
): Promise<ContactList | undefined> {
  const row = await tx
    .updateTable('contact_lists')
    .set({
      ...(title === undefined ? {} : { title }),
      ...(description === undefined ? {} : { description }),
      updated_at: now,
    })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst();
  return row && listOf(row);
}

/** Deletes a list. Returns it as it was last, or undefined if it no longer exists. */
export async function deleteContactListRow(tx: Transaction, id: number): Promise<ContactList | undefined> {
  const row = await tx.deleteFrom('contact_lists').where('id', '=', id).returningAll().executeTakeFirst();
  return row && listOf(row);
}

/** Adds a member or reader. Returns false if the account already was one. */
export async function joinList(
  tx: Transaction,
  side: ListSide,
  of: { readonly listId: number; readonly accountId: number; readonly at: number },
): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto(sideTables[side])
    .values({ list_id: of.listId, account_id: of.accountId, created_at: of.at })
    .onConflict((conflict) => conflict.columns(['list_id', 'account_id']).doNothing())
    .executeTakeFirst();
  return numInsertedOrUpdatedRows === 1n;
}

/** Removes a member or reader. Returns false if the account was not one. */
export async function leaveList(
  tx: Transaction,
  side: ListSide,
  of: { readonly listId: number; readonly accountId: number },
): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom(sideTables[side])
    .where('list_id', '=', of.listId)
    .where('account_id', '=', of.accountId)
    .executeTakeFirst();
  return numDeletedRows > 0n;
}

function listOf(row: Selectable<ContactListTable>): ContactList {
  return {
    id: row.id,
    spaceId: row.space_id,
    title: row.title,
    description: row.description,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
