import type { Account, AccountInSpace } from '../accounts/account.ts';
import type { AccountContext } from '../accounts/find-account.ts';
import { type PageAfter, type PageOfRows, pageOfRows } from '../lib/page-of-rows.ts';
import type { Space } from '../spaces/space.ts';
import type { ContactList } from './contact-list.ts';
import {
  listContactListRows,
  listContactListsAfter,
  listContactListsNotOf,
  listContactListsOf,
  listContactListsOfAfter,
  listContactListsTitled,
  listMembers,
} from './contact-list-store.ts';

type Context = Pick<AccountContext, 'database'>;

export function contactListsIn({ database }: Context, spaceIds: readonly number[]): Promise<ContactList[]> {
  return listContactListRows(database, spaceIds);
}

/** Returns a page of the contact lists of a space. */
export async function contactListsAfter(
  { database }: Context,
  { id }: Space,
  { after, limit }: PageAfter,
): Promise<PageOfRows<ContactList>> {
  return pageOfRows(await listContactListsAfter(database, id, { after, limit: limit + 1 }), limit);
}

/** Returns the first few lists of a space with exactly this title. Several may have the same one. */
export function contactListsTitled({ database }: Context, { id }: Space, title: string): Promise<ContactList[]> {
  return listContactListsTitled(database, id, { title, limit: 10 });
}

/** Lists the contact lists that an account reads. */
export function contactListsOf({ database }: Context, { id }: Account): Promise<ContactList[]> {
  return listContactListsOf(database, id);
}

/** Returns a page of the contact lists that an account reads. */
export async function contactListsOfAfter(
  { database }: Context,
  { id }: Account,
  { after, limit }: PageAfter,
): Promise<PageOfRows<ContactList>> {
  return pageOfRows(await listContactListsOfAfter(database, id, { after, limit: limit + 1 }), limit);
}

/** Returns the first contact lists of an account's space that it does not read, and whether there are more. */
export async function contactListsToGive(
  { database }: Context,
  { account, space }: AccountInSpace,
  limit: number,
): Promise<PageOfRows<ContactList>> {
  const lists = await listContactListsNotOf(database, space.id, { accountId: account.id, limit: limit + 1 });
  return pageOfRows(lists, limit);
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
