import type { Account, AccountInSpace } from '../accounts/account.ts';
import { invalidFields } from '../errors.ts';
import type { Actor } from '../events/actor.ts';
import { type ChangeContext, change } from '../events/change.ts';
import { recordEvent } from '../events/event-store.ts';
import { deleteContact, insertContact } from './contact-store.ts';

/** Adds an account to the contacts of another. Does nothing if it is already there. */
export async function addContact(
  context: ChangeContext,
  actor: Actor,
  { id: accountId, spaceId }: Account,
  contact: AccountInSpace,
): Promise<void> {
  if (contact.account.id === accountId) throw invalidFields({ contact_id: ['is the account itself'] });
  await change(context, actor, async (tx, by) => {
    if (!(await insertContact(tx, accountId, contact.account.id, by.at))) return;
    const detail = { contact: addressOf(contact) };
    await recordEvent(tx, { ...by, kind: 'contact-added', spaceId, accountId, detail });
  });
}

/** Removes an account from the contacts of another. Returns false if it was not there. */
export function removeContact(
  context: ChangeContext,
  actor: Actor,
  { id: accountId, spaceId }: Account,
  contact: AccountInSpace,
): Promise<boolean> {
  return change(context, actor, async (tx, by) => {
    if (!(await deleteContact(tx, accountId, contact.account.id))) return false;
    const detail = { contact: addressOf(contact) };
    await recordEvent(tx, { ...by, kind: 'contact-removed', spaceId, accountId, detail });
    return true;
  });
}

function addressOf({ account, space }: AccountInSpace): string {
  return `${account.username}@${space.domain}`;
}
