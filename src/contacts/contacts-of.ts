import type { Account, AccountInSpace } from '../accounts/account.ts';
import type { AccountContext } from '../accounts/find-account.ts';
import { AppError } from '../errors.ts';
import { parseSipAddress, sipUri } from '../sip/sip-uri.ts';
import { listContacts } from './contact-store.ts';
import type { ContactCard } from './vcard.ts';

/** All contacts of an account, blocked ones too. */
export async function allContactsOf(context: AccountContext, { id }: Account): Promise<AccountInSpace[]> {
  const accounts = await listContacts(context.database, id);
  return accounts.map((account) => ({ account, space: context.spaces.getById(account.spaceId) }));
}

/** An account's contacts as its phone sees them: a blocked account is nobody's contact meanwhile. */
export async function contactsOf(context: AccountContext, account: Account): Promise<AccountInSpace[]> {
  return (await allContactsOf(context, account)).filter((contact) => contact.account.blockedAt === null);
}

/** The contact with that SIP address. */
export async function getContactAt(context: AccountContext, account: Account, text: string): Promise<AccountInSpace> {
  const address = parseSipAddress(text);
  const contact = (await contactsOf(context, account)).find(
    (each) => each.account.username === address?.username && each.space.domain === address.domain,
  );
  if (contact === undefined) throw new AppError('not-found', { what: 'contact', name: text });
  return contact;
}

/** One contact as a vCard shows it. */
export function contactCard({ account, space: { domain } }: AccountInSpace): ContactCard {
  return {
    // Stable: Linphone would otherwise take the contact for a new one at each start.
    uid: `ringup-account-${account.id}@${domain}`,
    displayName: account.displayName,
    sipUri: sipUri(account.username, domain),
    dtmfProtocol: account.dtmfProtocol,
    types: [],
    actions: [],
  };
}
