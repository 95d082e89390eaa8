import { countUsableAdministrators } from '../accounts/account-store.ts';
import { bumpRevision } from '../cluster/revision-store.ts';
import { AppError } from '../errors.ts';
import type { Transaction } from '../storage/tables.ts';

/**
 * Does `work`, and undoes it (by throwing inside the transaction) if it took away the last administrator. To be called
 * before any account is locked: whoever takes both locks takes this one first, so that nobody deadlocks.
 */
export async function keepingAnAdministrator<T>(tx: Transaction, work: () => Promise<T>): Promise<T> {
  // Two administrators who remove each other at once do so one after the other.
  await bumpRevision(tx, 'administrators');
  const before = await countUsableAdministrators(tx);
  const result = await work();
  if (before > 0 && (await countUsableAdministrators(tx)) === 0) {
    throw new AppError('last-administrator', {});
  }
  return result;
}
