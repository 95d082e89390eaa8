import type { Account, AccountInSpace } from '../accounts/account.ts';
import type { AccountContext } from '../accounts/find-account.ts';
import { AppError } from '../errors.ts';
import { parseId } from '../lib/parse-id.ts';
import { parseDecodedAddress, sipUri } from '../sip/sip-uri.ts';
import { listContacts } from './contact-store.ts';
import type { ContactCard } from './vcard.ts';

/** Lists all contacts of an account, including blocked ones. */
export async function allContactsOf(context: AccountContext, { id }: Account): Promise<AccountInSpace[]> {
  const accounts = await listContacts(context.database, id);
  return accounts.map((account) => ({ account, space: context.spaces.getById(account.spaceId) }));
}

/** Lists an account's contacts as its phone sees them, without blocked accounts. */
export async function contactsOf(context: AccountContext, account: Account): Promise<AccountInSpace[]> {
  return (await allContactsOf(context, account)).filter((contact) => contact.account.blockedAt === null);
}

/** Returns the contact with this SIP address from the path of a URL, or throws `not-found`. */
export async function getContactAt(context: AccountContext, account: Account, text: string): Promise<AccountInSpace> {
  const address = parseDecodedAddress(text);
  const contact = (await contactsOf(context, account)).find(
    (each) => each.account.username === address?.username && each.space.domain === address.domain,
  );
  if (contact === undefined) throw new AppError('not-found', { what: 'contact', name: text });
  return contact;
}

/** Returns the contact with this decimal id, which may be blocked, or throws `not-found`. */
export async function getContact(context: AccountContext, owner: Account, id: string): Promise<AccountInSpace> {
  const number = parseId(id);
  const contact = (await allContactsOf(context, owner)).find(({ account }) => account.id === number);
  if (contact === undefined) throw new AppError('not-found', { what: 'contact', name: id });
  return contact;
}

/** Returns the data for the vCard of a contact. */
export function contactCard({ account, space: { domain } }: AccountInSpace): ContactCard {
  return {
    // Stable, because Linphone would otherwise treat the contact as a new one at each start.
    uid: `ringup-account-${account.id}@${domain}`,
    displayName: account.displayName,
    sipUri: sipUri(account.username, domain),
    dtmfProtocol: account.dtmfProtocol,
    types: [],
    actions: [],
  };
}
