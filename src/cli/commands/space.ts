import type { Command } from 'commander';
import { createSpace } from '../../administration/create-space.ts';
import { removeSpace } from '../../administration/remove-space.ts';
import { updateSpace } from '../../administration/update-space.ts';
import type { App } from '../../app.ts';
import { operator } from '../../events/actor.ts';
import { requireShape } from '../../lib/check-shape.ts';
import type { Space } from '../../spaces/space.ts';
import { newSpaceShape, spaceChangesShape } from '../../spaces/space-fields.ts';
import { spaceJson, spaceJsonWith } from '../../views/space.ts';
import { getSpace } from '../account-at.ts';
import { fileSettings, given, readFields } from '../fields.ts';
import type { Io } from '../io.ts';
import { lintOneSpace } from '../lint-sources.ts';
import { withManual } from '../manual.ts';
import { withApp } from '../open-app.ts';
import { lintWords } from '../output/lint-words.ts';
import { print, record, table, wantsJson } from '../output/print.ts';

interface NewSpaceOptions {
  readonly host?: string;
  readonly name?: string;
  readonly registrar?: string;
  readonly super?: boolean;
}

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
    .action((_options: unknown, command: Command) =>
      withApp(command, io, async ({ spaces }) => {
        const all = spaces.all.map(spaceJson);
        const row = ({ domain, host, name, super: isSuper, registrar }: (typeof all)[number]) => ({
          domain,
          host,
          name,
          super: isSuper,
          registrar,
        });
        print(command, io, all, () => table(all.map(row), 'There are no spaces.'));
      }),
    );
  withManual(list, { examples: ['ringup space list'], json: 'a list of spaces' });
}

function registerShow(space: Command, io: Io): void {
  const showOne = space
    .command('show <domain>')
    .description('Shows a space with all its settings.')
    .action((domain: string, _options: unknown, command: Command) =>
      withApp(command, io, async (app) => showSpace(command, io, app, getSpace(app, domain))),
    );
  withManual(showOne, { examples: ['ringup space show sip.example.com'], json: 'the space' });
}

function registerAdd(space: Command, io: Io): void {
  const add = space
    .command('add <domain>')
    .description('Creates a space.')
    .option('--host <host>', 'the host name by which its phones reach Ringup; default: that of the instance')
    .option('--name <name>', 'its display name; default: the domain')
    .option('--registrar <uri>', 'its registrar; default: sip:DOMAIN;transport=tls')
    .option('--super', 'let its administrators manage all spaces')
    .action((domain: string, options: NewSpaceOptions, command: Command) =>
      withApp(command, io, async (app) => {
        const fields = requireShape(newSpaceShape, given({ domain, ...options }));
        await showSpace(command, io, app, await createSpace(app, operator, fields));
      }),
    );
  withManual(add, {
    examples: ['ringup space add sip.example.com --registrar "sip:pbx.example.com:5061;transport=tls"'],
    json: 'the space',
  });
}

function registerSet(space: Command, io: Io): void {
  const set = space
    .command('set <domain> <key=value...>')
    .description(
      'Changes settings of a space. Separate the values of a list with commas. An empty value restores the default, if ' +
        `there is one. ${[...fileSettings.keys()].map((name) => `${name}=@FILE`).join(' and ')} read the value from a file.`,
    )
    .action((domain: string, words: string[], _options: unknown, command: Command) =>
      withApp(command, io, async (app) => {
        const fields = await readFields(spaceChangesShape.properties, words);
        getSpace(app, domain);
        await showSpace(
          command,
          io,
          app,
          await updateSpace(app, operator, domain, requireShape(spaceChangesShape, fields)),
        );
      }),
    );
  withManual(set, {
    examples: [
      'ringup space set sip.example.com retry_window=60 algorithms=SHA-256,MD5',
      'ringup space set sip.example.com linphonerc=@linphonerc seeded=sip/media_encryption,ui/*',
      'ringup space set sip.example.com turn_server=turn.example.com turn_secret=@/etc/ringup/turn-secret',
    ],
    json: 'the changed space, with `warnings` if the linter found something',
  });
}

function registerRemove(space: Command, io: Io): void {
  const remove = space
    .command('delete <domain>')
    .description('Deletes a space.')
    .option('--with-accounts', 'also delete all its accounts')
    .action((domain: string, options: { withAccounts?: boolean }, command: Command) =>
      withApp(command, io, async (app) => {
        const found = getSpace(app, domain);
        await removeSpace(app, operator, domain, { withAccounts: options.withAccounts ?? false });
        print(command, io, spaceJson(found), () => `Deleted the space ${found.domain}.\n`);
      }),
    );
  withManual(remove, {
    examples: ['ringup space delete sip.example.com --with-accounts'],
    json: 'the deleted space',
  });
}

/** Prints a space, and on standard error what the linter found in its linphonerc: the `warnings` of the API. */
async function showSpace(command: Command, io: Io, app: App, space: Space): Promise<void> {
  const report = await lintOneSpace(app.settings.linphonerc, space);
  print(command, io, spaceJsonWith(report.findings, space), () => record({ ...spaceJson(space) }));
  if (report.findings.length > 0 && !wantsJson(command)) io.err(lintWords(report));
}
