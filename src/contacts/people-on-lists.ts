import { type Caller, manages } from '../access/caller.ts';
import { managedAccount } from '../access/managed-account.ts';
import type { AccountInSpace } from '../accounts/account.ts';
import { type AccountContext, addressIn, findAccountInPath } from '../accounts/find-account.ts';
import { type PageAfter, type PageOfRows, pageOfRows } from '../lib/page-of-rows.ts';
import { parseId } from '../lib/parse-id.ts';
import { trimBlanks } from '../lib/trim-blanks.ts';
import { getContactList } from './change-contact-lists.ts';
import { type ContactList, contactListNotFound, type ListSide } from './contact-list.ts';
import { countOnSide, findOnSide, listSideAfter } from './contact-list-store.ts';

/** Returns the list if the caller manages its space. Otherwise throws as if it did not exist. */
export async function managedContactList(
  context: Pick<AccountContext, 'database'>,
  caller: Caller,
  id: string,
): Promise<ContactList> {
  const list = await getContactList(context, id);
  if (!manages(caller, list.spaceId)) throw contactListNotFound(id);
  return list;
}

/** Returns a page of the members or readers of a list. */
export async function peopleOnList(
  { database, spaces }: AccountContext,
  list: ContactList,
  side: ListSide,
  { after = 0, limit }: PageAfter,
): Promise<PageOfRows<AccountInSpace>> {
  const accounts = await listSideAfter(database, list.id, { side, after, limit: limit + 1 });
  const people = accounts.map((account) => ({ account, space: spaces.getById(account.spaceId) }));
  return pageOfRows(people, limit);
}

/**
 * Returns the account with this id to take off a list. Somebody else may have put an account of another space on it.
 * One that is not on the list is returned only if the caller manages it. Otherwise throws as if it did not exist.
 */
export async function personToTakeOff(
  context: AccountContext,
  caller: Caller,
  list: ContactList,
  { id, side }: { readonly id: string; readonly side: ListSide },
): Promise<AccountInSpace> {
  const accountId = parseId(id);
  const found = accountId === undefined ? undefined : await findOnSide(context.database, list.id, { side, accountId });
  if (found === undefined) return managedAccount(context, caller, id);
  return { account: found, space: context.spaces.getById(found.spaceId) };
}

/** Returns how many members and readers each of these lists has. */
export async function countPeople({ database }: Pick<AccountContext, 'database'>, lists: readonly ContactList[]) {
  const ids = lists.map(({ id }) => id);
  const [members, readers] = [await countOnSide(database, 'member', ids), await countOnSide(database, 'reader', ids)];
  return (list: ContactList) => ({ members: members.get(list.id) ?? 0, readers: readers.get(list.id) ?? 0 });
}

/**
 * Returns the names in a text that somebody typed, between commas, semicolons or line breaks. Spaces separate names
 * too, unless an account that the caller manages has the whole as its name.
 */
export async function namesTyped(
  context: AccountContext,
  caller: Caller,
  list: ContactList,
  text: string,
): Promise<string[]> {
  const space = context.spaces.getById(list.spaceId);
  const names: string[] = [];
  for (const part of text.split(/[,;\r\n]/).map(trimBlanks)) {
    const words = part.split(/\s+/).filter((word) => word !== '');
    const found = words.length > 1 ? await findAccountInPath(context, addressIn(space, part)) : undefined;
    const isOneName = found !== undefined && manages(caller, found.space.id);
    names.push(...(isOneName ? [part] : words));
  }
  return names;
}

/**
 * Looks up each name with `find`, which gets its full SIP address. Returns each account once. A name without a domain
 * belongs to the list's space.
 */
export async function peopleNamed(
  { spaces }: Pick<AccountContext, 'spaces'>,
  list: ContactList,
  names: readonly string[],
  find: (address: string) => Promise<AccountInSpace>,
): Promise<AccountInSpace[]> {
  const space = spaces.getById(list.spaceId);
  const people = new Map<number, AccountInSpace>();
  for (const name of names) {
    const found = await find(addressIn(space, name));
    people.set(found.account.id, found);
  }
  return [...people.values()];
}
