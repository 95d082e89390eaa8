import type { Command } from 'commander';
import { withYesOption } from '../confirm.ts';
import type { Io } from '../io.ts';
import { withManual } from '../manual.ts';
import type { NewSpaceOptions, RemoveOptions } from '../work/space.ts';
import { spaceKeys } from './keys.ts';

const work = () => import('../work/space.ts');

export function registerSpace(program: Command, io: Io): void {
  const space = program.command('space').description('Spaces. Each is one SIP domain with its settings.');
  registerList(space, io);
  registerShow(space, io);
  registerAdd(space, io);
  registerSet(space, io);
  registerRemove(space, io);
}

function registerList(space: Command, io: Io): void {
  const list = space
    .command('list')
    .description('Lists all spaces.')
    .action(async (_options: unknown, command: Command) => (await work()).list(command, io));
  withManual(list, { examples: ['./ringup space list'], json: 'a list of spaces' });
}

function registerShow(space: Command, io: Io): void {
  const showOne = space
    .command('show <domain>')
    .description('Shows a space with all its settings.')
    .action(async (domain: string, _options: unknown, command: Command) => (await work()).show(command, io, domain));
  withManual(showOne, { examples: ['./ringup space show sip.example.com'], json: 'the space' });
}

function registerAdd(space: Command, io: Io): void {
  const add = space
    .command('add <domain>')
    .description('Creates a space.')
    .option('--host <host>', 'the host name by which its phones reach Ringup; default: that of the instance')
    .option('--name <name>', 'its display name; default: the domain')
    .option('--registrar <uri>', 'its registrar; default: sip:DOMAIN;transport=tls')
    .option('--super', 'let its administrators manage all spaces')
    .action(async (domain: string, options: NewSpaceOptions, command: Command) =>
      (await work()).add(command, io, domain, options),
    );
  withManual(add, {
    examples: ['./ringup space add sip.example.com --registrar "sip:pbx.example.com:5061;transport=tls"'],
    json: 'the space',
  });
}

function registerSet(space: Command, io: Io): void {
  const set = space
    .command('set <domain> <key=value...>')
    .description(
      'Changes settings of a space. Separate the values of a list with commas. An empty value restores the default, if ' +
        'there is one. linphonerc=@FILE, logo=@FILE, root_ca=@FILE, turn_secret=@FILE, mail_introduction_en=@FILE, ' +
        'mail_introduction_fr=@FILE and smtp_url=@FILE read the value from a file.',
    )
    .action(async (domain: string, words: string[], _options: unknown, command: Command) =>
      (await work()).set(command, io, domain, words),
    );
  withManual(set, {
    examples: [
      './ringup space set sip.example.com retry_window=60 algorithms=SHA-256,MD5',
      './ringup space set sip.example.com linphonerc=@linphonerc seeded=sip/media_encryption,ui/*',
      './ringup space set sip.example.test domain=sip.example.com confirm=true',
      './ringup space set sip.example.com turn_server=turn.example.com turn_secret=@/etc/ringup/turn-secret',
      './ringup space set sip.example.com logo=@logo.png',
      './ringup space set sip.example.com phone_country=DE max_accounts=',
    ],
    json: 'the changed space, with `warnings` if the linter found something',
    keys: { names: spaceKeys, page: 'docs/space-settings.md' },
  });
}

function registerRemove(space: Command, io: Io): void {
  const remove = withYesOption(
    space
      .command('delete <domain>')
      .description('Deletes a space. Asks first.')
      .option('--with-accounts', 'also delete all its accounts'),
  ).action(async (domain: string, options: RemoveOptions, command: Command) =>
    (await work()).remove(command, io, domain, options),
  );
  withManual(remove, {
    examples: ['./ringup space delete sip.example.com --with-accounts', './ringup space delete sip.example.com --yes'],
    json: 'the deleted space',
  });
}
