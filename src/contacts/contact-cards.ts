import type { Account } from '../accounts/account.ts';
import { sipUri } from '../sip/sip-uri.ts';
import type { SpaceDirectory } from '../spaces/space-directory.ts';
import type { Database } from '../storage/database.ts';
import { listContacts } from './contact-store.ts';
import type { ContactCard } from './vcard.ts';

export interface Contact {
  readonly account: Account;
  readonly domain: string;
}

export interface ContactContext {
  readonly database: Database;
  readonly spaces: SpaceDirectory;
}

/** An account's contacts, as far as they work: a blocked account is nobody's contact meanwhile. */
export async function contactsOf(context: ContactContext, accountId: number): Promise<Contact[]> {
  const accounts = await listContacts(context.database, accountId);
  return accounts
    .filter((account) => account.blockedAt === null)
    .map((account) => ({ account, domain: context.spaces.getById(account.spaceId).domain }));
}

/** One contact as a vCard will show it. */
export function contactCard({ account, domain }: Contact): ContactCard {
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
