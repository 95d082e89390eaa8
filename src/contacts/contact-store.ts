import type { Account } from '../accounts/account.ts';
import { accountColumns, accountOf } from '../accounts/account-row.ts';
import { rows } from '../storage/database.ts';
import { statement } from '../storage/statement.ts';
import type { Db, Transaction } from '../storage/tables.ts';

const ofAccount = statement<{ accountId: number }>()((db, at) =>
  db
    .selectFrom('contacts')
    .innerJoin('accounts', 'accounts.id', 'contacts.contact_id')
    .leftJoin('external_accounts', 'external_accounts.account_id', 'accounts.id')
    .where('contacts.account_id', '=', at.accountId)
    .orderBy('accounts.id')
    .select(accountColumns),
);

/** Lists the accounts that are contacts of an account. */
export async function listContacts(db: Db, accountId: number): Promise<Account[]> {
  return (await rows(db, ofAccount, { accountId })).map(accountOf);
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

/** Returns whether the contact was there. */
export async function deleteContact(tx: Transaction, accountId: number, contactId: number): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom('contacts')
    .where('account_id', '=', accountId)
    .where('contact_id', '=', contactId)
    .executeTakeFirst();
  return numDeletedRows > 0n;
}
