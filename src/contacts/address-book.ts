import type { Account, AccountInSpace } from '../accounts/account.ts';
import type { AccountContext } from '../accounts/find-account.ts';
import { contactCard } from './contact-cards.ts';
import { listAddressBook } from './contact-store.ts';
import type { SharedDirectories } from './shared-directories.ts';
import { writeVcards } from './vcard.ts';

export interface AddressBookContext extends AccountContext {
  readonly directories: SharedDirectories;
}

/**
 * Returns the address book of the account's phones as vCards: the account's own contacts, the members of its lists, and
 * the space's outside contacts. If the space's directory is for everyone, also all other accounts of the space. The
 * parts of what the phones of the space share are no copies.
 */
export async function addressBookOf(
  context: AddressBookContext,
  { account, space }: AccountInSpace,
): Promise<readonly Buffer[]> {
  const chosen = await listAddressBook(context.database, account.id);
  if (space.directory === 'chosen') {
    return [cardsOf(context, chosen), await context.directories.outsideCardsOf(space)];
  }
  const { cards, places } = await context.directories.of(space);
  const [start, end] = places.get(account.id) ?? [0, 0];
  const others = chosen.filter(({ id }) => !places.has(id));
  return [cards.subarray(0, start), cards.subarray(end), cardsOf(context, others)];
}

function cardsOf({ spaces }: AccountContext, accounts: readonly Account[]): Buffer {
  const cards = accounts.map((account) => contactCard({ account, space: spaces.getById(account.spaceId) }));
  return Buffer.from(writeVcards(cards));
}
