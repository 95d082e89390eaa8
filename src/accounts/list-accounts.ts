import { maxListed } from '../lib/max-listed.ts';
import type { Space } from '../spaces/space.ts';
import type { Account } from './account.ts';
import { listAdministrators } from './account-list-store.ts';
import { findShownNames, findUsernames } from './account-store.ts';
import type { AccountContext } from './find-account.ts';

/** Returns user names by account id, for the accounts that exist. */
export function usernamesOf(
  { database }: Pick<AccountContext, 'database'>,
  ids: readonly number[],
): Promise<Map<number, string>> {
  return findUsernames(database, ids);
}

/** Returns display names, or else user names, by account id, for the accounts that exist. */
export function shownNamesOf(
  { database }: Pick<AccountContext, 'database'>,
  ids: readonly number[],
): Promise<Map<number, string>> {
  return findShownNames(database, ids);
}

export function administratorsOf(
  { database }: Pick<AccountContext, 'database'>,
  { id }: Pick<Space, 'id'>,
): Promise<Account[]> {
  return listAdministrators(database, id, maxListed);
}
