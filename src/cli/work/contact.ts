import type { Command } from 'commander';
import { addressOf } from '../../accounts/account.ts';
import { addContact, removeContact } from '../../contacts/change-contacts.ts';
import { allContactsOf } from '../../contacts/contacts-of.ts';
import { operator } from '../../events/actor.ts';
import { accountJson } from '../../views/account.ts';
import { accountAt } from '../account-at.ts';
import type { Io } from '../io.ts';
import { withApp } from '../open-app.ts';
import { print, table } from '../output/print.ts';

export function add(command: Command, io: Io, address: string, contactAddress: string): Promise<void> {
  return withApp(command, io, async (app) => {
    const owner = await accountAt(app, address);
    const found = await accountAt(app, contactAddress);
    await addContact(app, operator, owner.account, found);
    const json = accountJson(found);
    print(command, io, json, () => `${addressOf(found)} is a contact of ${addressOf(owner)}.\n`);
  });
}

export function list(command: Command, io: Io, address: string): Promise<void> {
  return withApp(command, io, async (app) => {
    const { account } = await accountAt(app, address);
    const json = (await allContactsOf(app, account)).map((contact) => accountJson(contact));
    const rows = json.map((each) => ({ contact: `${each.username}@${each.domain}`, name: each.display_name }));
    print(command, io, json, (screen) => table(screen, rows, 'This account has no contacts.'));
  });
}

export function remove(command: Command, io: Io, address: string, contactAddress: string): Promise<void> {
  return withApp(command, io, async (app) => {
    const owner = await accountAt(app, address);
    const found = await accountAt(app, contactAddress);
    await removeContact(app, operator, owner, found);
    const json = accountJson(found);
    print(command, io, json, () => `${addressOf(found)} is no longer a contact of ${addressOf(owner)}.\n`);
  });
}
