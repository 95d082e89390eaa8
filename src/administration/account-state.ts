import type { Account } from '../accounts/account.ts';
import type { AccountChanges } from '../accounts/account-fields.ts';
import { getAccount, updateAccountRow } from '../accounts/account-store.ts';
import type { Space } from '../spaces/space.ts';
import type { Db } from '../storage/tables.ts';
import { revokeTokens } from '../tokens/token-store.ts';
import { keepingAnAdministrator, updateAccount } from './manage-accounts.ts';

export type StateChange = 'activate' | 'deactivate' | 'block' | 'unblock';

/** Changes whether an account works; those that end it also end its tokens. `db` is a transaction. */
export async function changeAccountState(db: Db, account: Account, change: StateChange, now: number): Promise<Account> {
  switch (change) {
    case 'activate':
      await updateAccountRow(db, account.id, { activated_at: account.activatedAt ?? now, updated_at: now });
      break;
    case 'unblock':
      await updateAccountRow(db, account.id, { blocked_at: null, updated_at: now });
      break;
    case 'deactivate':
      await end(db, account, { activated_at: null }, now);
      break;
    case 'block':
      await end(db, account, { blocked_at: account.blockedAt ?? now }, now);
      break;
  }
  return getAccount(db, account.id);
}

/** Changes what `fields` names; an account that is deactivated by it loses its tokens. `db` is a transaction. */
export async function changeAccount(
  db: Db,
  account: Account,
  space: Space,
  fields: AccountChanges,
  now: number,
): Promise<Account> {
  const changed = await updateAccount(db, account, space, fields, now);
  if (account.activatedAt !== null && changed.activatedAt === null) await revokeTokens(db, account.id, now);
  return changed;
}

async function end(
  db: Db,
  account: Account,
  state: { activated_at: null } | { blocked_at: number },
  now: number,
): Promise<void> {
  const work = async () => {
    await updateAccountRow(db, account.id, { ...state, updated_at: now });
    await revokeTokens(db, account.id, now);
  };
  if (account.admin) await keepingAnAdministrator(db, work);
  else await work();
}
