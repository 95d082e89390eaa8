import { type Account, type AccountInSpace, addressOf } from '../accounts/account.ts';
import { getAccount } from '../accounts/account-store.ts';
import { AppError } from '../errors.ts';
import type { Actor } from '../events/actor.ts';
import { type ChangeContext, change } from '../events/change.ts';
import { recordEvent } from '../events/event-store.ts';
import { violatedReference } from '../storage/dialect.ts';
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
      if (!(await insertContact(tx, accountId, contact.account.id, by.at))) return;
      const detail = { contact: addressOf(contact) };
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
    const detail = { contact: addressOf(contact) };
    if (!(await deleteContact(tx, accountId, contact.account.id))) {
      throw new AppError('not-found', { what: 'contact', name: detail.contact, owner: addressOf(owner) });
    }
    await recordEvent(tx, { ...by, kind: 'contact-removed', spaceId, accountId, detail });
  });
}
