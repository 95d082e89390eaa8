import type { Account } from '../accounts/account.ts';
import { noteNewAddress } from '../accounts/account-state-store.ts';
import type { Transaction } from '../storage/tables.ts';
import { deleteWaitingMails } from './waiting-mail-store.ts';

/**
 * Does what follows from a new mail address, on an account that is locked: nobody counts as invited there, and no mail that
 * waits goes to the old one.
 */
export async function applyNewAddressIn(tx: Transaction, { id: accountId }: Account): Promise<void> {
  await noteNewAddress(tx, accountId);
  await deleteWaitingMails(tx, accountId);
}
