import { isDeepStrictEqual } from 'node:util';
import { AppError } from '../errors.ts';
import type { Actor, By } from '../events/actor.ts';
import { type ChangeContext, change } from '../events/change.ts';
import type { EventKind } from '../events/event.ts';
import { recordEvent } from '../events/event-store.ts';
import { parseId } from '../lib/parse-id.ts';
import type { Space } from '../spaces/space.ts';
import { lockSpace } from '../spaces/space-store.ts';
import type { Db, Transaction } from '../storage/tables.ts';
import { noteDirectoryChange } from './directory-store.ts';
import { checkOutsideContact, type OutsideContact, type OutsideContactChanges } from './outside-contact.ts';
import {
  countOutsideContacts,
  deleteOutsideContact,
  findOutsideContact,
  insertOutsideContact,
  lockOutsideContact,
  updateOutsideContact,
} from './outside-contact-store.ts';

/** Returns the outside contact of the space with this decimal id. Throws `not-found` if there is none. */
export async function getOutsideContact(
  { database }: { readonly database: Db },
  space: Space,
  id: string,
): Promise<OutsideContact> {
  const number = parseId(id);
  const found = number === undefined ? undefined : await findOutsideContact(database, space.id, number);
  if (found === undefined) throw contactNotFound(id);
  return found;
}

/** Limited, because every phone of the space loads all of them. */
export const maxOutsideContacts = 10_000;

const nothing = { name: '', sipUri: null, phone: null, organization: null };

/** Adds an outside contact to the address books of all phones of a space. */
export async function addOutsideContact(
  context: ChangeContext,
  actor: Actor,
  space: Space,
  given: OutsideContactChanges & { readonly name: string },
): Promise<OutsideContact> {
  const fields = await checkOutsideContact(nothing, given, space);
  return change(context, actor, async (tx, by) => {
    // The lock keeps others from adding a contact between the count and the insert.
    await lockSpace(tx, space.id, 'update');
    if ((await countOutsideContacts(tx, space.id)) >= maxOutsideContacts) {
      throw new AppError('conflict', { why: 'too-many-contacts', max: maxOutsideContacts });
    }
    const added = await insertOutsideContact(tx, space.id, fields, by.at);
    await record(tx, by, 'outside-contact-added', added);
    return added;
  });
}

export async function changeOutsideContact(
  context: ChangeContext,
  actor: Actor,
  space: Space,
  { before, given }: { readonly before: OutsideContact; readonly given: OutsideContactChanges },
): Promise<OutsideContact> {
  return change(context, actor, async (tx, by) => {
    // Read again, because other fields may have just changed.
    const locked = await lockOutsideContact(tx, before.id);
    const fields = locked && (await checkOutsideContact(locked, given, space));
    if (locked !== undefined && isDeepStrictEqual({ ...locked, ...fields }, locked)) return locked;
    const changed = fields && (await updateOutsideContact(tx, before.id, fields, by.at));
    if (changed === undefined) throw contactNotFound(String(before.id));
    await record(tx, by, 'outside-contact-changed', changed);
    return changed;
  });
}

export function removeOutsideContact(context: ChangeContext, actor: Actor, { id }: OutsideContact): Promise<void> {
  return change(context, actor, async (tx, by) => {
    const removed = await deleteOutsideContact(tx, id);
    if (removed === undefined) throw contactNotFound(String(id));
    await record(tx, by, 'outside-contact-removed', removed);
  });
}

async function record(tx: Transaction, by: By, kind: EventKind, { spaceId, name }: OutsideContact): Promise<void> {
  await noteDirectoryChange(tx, spaceId);
  await recordEvent(tx, { ...by, kind, spaceId, accountId: null, detail: { contact: name } });
}

function contactNotFound(name: string): AppError {
  return new AppError('not-found', { what: 'outside-contact', name });
}
