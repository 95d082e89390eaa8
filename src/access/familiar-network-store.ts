import type { Db, Transaction } from '../storage/tables.ts';

// Networks that people have signed in from. Strangers on other networks cannot lock the account out there.

export async function isFamiliarNetwork(db: Db, accountId: number, network: string, since: number): Promise<boolean> {
  const row = await db
    .selectFrom('familiar_networks')
    .where('account_id', '=', accountId)
    .where('network', '=', network)
    .where('signed_in_at', '>=', since)
    .select('account_id')
    .executeTakeFirst();
  return row !== undefined;
}

export async function rememberNetwork(tx: Transaction, accountId: number, network: string, at: number): Promise<void> {
  await tx
    .insertInto('familiar_networks')
    .values({ account_id: accountId, network, signed_in_at: at })
    .onConflict((conflict) => conflict.columns(['account_id', 'network']).doUpdateSet({ signed_in_at: at }))
    .execute();
}

export async function forgetNetworks(db: Db, before: number): Promise<void> {
  await db.deleteFrom('familiar_networks').where('signed_in_at', '<', before).execute();
}
