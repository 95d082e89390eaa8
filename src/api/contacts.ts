import type { FastifyReply } from 'fastify';
import { Type } from 'typebox';
import { type Caller, manages } from '../access/caller.ts';
import type { App } from '../app.ts';
import { type Contact, contactCard, contactsOf } from '../contacts/contact-cards.ts';
import { addContact, listContacts, removeContact } from '../contacts/contact-store.ts';
import { writeVcards } from '../contacts/vcard.ts';
import { type Route, route } from '../http/route.ts';
import { type Sent, send } from '../http/sent.ts';
import { parseSipAddress } from '../sip/sip-uri.ts';
import { accountAnswer, accountJson } from '../views/account.ts';
import { managedAccount, requireFound } from './lookup.ts';

const noContact = 'This account has no such contact.';

export const contactRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/contacts/vcard',
    caller: 'user',
    summary: "The caller's contacts as vCard 4.0",
    handle: async ({ app, caller, reply }) => sendCards(reply, await contactsOf(app, caller.account.id)),
  }),
  route({
    method: 'GET',
    path: '/contacts/vcard/:sip',
    caller: 'user',
    summary: "One of the caller's contacts as vCard 4.0",
    handle: async ({ app, caller, params, reply }) => sendCards(reply, [await ownContact(app, caller, params.sip)]),
  }),
  route({
    method: 'GET',
    path: '/api/accounts/me/contacts',
    caller: 'holder',
    summary: "The caller's contacts",
    answer: Type.Array(accountAnswer),
    handle: async ({ app, caller }) =>
      (await contactsOf(app, caller.account.id)).map(({ account }) => publicContact(app, account)),
  }),
  route({
    method: 'GET',
    path: '/api/accounts/me/contacts/:sip',
    caller: 'holder',
    summary: "One of the caller's contacts",
    answer: accountAnswer,
    handle: async ({ app, caller, params }) => publicContact(app, (await ownContact(app, caller, params.sip)).account),
  }),
  route({
    method: 'GET',
    path: '/api/accounts/:id/contacts',
    caller: 'admin',
    summary: 'The contacts of an account',
    answer: Type.Array(accountAnswer),
    async handle({ app, caller, params }) {
      const { account } = await managedAccount(app, caller, params.id);
      const contacts = await listContacts(app.database, account.id);
      return contacts.map((each) =>
        manages(caller, each.spaceId) ? accountJson(each, app.spaces.getById(each.spaceId)) : publicContact(app, each),
      );
    },
  }),
  route({
    method: 'POST',
    path: '/api/accounts/:id/contacts/:contactId',
    caller: 'admin',
    summary: 'Add a contact, which is an account too',
    async handle({ app, caller, params }) {
      const { account } = await managedAccount(app, caller, params.id);
      const contact = await managedAccount(app, caller, params.contactId);
      await addContact(app.database, account.id, contact.account.id, app.now());
      return accountJson(contact.account, contact.space);
    },
  }),
  route({
    method: 'DELETE',
    path: '/api/accounts/:id/contacts/:contactId',
    caller: 'admin',
    summary: 'Remove a contact',
    async handle({ app, caller, params }) {
      const { account } = await managedAccount(app, caller, params.id);
      const id = /^\d{1,9}$/.test(params.contactId) ? Number(params.contactId) : 0;
      requireFound((await removeContact(app.database, account.id, id)) || undefined, noContact);
      return {};
    },
  }),
];

async function ownContact(app: App, caller: Caller, sip: string): Promise<Contact> {
  const address = parseSipAddress(sip);
  const contacts = await contactsOf(app, caller.account.id);
  return requireFound(
    contacts.find((each) => each.account.username === address?.username && each.domain === address.domain),
    noContact,
  );
}

function sendCards(reply: FastifyReply, contacts: readonly Contact[]): Sent {
  const ready = reply.header('content-type', 'text/vcard; charset=utf-8').header('cache-control', 'no-store');
  return send(ready, writeVcards(contacts.map(contactCard)));
}

/** What those may know of a contact who do not manage it: not its e-mail address, phone number or rights. */
function publicContact(app: App, account: Parameters<typeof accountJson>[0]) {
  const json = accountJson(account, app.spaces.getById(account.spaceId));
  return { ...json, email: null, phone: null, admin: false, passwords: [] };
}
