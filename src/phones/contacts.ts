import type { FastifyReply } from 'fastify';
import { addressBookOf } from '../contacts/address-book.ts';
import { contactCard } from '../contacts/contact-cards.ts';
import { getContactAt } from '../contacts/contacts-of.ts';
import { writeVcards } from '../contacts/vcard.ts';
import { endpoint } from '../http/route.ts';
import { type Sent, sendParts } from '../http/sent.ts';

const produces = ['text/vcard'];

export const showContacts = endpoint({
  summary: "Get the address book of the caller's phones as vCard 4.0",
  produces,
  handle: async ({ app, caller, reply }) => sendCards(reply, await addressBookOf(app, caller)),
});

export const showContact = endpoint({
  params: ['sip'],
  summary: "Get one account of the caller's address book as vCard 4.0",
  produces,
  handle: async ({ app, caller, params, reply }) =>
    sendCards(reply, [Buffer.from(writeVcards([contactCard(await getContactAt(app, caller, params.sip))]))]),
});

function sendCards(reply: FastifyReply, cards: readonly Buffer[]): Sent {
  return sendParts(reply.header('content-type', 'text/vcard; charset=utf-8'), cards);
}
