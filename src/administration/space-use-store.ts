import type { Db, Transaction } from '../storage/tables.ts';

/**
 * Returns at most `limit` user names of accounts that have a device, a used code or an external account. Such
 * accounts are bound to the space's domain.
 */
export async function accountsBoundToDomain(tx: Transaction, spaceId: number, limit: number): Promise<string[]> {
  const rows = await tx
    .selectFrom('accounts')
    .select('username')
    .where('space_id', '=', spaceId)
    .where(({ or, exists, selectFrom }) =>
      or([
        exists(selectFrom('devices').select('devices.id').whereRef('devices.account_id', '=', 'accounts.id')),
        exists(
          selectFrom('tokens')
            .select('tokens.id')
            .whereRef('tokens.account_id', '=', 'accounts.id')
            .where('tokens.claimed_at', 'is not', null),
        ),
        exists(
          selectFrom('external_accounts')
            .select('external_accounts.account_id')
            .whereRef('external_accounts.account_id', '=', 'accounts.id'),
        ),
      ]),
    )
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map(({ username }) => username);
}

/** Counts the accounts of a space and their unrevoked devices. */
export async function countHoldings(db: Db, spaceId: number): Promise<{ accounts: number; devices: number }> {
  const { accounts } = await db
    .selectFrom('accounts')
    .where('space_id', '=', spaceId)
    .select((row) => row.fn.countAll().as('accounts'))
    .executeTakeFirstOrThrow();
  const { devices } = await db
    .selectFrom('devices')
    .innerJoin('accounts', 'accounts.id', 'devices.account_id')
    .where('accounts.space_id', '=', spaceId)
    .where('devices.revoked_at', 'is', null)
    .select((row) => row.fn.countAll().as('devices'))
    .executeTakeFirstOrThrow();
  return { accounts: Number(accounts), devices: Number(devices) };
}
