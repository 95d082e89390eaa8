import type { Account } from '../accounts/account.ts';
import { deleteAccountRow, lockAccount } from '../accounts/account-store.ts';
import type { Actor } from '../events/actor.ts';
import { type ChangeContext, change } from '../events/change.ts';
import { deleteEventsOf, recordEvent } from '../events/event-store.ts';
import { keepingAnAdministrator } from './keeping-an-administrator.ts';

/** Deletes the account and everything that belongs to it. Of its events, only the deletion remains. */
export function deleteAccount(context: ChangeContext, actor: Actor, { id }: Account): Promise<void> {
  return change(context, actor, async (tx, by) => {
    const { spaceId, username } = await keepingAnAdministrator(tx, async () => {
      const account = await lockAccount(tx, id);
      await deleteAccountRow(tx, id);
      return account;
    });
    await deleteEventsOf(tx, id);
    await recordEvent(tx, { ...by, kind: 'account-deleted', spaceId, accountId: id, detail: { username } });
  });
}
