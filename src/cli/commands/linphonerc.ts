import type { Command } from 'commander';
import type { Io } from '../io.ts';
import { withManual } from '../manual.ts';

const work = () => import('../work/linphonerc.ts');

export function registerLinphonerc(program: Command, io: Io): void {
  const linphonerc = program
    .command('linphonerc')
    .description(
      'The linphonerc texts that a space has or had. Each published text is a version; the newest 100 are kept.',
    );

  const list = linphonerc
    .command('list <domain>')
    .description("Lists the versions of a space's linphonerc, newest first: when each was published, and by whom.")
    .action(async (domain: string, _options: unknown, command: Command) => (await work()).list(command, io, domain));
  withManual(list, { examples: ['./ringup linphonerc list sip.example.com'], json: 'a list of versions' });

  const show = linphonerc
    .command('show <domain> <version>')
    .description('Prints the text of a version.')
    .action(async (domain: string, version: string, _options: unknown, command: Command) =>
      (await work()).show(command, io, { domain, version }),
    );
  withManual(show, {
    examples: ['./ringup linphonerc show sip.example.com 3 > linphonerc'],
    json: 'the version, with its text as `linphonerc`',
  });

  const restore = linphonerc
    .command('restore <domain> <version>')
    .description('Publishes the text of a version again. The current text stays in the list.')
    .action(async (domain: string, version: string, _options: unknown, command: Command) =>
      (await work()).restore(command, io, { domain, version }),
    );
  withManual(restore, {
    examples: ['./ringup linphonerc restore sip.example.com 3'],
    json: 'the newest version, which has that text',
  });
}
