import type { Updateable } from 'kysely';
import type { Account } from '../accounts/account.ts';
import { getAccount, lockAccount, updateAccountRow } from '../accounts/account-store.ts';
import type { Actor, By } from '../events/actor.ts';
import { type ChangeContext, change } from '../events/change.ts';
import { recordEvent } from '../events/event-store.ts';
import type { AccountTable, Transaction } from '../storage/tables.ts';
import { revokeTokens } from '../tokens/token-store.ts';
import { keepingAnAdministrator } from './keeping-an-administrator.ts';

export type StateChange = 'activate' | 'deactivate' | 'block' | 'unblock';

const eventKinds = {
  activate: 'activated',
  deactivate: 'deactivated',
  block: 'blocked',
  unblock: 'unblocked',
} as const satisfies Record<StateChange, string>;

/** Activates, deactivates, blocks or unblocks an account. Deactivating and blocking also revoke its tokens. */
export function changeAccountState(
  context: ChangeContext,
  actor: Actor,
  { id }: Account,
  to: StateChange,
): Promise<Account> {
  return change(context, actor, (tx, by) => {
    const work = () => changeStateIn(tx, by, id, to);
    return to === 'deactivate' || to === 'block' ? keepingAnAdministrator(tx, work) : work();
  });
}

async function changeStateIn(tx: Transaction, by: By, id: number, to: StateChange): Promise<Account> {
  const account = await lockAccount(tx, id);
  await updateAccountRow(tx, id, { ...columnsAfter(to, account, by.at), updated_at: by.at });
  if (to === 'deactivate' || to === 'block') await revokeTokens(tx, id, by.at);
  const changed = await getAccount(tx, id);
  if (isWorking(changed, to) !== isWorking(account, to)) {
    await recordEvent(tx, { ...by, kind: eventKinds[to], spaceId: account.spaceId, accountId: id });
  }
  return changed;
}

function columnsAfter(to: StateChange, account: Account, now: number): Updateable<AccountTable> {
  switch (to) {
    case 'activate':
      return { activated_at: account.activatedAt ?? now };
    case 'deactivate':
      return { activated_at: null };
    case 'block':
      return { blocked_at: account.blockedAt ?? now };
    case 'unblock':
      return { blocked_at: null };
  }
}

/** Returns whether the account is activated, or is not blocked, depending on which of the two `to` is about. */
function isWorking(account: Account, to: StateChange): boolean {
  return to === 'activate' || to === 'deactivate' ? account.activatedAt !== null : account.blockedAt === null;
}
