import { type Account, type AccountInSpace, addressOf } from '../accounts/account.ts';
import { getAccount, holdAccount } from '../accounts/account-store.ts';
import { AppError } from '../errors.ts';
import type { Actor } from '../events/actor.ts';
import { type ChangeContext, change } from '../events/change.ts';
import { recordEvent } from '../events/event-store.ts';
import { lockSpace } from '../spaces/space-store.ts';
import { violatedReference } from '../storage/dialect.ts';
import type { Transaction } from '../storage/tables.ts';
import { deleteContact, insertContact } from './contact-store.ts';

/** Adds an account to another account's contacts. Does nothing if it is already there. */
export async function addContact(
  context: ChangeContext,
  actor: Actor,
  { id: accountId, spaceId }: Account,
  contact: AccountInSpace,
): Promise<void> {
  if (contact.account.id === accountId) throw new AppError('conflict', { why: 'own-contact' });
  try {
    await change(context, actor, async (tx, by) => {
      const detail = { contact: await heldAddress(tx, contact) };
      if (!(await insertContact(tx, accountId, contact.account.id, by.at))) return;
      await recordEvent(tx, { ...by, kind: 'contact-added', spaceId, accountId, detail });
    });
  } catch (error) {
    // The owner or the contact was deleted meanwhile. SQLite does not tell which.
    if (violatedReference(error))
      for (const id of [accountId, contact.account.id]) await getAccount(context.database, id);
    throw error;
  }
}

/** Removes an account from another account's contacts. Throws `not-found` if it is not there. */
export function removeContact(
  context: ChangeContext,
  actor: Actor,
  owner: AccountInSpace,
  contact: AccountInSpace,
): Promise<void> {
  const { id: accountId, spaceId } = owner.account;
  return change(context, actor, async (tx, by) => {
    const detail = { contact: await heldAddress(tx, contact) };
    if (!(await deleteContact(tx, accountId, contact.account.id))) {
      throw new AppError('not-found', { what: 'contact', name: detail.contact, owner: addressOf(owner) });
    }
    await recordEvent(tx, { ...by, kind: 'contact-removed', spaceId, accountId, detail });
  });
}

/** Returns the account's current SIP address, which stays until the transaction ends. */
async function heldAddress(tx: Transaction, { account: { id, spaceId } }: AccountInSpace): Promise<string> {
  const space = await lockSpace(tx, spaceId);
  return addressOf({ space, account: await holdAccount(tx, id) });
}
