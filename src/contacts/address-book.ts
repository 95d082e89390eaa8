import type { Account, AccountInSpace } from '../accounts/account.ts';
import type { AccountContext } from '../accounts/find-account.ts';
import { contactCard } from './contact-cards.ts';
import { listAddressBook } from './contact-store.ts';
import { outsideCards, type SharedDirectories } from './shared-directories.ts';
import { writeVcards } from './vcard.ts';

export interface AddressBookContext extends AccountContext {
  readonly directories: SharedDirectories;
}

/**
 * Returns what a phone of the account has in its address book, as vCards: the contacts and lists of the account, the space's
 * contacts from outside, and where the directory is for everyone, all accounts of the space but its own.
 */
export async function addressBookOf(context: AddressBookContext, { account, space }: AccountInSpace): Promise<Buffer> {
  const chosen = await listAddressBook(context.database, account.id);
  if (space.directory === 'chosen') {
    return Buffer.concat([cardsOf(context, chosen), await outsideCards(context.database, space)]);
  }
  const { cards, places } = await context.directories.of(space);
  const [start, end] = places.get(account.id) ?? [0, 0];
  const others = chosen.filter(({ id }) => !places.has(id));
  return Buffer.concat([cards.subarray(0, start), cards.subarray(end), cardsOf(context, others)]);
}

function cardsOf({ spaces }: AccountContext, accounts: readonly Account[]): Buffer {
  const cards = accounts.map((account) => contactCard({ account, space: spaces.getById(account.spaceId) }));
  return Buffer.from(writeVcards(cards));
}
