import type { FastifyReply } from 'fastify';
import type { AccountInSpace } from '../accounts/account.ts';
import { contactCard, contactsOf, getContactAt } from '../contacts/contacts-of.ts';
import { writeVcards } from '../contacts/vcard.ts';
import { endpoint } from '../http/route.ts';
import { type Sent, send } from '../http/sent.ts';

const produces = ['text/vcard'];

export const showContacts = endpoint({
  summary: "Get the caller's contacts as vCard 4.0",
  produces,
  handle: async ({ app, caller, reply }) => sendCards(reply, await contactsOf(app, caller.account)),
});

export const showContact = endpoint({
  params: ['sip'],
  summary: "Get one of the caller's contacts as vCard 4.0",
  produces,
  handle: async ({ app, caller, params, reply }) =>
    sendCards(reply, [await getContactAt(app, caller.account, params.sip)]),
});

function sendCards(reply: FastifyReply, contacts: readonly AccountInSpace[]): Sent {
  const ready = reply.header('content-type', 'text/vcard; charset=utf-8');
  return send(ready, writeVcards(contacts.map(contactCard)));
}
