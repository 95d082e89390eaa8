import type { Updateable } from 'kysely';
import { deleteUserKeys } from '../access/api-key-store.ts';
import { askAboutState } from '../access/password-question.ts';
import { deleteSessions } from '../access/session-store.ts';
import type { Account } from '../accounts/account.ts';
import { noteCodeEnded } from '../accounts/account-state-store.ts';
import { getAccount, lockAccount, updateAccountRow } from '../accounts/account-store.ts';
import type { Actor, By } from '../events/actor.ts';
import { type ChangeContext, change } from '../events/change.ts';
import { recordEvent } from '../events/event-store.ts';
import type { AccountTable } from '../storage/account-tables.ts';
import type { Transaction } from '../storage/tables.ts';
import { recordEndOfCodes } from '../tokens/revoke-token.ts';
import { revokeTokens } from '../tokens/token-store.ts';
import { keepingAnAdministrator } from './keeping-an-administrator.ts';

export type StateChange = 'activate' | 'deactivate' | 'unblock';
type AnyChange = StateChange | 'block';

const eventKinds = {
  activate: 'activated',
  deactivate: 'deactivated',
  block: 'blocked',
  unblock: 'unblocked',
} as const satisfies Record<AnyChange, string>;

/** Activates, deactivates or unblocks an account. Deactivating also revokes its tokens and ends its sessions. */
export function changeAccountState(
  context: ChangeContext,
  actor: Actor,
  { id }: Account,
  to: StateChange,
): Promise<Account> {
  return change(context, actor, (tx, by) => {
    const work = () => changeStateIn(tx, by, id, to);
    return to === 'deactivate' ? keepingAnAdministrator(tx, work) : work();
  });
}

async function changeStateIn(tx: Transaction, by: By, id: number, to: StateChange): Promise<Account> {
  const account = await lockAccount(tx, id);
  askAboutState(by, account, to);
  await applyStateIn(tx, by, account, { to });
  return getAccount(tx, id);
}

interface AppliedChange {
  readonly to: AnyChange;
  /** The moment to store for a block. By default, the time of the change. */
  readonly blockedAt?: number | undefined;
}

/**
 * Changes the state of `account`, which the transaction has locked. Blocking does what deactivating does, and ends the
 * keys that its users fetched; named keys and device keys work again once it is unblocked.
 */
export async function applyStateIn(
  tx: Transaction,
  by: By,
  account: Account,
  { to, blockedAt = by.at }: AppliedChange,
): Promise<void> {
  const { id } = account;
  const columns = columnsAfter(to, account, to === 'block' ? blockedAt : by.at);
  await updateAccountRow(tx, id, { ...columns, updated_at: by.at });
  const isNew = changesState(account, to);
  if (to === 'deactivate' || to === 'block') {
    // An account that is not activated yet can have a code. Pages that show the code follow the events.
    if (!isNew) await recordEndOfCodes(tx, by, account);
    await revokeTokens(tx, id, by.at);
    await noteCodeEnded(tx, id, by.at);
    await deleteSessions(tx, id);
  }
  if (to === 'block') await deleteUserKeys(tx, id);
  if (isNew) {
    await recordEvent(tx, { ...by, kind: eventKinds[to], spaceId: account.spaceId, accountId: id });
  }
}

function columnsAfter(to: AnyChange, account: Account, now: number): Updateable<AccountTable> {
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

function changesState({ activatedAt, blockedAt }: Account, to: AnyChange): boolean {
  switch (to) {
    case 'activate':
      return activatedAt === null;
    case 'deactivate':
      return activatedAt !== null;
    case 'block':
      return blockedAt === null;
    case 'unblock':
      return blockedAt !== null;
  }
}
