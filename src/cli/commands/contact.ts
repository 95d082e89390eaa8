import type { Command } from 'commander';
import type { Io } from '../io.ts';
import { withManual } from '../manual.ts';

const work = () => import('../work/contact.ts');

export function registerContact(program: Command, io: Io): void {
  const contact = program
    .command('contact')
    .description(
      "Contacts: the accounts chosen one by one for an account's address book. Contact lists, the directory of the space " +
        'and contacts from outside add others to it.',
    );

  const add = contact
    .command('add <user[@domain]> <contact[@domain]>')
    .description('Adds an account to the contacts of another. Changes nothing if it is one already.')
    .action(async (address: string, contactAddress: string, _options: unknown, command: Command) =>
      (await work()).add(command, io, address, contactAddress),
    );
  withManual(add, {
    examples: ['./ringup contact add alice bob@sip.example.com'],
    json: 'the account that was added',
  });

  const list = contact
    .command('list <user[@domain]>')
    .description('Lists the contacts of an account.')
    .action(async (address: string, _options: unknown, command: Command) => (await work()).list(command, io, address));
  withManual(list, { examples: ['./ringup contact list alice'], json: 'a list of accounts' });

  const remove = contact
    .command('remove <user[@domain]> <contact[@domain]>')
    .description('Removes an account from the contacts of another.')
    .action(async (address: string, contactAddress: string, _options: unknown, command: Command) =>
      (await work()).remove(command, io, address, contactAddress),
    );
  withManual(remove, {
    examples: ['./ringup contact remove alice bob@sip.example.com'],
    json: 'the account that was removed',
  });
}
