import { timingSafeEqual } from 'node:crypto';
import type { Account } from '../accounts/account.ts';
import { ha1Columns } from '../accounts/account-row.ts';
import { getAccount, updateAccountRow } from '../accounts/account-store.ts';
import { renewedHa1s } from '../accounts/passwords.ts';
import { invalidFields } from '../errors.ts';
import { type Algorithm, computeHa1 } from '../sip/ha1.ts';
import { realmOf, type Space } from '../spaces/space.ts';
import type { Db } from '../storage/tables.ts';

export interface PasswordChange {
  readonly oldPassword: string;
  readonly password: string;
  readonly algorithm: Algorithm | undefined;
  readonly now: number;
}

/** Changes a password for one who knows the old one. `db` is a transaction. */
export async function changePassword(
  db: Db,
  accountId: number,
  space: Space,
  change: PasswordChange,
): Promise<Account> {
  // The row is taken before it is read: of two changes at once the second is checked against the first one's password.
  await updateAccountRow(db, accountId, { updated_at: change.now });
  const account = await getAccount(db, accountId);
  if (!isPasswordOf(account, space, change.oldPassword)) throw invalidFields({ old_password: ['is not right'] });
  const ha1s = renewedHa1s(account, space, change.password, change.algorithm);
  await updateAccountRow(db, accountId, ha1Columns(ha1s));
  return getAccount(db, accountId);
}

/** Compared in constant time, by the strongest algorithm that is stored. */
export function isPasswordOf(account: Account, space: Space, password: string): boolean {
  const [stored] = account.ha1s;
  if (stored === undefined) return false;
  const offered = computeHa1(stored.algorithm, account.username, realmOf(space), password);
  return timingSafeEqual(Buffer.from(offered), Buffer.from(stored.ha1));
}
