import type { Account } from '../accounts/account.ts';
import { noteNewAddress } from '../accounts/account-state-store.ts';
import type { By } from '../events/actor.ts';
import type { Transaction } from '../storage/tables.ts';
import { revokeTokens } from '../tokens/token-store.ts';
import { deleteWaitingMails } from './waiting-mail-store.ts';

/**
 * Does what follows from a new mail address, on an account that is locked: nobody counts as invited there, no mail that
 * waits goes to the old one, and links to a new password that went there end.
 */
export async function applyNewAddressIn(tx: Transaction, by: By, { id: accountId }: Account): Promise<void> {
  await noteNewAddress(tx, accountId);
  await deleteWaitingMails(tx, accountId);
  await revokeTokens(tx, accountId, by.at, 'password-reset');
}
