import type { Command } from 'commander';
import { addressOf } from '../../accounts/account.ts';
import { addContact, removeContact } from '../../contacts/change-contacts.ts';
import { allContactsOf } from '../../contacts/contacts-of.ts';
import { operator } from '../../events/actor.ts';
import { accountJson } from '../../views/account.ts';
import { accountAt } from '../account-at.ts';
import type { Io } from '../io.ts';
import { withManual } from '../manual.ts';
import { withApp } from '../open-app.ts';
import { print, table } from '../output/print.ts';

export function registerContact(program: Command, io: Io): void {
  const contact = program.command('contact').description("Contacts: the accounts in a phone's address book.");

  const add = contact
    .command('add <user[@domain]> <contact[@domain]>')
    .description('Adds an account to the contacts of another. Changes nothing if it is one already.')
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
    json: 'the account that was added',
  });

  const list = contact
    .command('list <user[@domain]>')
    .description('Lists the contacts of an account.')
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
    .description('Removes an account from the contacts of another.')
    .action((address: string, contactAddress: string, _options: unknown, command: Command) =>
      withApp(command, io, async (app) => {
        const owner = await accountAt(app, address);
        const found = await accountAt(app, contactAddress);
        await removeContact(app, operator, owner, found);
        const json = accountJson(found);
        print(command, io, json, () => `${addressOf(found)} is no longer a contact of ${addressOf(owner)}.\n`);
      }),
    );
  withManual(remove, {
    examples: ['ringup contact remove alice bob@sip.example.com'],
    json: 'the account that was removed',
  });
}
