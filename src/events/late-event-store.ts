import { locking } from '../storage/dialect.ts';
import type { Transaction } from '../storage/tables.ts';

// An event that is recorded late may belong to an account that has been deleted since, together with its events. The
// lock makes a deletion wait, and the deletion then finds the event. Without the lock, neither would see the other.

/**
 * Returns which of these accounts exist, and locks them, so that they cannot be deleted before the transaction ends.
 */
export async function keepAccounts(tx: Transaction, ids: readonly number[]): Promise<ReadonlySet<number>> {
  const accounts = tx.selectFrom('accounts').where('id', 'in', ids).orderBy('id').select('id');
  const rows = await locking(tx, accounts, 'key share').execute();
  return new Set(rows.map(({ id }) => id));
}
