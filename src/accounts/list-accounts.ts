import { type PageAfter, type PageOfRows, pageOfRows } from '../lib/page-of-rows.ts';
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

/** Lists a page of the administrators of a space, ordered by id. */
export async function administratorsOf(
  { database }: Pick<AccountContext, 'database'>,
  { id }: Pick<Space, 'id'>,
  { after, limit }: PageAfter,
): Promise<PageOfRows<Account>> {
  return pageOfRows(await listAdministrators(database, id, { after, limit: limit + 1 }), limit);
}
