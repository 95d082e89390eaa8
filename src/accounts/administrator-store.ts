import type { Db } from '../storage/tables.ts';
import type { Account } from './account.ts';
import { accountColumns, accountOf } from './account-row.ts';

/** Lists the administrators of a space, ordered by id. */
export async function listAdministrators(db: Db, spaceId: number, limit: number): Promise<Account[]> {
  const rows = await db
    .selectFrom('accounts')
    .leftJoin('external_accounts', 'external_accounts.account_id', 'accounts.id')
    .where('accounts.space_id', '=', spaceId)
    .where('accounts.admin', '=', 1)
    .orderBy('accounts.id')
    .limit(limit)
    .select(accountColumns)
    .execute();
  return rows.map(accountOf);
}
