import type { AccountInSpace } from './account.ts';
import { type AccountFilter, eachAccount, findUsernames, listAccounts } from './account-store.ts';
import type { AccountContext } from './find-account.ts';

export type { AccountFilter } from './account-store.ts';

/** Returns one page of the matching accounts, ordered by id, and how many match in total. */
export async function pageOfAccounts(
  { database, spaces }: AccountContext,
  filter: AccountFilter,
  page: { readonly limit: number; readonly offset: number },
): Promise<{ accounts: AccountInSpace[]; total: number }> {
  const { accounts, total } = await listAccounts(database, filter, page);
  return { accounts: accounts.map((account) => ({ account, space: spaces.getById(account.spaceId) })), total };
}

/** Yields all matching accounts in batches, because there may be a million. */
export async function* allAccounts(
  { database, spaces }: AccountContext,
  filter: AccountFilter,
): AsyncGenerator<AccountInSpace[]> {
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
