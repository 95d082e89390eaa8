import { countUsableAdministrators } from '../accounts/account-store.ts';
import { bumpRevision } from '../cluster/revision-store.ts';
import { AppError } from '../errors.ts';
import type { Transaction } from '../storage/tables.ts';

/**
 * Runs `work`, and throws if it removed the last administrator, which rolls the transaction back. Call this before
 * locking any account. All code takes the two locks in this order, which prevents deadlocks.
 */
export async function keepingAnAdministrator<T>(tx: Transaction, work: () => Promise<T>): Promise<T> {
  // Two administrators who remove each other at the same time must take turns.
  await bumpRevision(tx, 'administrators');
  const before = await countUsableAdministrators(tx);
  const result = await work();
  if (before > 0 && (await countUsableAdministrators(tx)) === 0) {
    throw new AppError('last-administrator', {});
  }
  return result;
}
