import type { Command } from 'commander';
import { addContact, removeContact } from '../../contacts/change-contacts.ts';
import { allContactsOf } from '../../contacts/contacts-of.ts';
import { operator } from '../../events/actor.ts';
import { accountJson } from '../../views/account.ts';
import { accountAt, addressOf } from '../find-account.ts';
import type { Io } from '../io.ts';
import { withManual } from '../manual.ts';
import { withApp } from '../open-app.ts';
import { print, table } from '../output/print.ts';

export function registerContact(program: Command, io: Io): void {
  const contact = program
    .command('contact')
    .description('Contacts: the accounts that a phone finds in its address book.');

  const add = contact
    .command('add <user[@domain]> <contact[@domain]>')
    .description('Puts an account into the contacts of another; one that is there already stays.')
    .action((address: string, contactAddress: string, _options: unknown, command: Command) =>
      withApp(command, io, async (app) => {
        const owner = await accountAt(app, address);
        const found = await accountAt(app, contactAddress);
        await addContact(app, operator, owner.account, found);
        const json = accountJson(found);
        print(command, io, json, () => `${addressOf(found)} is a contact of ${addressOf(owner)}.\n`);
      }),
    );
  withManual(add, {
    examples: ['ringup contact add alice bob@sip.example.com'],
    json: 'the account that is a contact now',
  });

  const list = contact
    .command('list <user[@domain]>')
    .description('The contacts of an account.')
    .action((address: string, _options: unknown, command: Command) =>
      withApp(command, io, async (app) => {
        const { account } = await accountAt(app, address);
        const json = (await allContactsOf(app, account)).map((contact) => accountJson(contact));
        const rows = json.map((each) => ({ contact: `${each.username}@${each.domain}`, name: each.display_name }));
        print(command, io, json, () => table(rows, 'This account has no contacts.'));
      }),
    );
  withManual(list, { examples: ['ringup contact list alice'], json: 'a list of accounts' });

  const remove = contact
    .command('remove <user[@domain]> <contact[@domain]>')
    .description('Takes an account out of the contacts of another.')
    .action((address: string, contactAddress: string, _options: unknown, command: Command) =>
      withApp(command, io, async (app) => {
        const owner = await accountAt(app, address);
        const found = await accountAt(app, contactAddress);
        await removeContact(app, operator, owner, found);
        const json = accountJson(found);
        print(command, io, json, () => `${addressOf(found)} is no contact of ${addressOf(owner)} any more.\n`);
      }),
    );
  withManual(remove, {
    examples: ['ringup contact remove alice bob@sip.example.com'],
    json: 'the account that is no contact any more',
  });
}
