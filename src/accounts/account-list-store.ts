import type { PageAfter } from '../lib/page-of-rows.ts';
import type { Db } from '../storage/tables.ts';
import type { Account } from './account.ts';
import { accountOf } from './account-row.ts';
import { selectAccounts } from './account-store.ts';

/** Returns the accounts that have a linphonerc text of their own. */
export async function listAccountsWithText(db: Db): Promise<Account[]> {
  const rows = await selectAccounts(db).where('accounts.linphonerc', '!=', '').orderBy('accounts.id').execute();
  return rows.map(accountOf);
}

/** Lists a page of the administrators of a space, ordered by id. */
export async function listAdministrators(db: Db, spaceId: number, { after = 0, limit }: PageAfter): Promise<Account[]> {
  const rows = await selectAccounts(db)
    .where('accounts.space_id', '=', spaceId)
    .where('accounts.admin', '=', 1)
    .where('accounts.id', '>', after)
    .orderBy('accounts.id')
    .limit(limit)
    .execute();
  return rows.map(accountOf);
}
