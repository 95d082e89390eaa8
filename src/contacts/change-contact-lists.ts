import { isDeepStrictEqual } from 'node:util';
import type { AccountInSpace } from '../accounts/account.ts';
import { getAccount } from '../accounts/account-store.ts';
import type { Actor } from '../events/actor.ts';
import { type ChangeContext, change } from '../events/change.ts';
import { recordEvent } from '../events/event-store.ts';
import { parseId } from '../lib/parse-id.ts';
import type { Space } from '../spaces/space.ts';
import { lockSpace } from '../spaces/space-store.ts';
import { violatedReference } from '../storage/dialect.ts';
import type { Db, Transaction } from '../storage/tables.ts';
import {
  accountNotOnList,
  type ContactList,
  type ContactListChanges,
  checkContactList,
  contactListNotFound,
  type ListSide,
} from './contact-list.ts';
import {
  deleteContactListRow,
  findContactListRow,
  holdContactListRow,
  insertContactList,
  joinList,
  leaveList,
  updateContactListRow,
} from './contact-list-store.ts';

/** Returns the list with this decimal id. Throws `not-found` if there is none. */
export async function getContactList({ database }: { readonly database: Db }, id: string): Promise<ContactList> {
  const number = parseId(id);
  const list = number === undefined ? undefined : await findContactListRow(database, number);
  if (list === undefined) throw contactListNotFound(id);
  return list;
}

export async function createContactList(
  context: ChangeContext,
  actor: Actor,
  { id: spaceId }: Space,
  given: { readonly title: string; readonly description?: string },
): Promise<ContactList> {
  checkContactList(given);
  return change(context, actor, async (tx, by) => {
    await lockSpace(tx, spaceId);
    const list = await insertContactList(tx, { spaceId, description: '', ...given }, by.at);
    const detail = { list: list.title };
    await recordEvent(tx, { ...by, kind: 'contact-list-created', spaceId, accountId: null, detail });
    return list;
  });
}

export async function changeContactList(
  context: ChangeContext,
  actor: Actor,
  before: ContactList,
  given: ContactListChanges,
): Promise<ContactList> {
  checkContactList(given);
  return change(context, actor, async (tx, by) => {
    const held = await holdContactListRow(tx, before.id, 'update');
    if (held !== undefined && isDeepStrictEqual({ ...held, ...given }, held)) return held;
    const list = await updateContactListRow(tx, before.id, given, by.at);
    if (list === undefined) throw contactListNotFound(String(before.id));
    const detail = { list: list.title };
    await recordEvent(tx, { ...by, kind: 'contact-list-changed', spaceId: list.spaceId, accountId: null, detail });
    return list;
  });
}

/** Deletes a list. Its members stay, but are no longer contacts of the accounts that read it. */
export function deleteContactList(context: ChangeContext, actor: Actor, { id }: ContactList): Promise<void> {
  return change(context, actor, async (tx, by) => {
    const list = await deleteContactListRow(tx, id);
    if (list === undefined) throw contactListNotFound(String(id));
    const detail = { list: list.title };
    await recordEvent(tx, { ...by, kind: 'contact-list-deleted', spaceId: list.spaceId, accountId: null, detail });
  });
}

const eventKinds = {
  member: { joined: 'contact-list-joined', left: 'contact-list-left' },
  reader: { joined: 'contact-list-given', left: 'contact-list-taken' },
} as const satisfies Record<ListSide, object>;

/** The accounts to put on one side of a list or take off it. If one of them is refused, nothing changes. */
export interface PeopleOnSide {
  readonly accounts: readonly AccountInSpace[];
  readonly side: ListSide;
}

/** Makes accounts members or readers of a list. Ignores those that already are. */
export async function putOnList(
  context: ChangeContext,
  actor: Actor,
  { id: listId }: ContactList,
  { accounts, side }: PeopleOnSide,
): Promise<void> {
  const { joined: kind } = eventKinds[side];
  try {
    await change(context, actor, async (tx, by) => {
      const list = await holdContactList(tx, listId);
      for (const { id: accountId, spaceId } of inOrder(accounts).map(({ account }) => account)) {
        if (!(await joinList(tx, side, { listId, accountId, at: by.at }))) continue;
        await recordEvent(tx, { ...by, kind, spaceId, accountId, detail: { list: list.title } });
      }
    });
  } catch (error) {
    // An account was deleted meanwhile. SQLite does not tell which.
    if (violatedReference(error)) for (const { account } of accounts) await getAccount(context.database, account.id);
    throw error;
  }
}

/** Removes members or readers from a list. Throws `not-found` if an account is not on it. */
export function takeOffList(
  context: ChangeContext,
  actor: Actor,
  { id: listId }: ContactList,
  { accounts, side }: PeopleOnSide,
): Promise<void> {
  const { left: kind } = eventKinds[side];
  return change(context, actor, async (tx, by) => {
    const list = await holdContactList(tx, listId);
    for (const each of inOrder(accounts)) {
      const { id: accountId, spaceId } = each.account;
      if (!(await leaveList(tx, side, { listId, accountId }))) throw accountNotOnList(list, side, each);
      await recordEvent(tx, { ...by, kind, spaceId, accountId, detail: { list: list.title } });
    }
  });
}

/** Returns the list under its current title, which stays until the transaction ends. */
async function holdContactList(tx: Transaction, id: number): Promise<ContactList> {
  const list = await holdContactListRow(tx, id);
  if (list === undefined) throw contactListNotFound(String(id));
  return list;
}

/** Sorts accounts in a fixed order, so that two changes of the same accounts do not deadlock. */
function inOrder(accounts: readonly AccountInSpace[]): readonly AccountInSpace[] {
  return accounts.toSorted((one, other) => one.account.id - other.account.id);
}
