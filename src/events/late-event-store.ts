import { locking } from '../storage/dialect.ts';
import type { Transaction } from '../storage/tables.ts';

// What is recorded some time after it happened may be of an account that has been deleted since, together with its
// events. The lock keeps the deletion waiting, which then finds the event; without it, neither would see the other.

/** Returns which of these accounts exist, and keeps them from being deleted until the transaction ends. */
export async function keepAccounts(tx: Transaction, ids: readonly number[]): Promise<ReadonlySet<number>> {
  const accounts = tx.selectFrom('accounts').where('id', 'in', ids).orderBy('id').select('id');
  const rows = await locking(tx, accounts, 'key share').execute();
  return new Set(rows.map(({ id }) => id));
}
