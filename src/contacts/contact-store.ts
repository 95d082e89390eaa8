import type { ExpressionBuilder } from 'kysely';
import type { Account } from '../accounts/account.ts';
import { accountColumns, accountOf } from '../accounts/account-row.ts';
import { rows } from '../storage/database.ts';
import { statement } from '../storage/statement.ts';
import type { Db, Tables, Transaction } from '../storage/tables.ts';

const ofAccount = statement<{ accountId: number }>()((db, at) => contactsOfAccount(db, at.accountId));

function contactsOfAccount(db: Db, accountId: number) {
  return db
    .selectFrom('contacts')
    .innerJoin('accounts', 'accounts.id', 'contacts.contact_id')
    .leftJoin('external_accounts', 'external_accounts.account_id', 'accounts.id')
    .where('contacts.account_id', '=', accountId)
    .orderBy('accounts.id')
    .select(accountColumns);
}

const inAddressBook = statement<{ accountId: number }>()((db, at) => addressBookOf(db, at.accountId));

/**
 * Selects the accounts that an account has chosen: its contacts, and the members of the lists that it reads, without
 * itself.
 */
function addressBookOf(db: Db, accountId: number) {
  return db
    .selectFrom('accounts')
    .leftJoin('external_accounts', 'external_accounts.account_id', 'accounts.id')
    .where('accounts.id', 'in', (nested) => chosenBy(nested, accountId))
    .where('accounts.blocked_at', 'is', null)
    .orderBy('accounts.id')
    .select(accountColumns);
}

function chosenBy(nested: ExpressionBuilder<Tables, 'accounts'>, accountId: number) {
  const members = nested
    .selectFrom('contact_list_readers')
    .innerJoin('contact_list_members', 'contact_list_members.list_id', 'contact_list_readers.list_id')
    .where('contact_list_readers.account_id', '=', accountId)
    .where('contact_list_members.account_id', '!=', accountId)
    .select('contact_list_members.account_id as id');
  return nested
    .selectFrom('contacts')
    .where('contacts.account_id', '=', accountId)
    .select('contacts.contact_id as id')
    .union(members);
}

/** Lists the accounts that an account has chosen for its address book, without blocked ones. */
export async function listAddressBook(db: Db, accountId: number): Promise<Account[]> {
  return (await rows(db, inAddressBook, { accountId })).map(accountOf);
}

/**
 * Lists one page of the address book of `listAddressBook`. With `everyoneIn`, it includes all accounts of that space.
 */
export async function listAddressBookPage(
  db: Db,
  owner: { readonly id: number; readonly everyoneIn: number | null },
  { limit, offset = 0, after = 0 }: ContactPage,
): Promise<Account[]> {
  const later = visibleTo(db, owner).where('accounts.id', '>', after);
  const rows = await later.orderBy('accounts.id').limit(limit).offset(offset).execute();
  return rows.map(accountOf);
}

/** Finds one account of the address book of `listAddressBookPage`. */
export async function findInAddressBook(
  db: Db,
  owner: { readonly id: number; readonly everyoneIn: number | null },
  id: number,
): Promise<Account | undefined> {
  const row = await visibleTo(db, owner).where('accounts.id', '=', id).executeTakeFirst();
  return row && accountOf(row);
}

function visibleTo(db: Db, { id, everyoneIn }: { readonly id: number; readonly everyoneIn: number | null }) {
  return db
    .selectFrom('accounts')
    .leftJoin('external_accounts', 'external_accounts.account_id', 'accounts.id')
    .where('accounts.blocked_at', 'is', null)
    .where((row) =>
      everyoneIn === null
        ? row('accounts.id', 'in', chosenBy(row, id))
        : row.or([
            row.and([row('accounts.space_id', '=', everyoneIn), row('accounts.id', '!=', id)]),
            row('accounts.id', 'in', chosenBy(row, id)),
          ]),
    )
    .select(accountColumns);
}

export async function listContacts(db: Db, accountId: number): Promise<Account[]> {
  return (await rows(db, ofAccount, { accountId })).map(accountOf);
}

/** By default, the first page. `after` is the id of the last account on the page before. */
export interface ContactPage {
  readonly limit: number;
  readonly offset?: number;
  readonly after?: number;
}

export async function listContactsOfPage(
  db: Db,
  accountId: number,
  { limit, offset = 0, after = 0 }: ContactPage,
): Promise<Account[]> {
  const later = contactsOfAccount(db, accountId).where('accounts.id', '>', after);
  return (await later.limit(limit).offset(offset).execute()).map(accountOf);
}

export async function findContact(db: Db, accountId: number, contactId: number): Promise<Account | undefined> {
  const row = await contactsOfAccount(db, accountId).where('contacts.contact_id', '=', contactId).executeTakeFirst();
  return row && accountOf(row);
}

/** Adds a contact. Returns false if it was already there. */
export async function insertContact(
  tx: Transaction,
  accountId: number,
  contactId: number,
  now: number,
): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('contacts')
    .values({ account_id: accountId, contact_id: contactId, created_at: now })
    .onConflict((conflict) => conflict.columns(['account_id', 'contact_id']).doNothing())
    .executeTakeFirst();
  return numInsertedOrUpdatedRows === 1n;
}

/** Removes a contact. Returns whether it was there. */
export async function deleteContact(tx: Transaction, accountId: number, contactId: number): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom('contacts')
    .where('account_id', '=', accountId)
    .where('contact_id', '=', contactId)
    .executeTakeFirst();
  return numDeletedRows > 0n;
}
