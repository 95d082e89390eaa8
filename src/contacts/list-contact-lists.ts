import type { Account, AccountInSpace } from '../accounts/account.ts';
import type { AccountContext } from '../accounts/find-account.ts';
import type { ContactList } from './contact-list.ts';
import { listContactListRows, listContactListsOf, listMembers } from './contact-list-store.ts';

type Context = Pick<AccountContext, 'database'>;

export function contactListsIn({ database }: Context, spaceIds: readonly number[]): Promise<ContactList[]> {
  return listContactListRows(database, spaceIds);
}

/** Lists the contact lists that an account reads. */
export function contactListsOf({ database }: Context, { id }: Account): Promise<ContactList[]> {
  return listContactListsOf(database, id);
}

/** Lists one page of the members of a list, ordered by id. */
export async function membersOf(
  { database, spaces }: AccountContext,
  { id }: ContactList,
  page: { readonly limit: number; readonly offset: number },
): Promise<AccountInSpace[]> {
  const accounts = await listMembers(database, id, page);
  return accounts.map((account) => ({ account, space: spaces.getById(account.spaceId) }));
}
