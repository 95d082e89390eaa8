import { Type } from 'typebox';
import { actorOf } from '../access/caller.ts';
import { managedSpaceAt } from '../access/managed-account.ts';
import {
  addOutsideContact as add,
  changeOutsideContact as change,
  getOutsideContact,
  removeOutsideContact as remove,
} from '../contacts/change-outside-contacts.ts';
import { outsideContactsAfter } from '../contacts/list-outside-contacts.ts';
import { newOutsideContactShape, outsideContactChangesShape } from '../contacts/outside-contact.ts';
import { invalidFields } from '../errors.ts';
import { endpoint } from '../http/route.ts';
import { maxId, parseId } from '../lib/parse-id.ts';
import { outsideContactAnswer, outsideContactJson } from '../views/outside-contact.ts';

const perPage = 1_000;

/** Throws if `after` is neither an id nor 0: a script that got the first page instead would ask for ever. */
function lastIdIn(after: string): number {
  const id = after === '0' ? 0 : parseId(after);
  if (id === undefined) throw invalidFields({ after: [{ code: 'not-a-count', value: after, min: 0, max: maxId }] });
  return id;
}

export const listOutsideContacts = endpoint({
  params: ['domain'],
  summary: 'List the contacts from outside, which are in the address books of all phones of a space',
  description: `At most ${perPage}, by id; \`after\` asks for those after an id.`,
  query: Type.Object({ after: Type.Optional(Type.String({ maxLength: 12 })) }),
  answer: Type.Array(outsideContactAnswer),
  async handle({ app, caller, params, query }) {
    const space = managedSpaceAt(app, caller, params.domain);
    const after = query.after === undefined ? undefined : lastIdIn(query.after);
    return (await outsideContactsAfter(app, space, { limit: perPage, after })).rows.map(outsideContactJson);
  },
});

export const addOutsideContact = endpoint({
  params: ['domain'],
  summary: 'Add a contact from outside',
  conflicts: true,
  body: newOutsideContactShape,
  answer: outsideContactAnswer,
  async handle({ app, caller, params, body }) {
    const space = managedSpaceAt(app, caller, params.domain);
    return outsideContactJson(await add(app, actorOf(caller), space, body));
  },
});

export const changeOutsideContact = endpoint({
  params: ['domain', 'contactId'],
  summary: 'Change a contact from outside; absent fields stay as they are',
  body: outsideContactChangesShape,
  answer: outsideContactAnswer,
  async handle({ app, caller, params, body }) {
    const space = managedSpaceAt(app, caller, params.domain);
    const before = await getOutsideContact(app, space, params.contactId);
    return outsideContactJson(await change(app, actorOf(caller), space, { before, given: body }));
  },
});

export const removeOutsideContact = endpoint({
  params: ['domain', 'contactId'],
  summary: 'Remove a contact from outside',
  async handle({ app, caller, params }) {
    const space = managedSpaceAt(app, caller, params.domain);
    await remove(app, actorOf(caller), await getOutsideContact(app, space, params.contactId));
  },
});
