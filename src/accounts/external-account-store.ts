import type { Db, ExternalAccountTable } from '../storage/tables.ts';

export async function upsertExternalRow(db: Db, row: ExternalAccountTable): Promise<void> {
  const { account_id: _, created_at: __, ...changes } = row;
  await db
    .insertInto('external_accounts')
    .values(row)
    .onConflict((conflict) => conflict.column('account_id').doUpdateSet(changes))
    .execute();
}

/** Answers whether it was there. */
export async function deleteExternalRow(db: Db, accountId: number): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom('external_accounts')
    .where('account_id', '=', accountId)
    .executeTakeFirst();
  return numDeletedRows > 0n;
}
