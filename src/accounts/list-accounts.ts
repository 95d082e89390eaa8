import type { AccountInSpace } from './account.ts';
import { type AccountFilter, eachAccount, findUsernames, listAccounts } from './account-store.ts';
import type { AccountContext } from './find-account.ts';

export type { AccountFilter } from './account-store.ts';

/** One page of the accounts that match, in the order of their ids, and how many match in all. */
export async function pageOfAccounts(
  { database, spaces }: AccountContext,
  filter: AccountFilter,
  page: { readonly limit: number; readonly offset: number },
): Promise<{ accounts: AccountInSpace[]; total: number }> {
  const { accounts, total } = await listAccounts(database, filter, page);
  return { accounts: accounts.map((account) => ({ account, space: spaces.getById(account.spaceId) })), total };
}

/** All accounts that match, some at a time: there may be a million. */
export async function* allAccounts(
  { database, spaces }: AccountContext,
  filter: AccountFilter,
): AsyncGenerator<AccountInSpace[]> {
  for await (const accounts of eachAccount(database, filter)) {
    yield accounts.map((account) => ({ account, space: spaces.getById(account.spaceId) }));
  }
}

/** User names by account id, of those accounts that are there. */
export function usernamesOf(
  { database }: Pick<AccountContext, 'database'>,
  ids: readonly number[],
): Promise<Map<number, string>> {
  return findUsernames(database, ids);
}
