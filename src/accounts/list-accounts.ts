import { maxListed } from '../lib/max-listed.ts';
import type { Space } from '../spaces/space.ts';
import type { Account, AccountInSpace } from './account.ts';
import { type AccountFilter, eachAccount, listAccounts, listAdministrators } from './account-list-store.ts';
import { expireAllCodes } from './account-states.ts';
import { findShownNames, findUsernames } from './account-store.ts';
import type { AccountContext } from './find-account.ts';

export type { AccountFilter } from './account-list-store.ts';

export interface ListContext extends AccountContext {
  now(): number;
}

/** Returns one page of the matching accounts, ordered by id, and how many match in total. */
export async function pageOfAccounts(
  { database, spaces, now }: ListContext,
  filter: AccountFilter,
  page: { readonly limit: number; readonly offset: number },
): Promise<{ accounts: AccountInSpace[]; total: number }> {
  await expireAllCodes(database, now());
  const { accounts, total } = await listAccounts(database, filter, page);
  return { accounts: accounts.map((account) => ({ account, space: spaces.getById(account.spaceId) })), total };
}

/** Yields all matching accounts in batches, because there may be a million. */
export async function* allAccounts(
  { database, spaces, now }: ListContext,
  filter: AccountFilter,
): AsyncGenerator<AccountInSpace[]> {
  await expireAllCodes(database, now());
  for await (const accounts of eachAccount(database, filter)) {
    yield accounts.map((account) => ({ account, space: spaces.getById(account.spaceId) }));
  }
}

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
