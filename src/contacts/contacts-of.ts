import type { Account, AccountInSpace } from '../accounts/account.ts';
import { type AccountContext, findAccountInPath } from '../accounts/find-account.ts';
import { AppError } from '../errors.ts';
import { type PageAfter, type PageOfRows, pageOfRows } from '../lib/page-of-rows.ts';
import { parseId } from '../lib/parse-id.ts';
import {
  type ContactPage,
  findContact,
  findInAddressBook,
  listAddressBookPage,
  listContacts,
  listContactsOfPage,
} from './contact-store.ts';

/** Lists all contacts of an account, including blocked ones. */
export async function allContactsOf(context: AccountContext, { id }: Account): Promise<AccountInSpace[]> {
  const accounts = await listContacts(context.database, id);
  return accounts.map((account) => ({ account, space: context.spaces.getById(account.spaceId) }));
}

/** Lists one page of the accounts in the address book of an account's phones, ordered by id. */
export async function pageOfAddressBook(
  { database, spaces }: AccountContext,
  owner: AccountInSpace,
  page: ContactPage,
): Promise<AccountInSpace[]> {
  const accounts = await listAddressBookPage(database, readerOf(owner), page);
  return accounts.map((account) => ({ account, space: spaces.getById(account.spaceId) }));
}

function readerOf({ account, space }: AccountInSpace) {
  return { id: account.id, everyoneIn: space.directory === 'everyone' ? space.id : null };
}

/** Lists one page of an account's own contacts, including blocked ones, ordered by id. */
export async function pageOfContacts(
  { database, spaces }: AccountContext,
  { id }: Account,
  page: ContactPage,
): Promise<AccountInSpace[]> {
  const accounts = await listContactsOfPage(database, id, page);
  return accounts.map((account) => ({ account, space: spaces.getById(account.spaceId) }));
}

/** Returns a page of the accounts in the address book of an account's phones. */
export async function addressBookAfter(
  context: AccountContext,
  owner: AccountInSpace,
  { after = 0, limit }: PageAfter,
): Promise<PageOfRows<AccountInSpace>> {
  return pageOfRows(await pageOfAddressBook(context, owner, { limit: limit + 1, after }), limit);
}

/** Returns a page of an account's own contacts, including blocked ones. */
export async function contactsAfter(
  context: AccountContext,
  owner: Account,
  { after = 0, limit }: PageAfter,
): Promise<PageOfRows<AccountInSpace>> {
  return pageOfRows(await pageOfContacts(context, owner, { limit: limit + 1, after }), limit);
}

/**
 * Returns the account with this SIP address from a URL path, if it is in the address book of the owner's phones.
 * Otherwise throws `not-found`.
 */
export async function getContactAt(
  context: AccountContext,
  owner: AccountInSpace,
  text: string,
): Promise<AccountInSpace> {
  const found = await findAccountInPath(context, text);
  const contact = found && (await findInAddressBook(context.database, readerOf(owner), found.account.id));
  if (found === undefined || contact === undefined) throw contactNotFound(text);
  return { account: contact, space: found.space };
}

/** Returns the contact with this decimal id, which may be blocked. Throws `not-found` if there is none. */
export async function getContact(context: AccountContext, owner: Account, id: string): Promise<AccountInSpace> {
  const number = parseId(id);
  const account = number === undefined ? undefined : await findContact(context.database, owner.id, number);
  if (account === undefined) throw contactNotFound(id);
  return { account, space: context.spaces.getById(account.spaceId) };
}

function contactNotFound(name: string): AppError {
  return new AppError('not-found', { what: 'contact', name });
}
