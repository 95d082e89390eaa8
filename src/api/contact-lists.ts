import { Type } from 'typebox';
import { actorOf, type Caller } from '../access/caller.ts';
import { managedAccount, managedSpace, managedSpaceIds } from '../access/managed-account.ts';
import type { App } from '../app.ts';
import {
  changeContactList as changeList,
  createContactList as createList,
  deleteContactList as deleteList,
  putOnList,
  takeOffList,
} from '../contacts/change-contact-lists.ts';
import { contactListChangesShape, type ListSide, newContactListShape } from '../contacts/contact-list.ts';
import { contactListsIn, contactListsOf, membersOf } from '../contacts/list-contact-lists.ts';
import { managedContactList, personToTakeOff } from '../contacts/people-on-lists.ts';
import { endpoint } from '../http/route.ts';
import { contactJsonFor } from '../views/contact.ts';
import { contactListAnswer, contactListJson, wholeContactListAnswer } from '../views/contact-list.ts';
import { pageOf, pageQueryUpTo } from './page-of-query.ts';

const perPage = { max: 1_000, otherwise: 1_000 };

export const listContactLists = endpoint({
  summary: 'List the contact lists of all spaces that the caller manages',
  answer: Type.Array(contactListAnswer),
  handle: async ({ app, caller }) =>
    (await contactListsIn(app, managedSpaceIds(app, caller))).map((list) => contactListJson(list, app.spaces)),
});

export const createContactList = endpoint({
  summary: 'Create a contact list',
  body: newContactListShape,
  answer: contactListAnswer,
  async handle({ app, caller, body: { domain, ...fields } }) {
    const space = managedSpace(app, caller, domain);
    return contactListJson(await createList(app, actorOf(caller), space, fields), app.spaces);
  },
});

export const showContactList = endpoint({
  params: ['listId'],
  summary: 'Get a contact list with its members',
  query: Type.Object(pageQueryUpTo(perPage)),
  answer: wholeContactListAnswer,
  async handle({ app, caller, params, query }) {
    const list = await managedContactList(app, caller, params.listId);
    const { page, perPage: limit } = pageOf(query, perPage);
    const members = await membersOf(app, list, { limit, offset: (page - 1) * limit });
    return { ...contactListJson(list, app.spaces), contacts: members.map((each) => contactJsonFor(caller, each)) };
  },
});

export const changeContactList = endpoint({
  params: ['listId'],
  summary: 'Change the title or the description of a contact list',
  body: contactListChangesShape,
  answer: contactListAnswer,
  async handle({ app, caller, params, body }) {
    const list = await managedContactList(app, caller, params.listId);
    return contactListJson(await changeList(app, actorOf(caller), list, body), app.spaces);
  },
});

export const deleteContactList = endpoint({
  params: ['listId'],
  summary: 'Delete a contact list; its members stay',
  async handle({ app, caller, params }) {
    await deleteList(app, actorOf(caller), await managedContactList(app, caller, params.listId));
  },
});

export const addListMember = endpoint({
  params: ['listId', 'contactId'],
  summary: 'Put an account into a contact list',
  answer: contactListAnswer,
  handle: ({ app, caller, params }) => put(app, caller, { ...params, id: params.contactId }, 'member'),
});

export const removeListMember = endpoint({
  params: ['listId', 'contactId'],
  summary: 'Remove an account from a contact list',
  handle: ({ app, caller, params }) => take(app, caller, { ...params, id: params.contactId }, 'member'),
});

export const listAccountLists = endpoint({
  params: ['id'],
  summary: 'List the contact lists that an account reads',
  answer: Type.Array(contactListAnswer),
  async handle({ app, caller, params }) {
    const { account } = await managedAccount(app, caller, params.id);
    return (await contactListsOf(app, account)).map((list) => contactListJson(list, app.spaces));
  },
});

export const giveList = endpoint({
  params: ['id', 'listId'],
  summary: "Give an account a contact list: its members become the account's contacts",
  answer: contactListAnswer,
  handle: ({ app, caller, params }) => put(app, caller, params, 'reader'),
});

export const takeList = endpoint({
  params: ['id', 'listId'],
  summary: 'Take a contact list away from an account',
  handle: ({ app, caller, params }) => take(app, caller, params, 'reader'),
});

interface Pair {
  readonly id: string;
  readonly listId: string;
}

async function put(app: App, caller: Caller, { id, listId }: Pair, side: ListSide) {
  const list = await managedContactList(app, caller, listId);
  const found = await managedAccount(app, caller, id);
  await putOnList(app, actorOf(caller), list, { accounts: [found], side });
  return contactListJson(list, app.spaces);
}

async function take(app: App, caller: Caller, { id, listId }: Pair, side: ListSide): Promise<void> {
  const list = await managedContactList(app, caller, listId);
  const found = await personToTakeOff(app, caller, list, { id, side });
  await takeOffList(app, actorOf(caller), list, { accounts: [found], side });
}
