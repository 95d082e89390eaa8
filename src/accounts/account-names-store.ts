import { sql } from 'kysely';
import { lowerAscii } from '../storage/dialect.ts';
import type { Db } from '../storage/tables.ts';
import type { Account } from './account.ts';
import { accountOf } from './account-row.ts';
import { selectAccounts } from './account-store.ts';

/** What accounts are found by, all in one query. Mail addresses must come from `lowerCaseAscii`. */
export interface AccountNames {
  readonly usernames: readonly string[];
  readonly emails: readonly string[];
  readonly phones: readonly string[];
}

/** Returns the accounts of a space that have one of these user names, e-mail addresses or phone numbers. */
export async function findAccountsByNames(db: Db, spaceId: number, names: AccountNames): Promise<Account[]> {
  const { usernames, emails, phones } = names;
  if (usernames.length + emails.length + phones.length === 0) return [];
  const rows = await selectAccounts(db)
    .where('accounts.space_id', '=', spaceId)
    .where(({ or, eb }) =>
      or([
        ...(usernames.length === 0 ? [] : [eb('accounts.username', 'in', usernames)]),
        ...(emails.length === 0 ? [] : [eb(lowerAscii(db, sql.ref('accounts.email')), 'in', emails)]),
        ...(phones.length === 0 ? [] : [eb('accounts.phone', 'in', phones)]),
      ]),
    )
    .execute();
  return rows.map(accountOf);
}
