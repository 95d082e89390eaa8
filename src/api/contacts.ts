import { Type } from 'typebox';
import { actorOf, manages } from '../access/caller.ts';
import { managedAccount } from '../access/managed-account.ts';
import type { AccountInSpace } from '../accounts/account.ts';
import { addContact as add, removeContact as remove } from '../contacts/change-contacts.ts';
import { allContactsOf, contactsOf, getContact, getContactAt } from '../contacts/contacts-of.ts';
import { endpoint } from '../http/route.ts';
import { accountAnswer, accountJson } from '../views/account.ts';

export const listOwnContacts = endpoint({
  summary: "List the caller's contacts",
  answer: Type.Array(accountAnswer),
  handle: async ({ app, caller }) => (await contactsOf(app, caller.account)).map(publicContact),
});

export const showOwnContact = endpoint({
  params: ['sip'],
  summary: "Get one of the caller's contacts",
  answer: accountAnswer,
  handle: async ({ app, caller, params }) => publicContact(await getContactAt(app, caller.account, params.sip)),
});

export const listContacts = endpoint({
  params: ['id'],
  summary: 'List the contacts of an account',
  answer: Type.Array(accountAnswer),
  async handle({ app, caller, params }) {
    const { account } = await managedAccount(app, caller, params.id);
    const contacts = await allContactsOf(app, account);
    return contacts.map((each) => (manages(caller, each.space.id) ? accountJson(each) : publicContact(each)));
  },
});

export const addContact = endpoint({
  params: ['id', 'contactId'],
  summary: 'Add an account to the contacts of another',
  async handle({ app, caller, params }) {
    const { account } = await managedAccount(app, caller, params.id);
    const contact = await managedAccount(app, caller, params.contactId);
    await add(app, actorOf(caller), account, contact);
    return accountJson(contact);
  },
});

export const removeContact = endpoint({
  params: ['id', 'contactId'],
  summary: 'Remove an account from the contacts of another',
  async handle({ app, caller, params }) {
    const owner = await managedAccount(app, caller, params.id);
    const contact = await getContact(app, owner.account, params.contactId);
    await remove(app, actorOf(caller), owner, contact);
  },
});

/** Hides a contact's e-mail address, phone number and rights from callers who do not manage it. */
function publicContact(contact: AccountInSpace) {
  return { ...accountJson(contact), email: null, phone: null, admin: false, passwords: [] };
}
