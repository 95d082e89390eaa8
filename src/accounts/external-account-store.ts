import type { ExternalAccountTable } from '../storage/account-tables.ts';
import type { Transaction } from '../storage/tables.ts';

export async function upsertExternalRow(tx: Transaction, row: ExternalAccountTable): Promise<void> {
  const { account_id: _, created_at: __, ...changes } = row;
  await tx
    .insertInto('external_accounts')
    .values(row)
    .onConflict((conflict) => conflict.column('account_id').doUpdateSet(changes))
    .execute();
}

/** Deletes the external account. Returns whether there was one. */
export async function deleteExternalRow(tx: Transaction, accountId: number): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom('external_accounts')
    .where('account_id', '=', accountId)
    .executeTakeFirst();
  return numDeletedRows > 0n;
}
