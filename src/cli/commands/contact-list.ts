import type { Command } from 'commander';
import { withYesOption, type YesOption } from '../confirm.ts';
import type { Io } from '../io.ts';
import { withManual } from '../manual.ts';
import type { NewListOptions, SpaceOption } from '../work/contact-list.ts';

const work = () => import('../work/contact-list.ts');

export function registerContactList(program: Command, io: Io): void {
  const lists = program
    .command('contact-list')
    .description('Contact lists: an account that reads one has its members as contacts.');
  registerLooking(lists, io);
  registerAdd(lists, io);
  registerSet(lists, io);
  registerRemove(lists, io);
  for (const change of changes) registerChange(lists, io, change);
}

function registerLooking(lists: Command, io: Io): void {
  const list = lists
    .command('list')
    .description('Lists the contact lists, each with how many accounts are in it and how many read it.')
    .option('--space <domain>', 'only lists of this space')
    .action(async (options: SpaceOption, command: Command) => (await work()).list(command, io, options));
  withManual(list, { examples: ['./ringup contact-list list'], json: 'a list of contact lists' });

  const show = lists
    .command('show <id>')
    .description('Shows a contact list, who is in it and who reads it.')
    .action(async (id: string, _options: unknown, command: Command) => (await work()).show(command, io, id));
  withManual(show, {
    examples: ['./ringup contact-list show 3'],
    json: 'the contact list with its members as `contacts` and its `readers`',
  });
}

function registerAdd(lists: Command, io: Io): void {
  const add = lists
    .command('add <title>')
    .description('Creates a contact list, with nobody in it.')
    .option('--description <text>', 'what it is for')
    .option('--space <domain>', 'the space that it belongs to; default: the first')
    .action(async (title: string, options: NewListOptions, command: Command) =>
      (await work()).add(command, io, title, options),
    );
  withManual(add, { examples: ['./ringup contact-list add Sales --space sip.example.com'], json: 'the contact list' });
}

function registerSet(lists: Command, io: Io): void {
  const set = lists
    .command('set <id> <key=value...>')
    .description('Changes the title or the description of a contact list.')
    .action(async (id: string, words: string[], _options: unknown, command: Command) =>
      (await work()).set(command, io, id, words),
    );
  withManual(set, {
    examples: ['./ringup contact-list set 3 title=Support "description=People who answer customers"'],
    json: 'the changed contact list',
  });
}

function registerRemove(lists: Command, io: Io): void {
  const remove = withYesOption(
    lists
      .command('delete <id>')
      .description(
        'Deletes a contact list. Asks first. The accounts stay; its readers no longer have its members as contacts.',
      ),
  ).action(async (id: string, options: YesOption, command: Command) => (await work()).remove(command, io, id, options));
  withManual(remove, { examples: ['./ringup contact-list delete 3 --yes'], json: 'the deleted contact list' });
}

/** The commands that make accounts members or readers of a list, or no longer so. */
const changes = [
  { name: 'join', side: 'member', puts: true, about: 'Puts accounts into a contact list.' },
  { name: 'leave', side: 'member', puts: false, about: 'Removes accounts from a contact list.' },
  {
    name: 'give',
    side: 'reader',
    puts: true,
    about: 'Gives accounts a contact list: its members become their contacts.',
  },
  { name: 'take', side: 'reader', puts: false, about: 'Takes a contact list away from accounts.' },
] as const;

function registerChange(lists: Command, io: Io, { name, side, puts, about }: (typeof changes)[number]): void {
  const change = lists
    .command(`${name} <id> <user[@domain]...>`)
    .description(`${about} USER without @DOMAIN is an account of the list's space.`)
    .action(async (id: string, users: string[], _options: unknown, command: Command) =>
      (await work()).change(command, io, { id, users, side, puts }),
    );
  withManual(change, { examples: [`./ringup contact-list ${name} 3 alice bob`], json: 'the contact list' });
}
