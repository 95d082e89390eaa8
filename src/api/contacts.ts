import { type Static, Type } from 'typebox';
import { actorOf } from '../access/caller.ts';
import { managedAccount } from '../access/managed-account.ts';
import { addContact as add, removeContact as remove } from '../contacts/change-contacts.ts';
import { getContact, getContactAt, pageOfAddressBook, pageOfContacts } from '../contacts/contacts-of.ts';
import { endpoint } from '../http/route.ts';
import { accountAnswer, accountJson } from '../views/account.ts';
import { contactJson, contactJsonFor } from '../views/contact.ts';
import { pageOf, pageQueryUpTo } from './page-of-query.ts';

/** FlexiAPI does not page here. So the first page is long enough to contain all contacts of nearly every account. */
const perPage = { max: 1_000, otherwise: 1_000 };
const contactPageQuery = Type.Object(pageQueryUpTo(perPage));

function contactPageOf(query: Static<typeof contactPageQuery>) {
  const { page, perPage: limit } = pageOf(query, perPage);
  return { limit, offset: (page - 1) * limit };
}

export const listOwnContacts = endpoint({
  summary: "List the accounts in the address book of the caller's phones",
  description:
    "The caller's contacts and the members of its lists; where the space's `directory` is `everyone`, all accounts.",
  query: contactPageQuery,
  answer: Type.Array(accountAnswer),
  handle: async ({ app, caller, query }) =>
    (await pageOfAddressBook(app, caller, contactPageOf(query))).map(contactJson),
});

export const showOwnContact = endpoint({
  params: ['sip'],
  summary: "Get one of the caller's contacts",
  answer: accountAnswer,
  handle: async ({ app, caller, params }) => contactJson(await getContactAt(app, caller, params.sip)),
});

export const listContacts = endpoint({
  params: ['id'],
  summary: 'List the contacts of an account',
  query: contactPageQuery,
  answer: Type.Array(accountAnswer),
  async handle({ app, caller, params, query }) {
    const { account } = await managedAccount(app, caller, params.id);
    const contacts = await pageOfContacts(app, account, contactPageOf(query));
    return contacts.map((each) => contactJsonFor(caller, each));
  },
});

export const addContact = endpoint({
  params: ['id', 'contactId'],
  summary: 'Add an account to the contacts of another',
  conflicts: true,
  answer: accountAnswer,
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
