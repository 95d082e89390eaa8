import type { Command } from 'commander';
import { type AccountInSpace, addressOf } from '../../accounts/account.ts';
import type { App } from '../../app.ts';
import {
  changeContactList,
  createContactList,
  deleteContactList,
  getContactList,
  putOnList,
  takeOffList,
} from '../../contacts/change-contact-lists.ts';
import {
  type ContactList,
  contactListChangesShape,
  type ListSide,
  newContactListShape,
} from '../../contacts/contact-list.ts';
import { contactListsIn } from '../../contacts/list-contact-lists.ts';
import { countPeople, peopleNamed, peopleOnList } from '../../contacts/people-on-lists.ts';
import { quoteText } from '../../errors/quote-text.ts';
import { operator } from '../../events/actor.ts';
import { requireShape } from '../../lib/check-shape.ts';
import { accountJson } from '../../views/account.ts';
import { contactListJson } from '../../views/contact-list.ts';
import { accountAt, getSpace, spaceOf } from '../account-at.ts';
import { confirm, type YesOption } from '../confirm.ts';
import { readFields } from '../fields.ts';
import type { Io } from '../io.ts';
import { withApp } from '../open-app.ts';
import { print, record, table } from '../output/print.ts';

export interface SpaceOption {
  readonly space?: string;
}

export interface NewListOptions extends SpaceOption {
  readonly description?: string;
}

export function list(command: Command, io: Io, { space }: SpaceOption): Promise<void> {
  return withApp(command, io, async (app) => {
    const { spaces } = app;
    const found = await contactListsIn(
      app,
      space === undefined ? spaces.all.map(({ id }) => id) : [getSpace(app, space).id],
    );
    const people = await countPeople(app, found);
    const rows = found.map((each) => {
      const { id, title, domain } = contactListJson(each, spaces);
      return { id, title, domain, ...people(each) };
    });
    const json = found.map((each) => contactListJson(each, spaces));
    print(command, io, json, (screen) => table(screen, rows, 'There are no contact lists.'));
  });
}

export function show(command: Command, io: Io, id: string): Promise<void> {
  return withApp(command, io, async (app) => {
    const found = await getContactList(app, id);
    const [members, readers] = [await everybodyOn(app, found, 'member'), await everybodyOn(app, found, 'reader')];
    const shown = contactListJson(found, app.spaces);
    const json = { ...shown, contacts: members.map(accountJsonOf), readers: readers.map(accountJsonOf) };
    print(command, io, json, (screen) =>
      record(screen, { ...shown, members: members.map(addressOf), readers: readers.map(addressOf) }),
    );
  });
}

export function add(command: Command, io: Io, title: string, { space, description }: NewListOptions): Promise<void> {
  return withApp(command, io, async (app) => {
    const fields = requireShape(newContactListShape, { title, ...(description === undefined ? {} : { description }) });
    const made = await createContactList(app, operator, spaceOf(app, space), fields);
    printList({ command, io, app }, made);
  });
}

export function set(command: Command, io: Io, id: string, words: readonly string[]): Promise<void> {
  return withApp(command, io, async (app) => {
    const found = await getContactList(app, id);
    const fields = requireShape(contactListChangesShape, await readFields(contactListChangesShape.properties, words));
    printList({ command, io, app }, await changeContactList(app, operator, found, fields));
  });
}

export function remove(command: Command, io: Io, id: string, options: YesOption): Promise<void> {
  return withApp(command, io, async (app) => {
    const found = await getContactList(app, id);
    await confirm(io, options, `Delete the contact list ${quoteText(found.title)}?`);
    await deleteContactList(app, operator, found);
    const words = () => `Deleted the contact list ${quoteText(found.title)}.\n`;
    print(command, io, contactListJson(found, app.spaces), words);
  });
}

interface Change {
  readonly id: string;
  readonly users: readonly string[];
  readonly side: ListSide;
  readonly puts: boolean;
}

/** Puts accounts on one side of a list, or takes them off. If this fails for one account, nothing changes. */
export function change(command: Command, io: Io, { id, users, side, puts }: Change): Promise<void> {
  return withApp(command, io, async (app) => {
    const found = await getContactList(app, id);
    const accounts = await peopleNamed(app, found, users, (address) => accountAt(app, address));
    await (puts ? putOnList : takeOffList)(app, operator, found, { accounts, side });
    const verb = side === 'member' ? 'in' : 'readers of';
    const who = accounts.map(addressOf).join(', ');
    const words = () => `${puts ? 'Now' : 'No longer'} ${verb} the contact list ${quoteText(found.title)}: ${who}.\n`;
    print(command, io, contactListJson(found, app.spaces), words);
  });
}

interface Terminal {
  readonly command: Command;
  readonly io: Io;
  readonly app: App;
}

function printList({ command, io, app }: Terminal, found: ContactList): void {
  const json = contactListJson(found, app.spaces);
  print(command, io, json, (screen) => record(screen, json));
}

const atOnce = 500;

async function everybodyOn(app: App, found: ContactList, side: ListSide): Promise<AccountInSpace[]> {
  const all: AccountInSpace[] = [];
  for (;;) {
    const { rows, more } = await peopleOnList(app, found, side, { after: all.at(-1)?.account.id, limit: atOnce });
    all.push(...rows);
    if (!more) return all;
  }
}

function accountJsonOf(found: AccountInSpace) {
  return accountJson(found);
}
