import type { Account } from '../accounts/account.ts';
import { sipUri } from '../sip/sip-uri.ts';
import type { Space } from '../spaces/space.ts';
import type { OutsideContact } from './outside-contact.ts';
import type { ContactCard } from './vcard.ts';

type CardFacts = Pick<Account, 'id' | 'username' | 'displayName' | 'phone'> & { readonly dtmfProtocol: string };

/** Returns the data for the vCard of an account. */
export function contactCard({ account, space: { domain } }: { account: CardFacts; space: Space }): ContactCard {
  return {
    // Must not change, because Linphone would otherwise treat the contact as a new one at each start.
    uid: `ringup-account-${account.id}@${domain}`,
    displayName: account.displayName,
    sipUri: sipUri(account.username, domain),
    phone: account.phone,
    organization: null,
    dtmfProtocol: account.dtmfProtocol,
    types: [],
    actions: [],
  };
}

/** Returns the data for the vCard of an outside contact. */
export function outsideCard(contact: OutsideContact, { domain }: Space): ContactCard {
  return {
    uid: `ringup-outside-${contact.id}@${domain}`,
    displayName: contact.name,
    sipUri: contact.sipUri,
    phone: contact.phone,
    organization: contact.organization,
    dtmfProtocol: null,
    types: [],
    actions: [],
  };
}
