import type { Argument, Command, Option } from 'commander';
import type { TProperties } from 'typebox';
import { accountChangesShape } from '../src/accounts/account-fields.ts';
import { buildProgram } from '../src/cli/cli.ts';
import { processIo } from '../src/cli/io.ts';
import { manualOf } from '../src/cli/manual.ts';
import { settingsTable } from '../src/config/settings.ts';
import { errorCatalogue } from '../src/errors/catalogue.ts';
import { complaintCodes, exampleSentence } from '../src/errors/complaints.ts';
import { statusOfKind } from '../src/http/error-reply.ts';
import { loadKeyCatalogue } from '../src/lpconfig/key-catalogue.ts';
import { settingEntries } from '../src/spaces/setting-values.ts';
import type { SpaceSetting } from '../src/spaces/space-setting.ts';
import { apiPage } from './api-page.ts';
import { keysPage } from './keys-page.ts';
import { code, origin, table } from './markdown.ts';
import { serverOpenapi } from './server-openapi.ts';

/** Returns the generated pages of the manual, by file name in `docs/`. */
export async function referencePages(): Promise<Readonly<Record<string, string>>> {
  return {
    'settings.md': settingsPage(),
    'space-settings.md': spaceSettingsPage(),
    'commands.md': await commandsPage(),
    'errors.md': errorsPage(),
    'api.md': apiPage(await serverOpenapi()),
    'linphonerc-keys.md': keysPage(await loadKeyCatalogue()),
  };
}

function settingsPage(): string {
  const rows = Object.values(settingsTable).map((each) => [code(each.name), each.default, each.meaning]);
  return `# Settings

${origin}
Settings are environment variables. To read a value from a file, set \`NAME_FILE\` to the name of that
file, and leave \`NAME\` unset.
\`--env-file FILE\` reads settings from a file of \`NAME=value\` lines, which takes precedence over the environment. A name that
begins with \`RINGUP_\` and resembles one of these is an error; any other is named in a warning and changes nothing. All errors are
reported together, with what is expected, and the command exits with status 2. \`./ringup check\` reports them without starting the
server.

${table(['name', 'default', 'meaning'], rows)}`;
}

function spaceSettingsPage(): string {
  const rows = settingEntries.map(({ name, setting }) => [
    code(name),
    valueText(setting.schema),
    defaultText(setting),
    describe(setting.schema),
  ]);
  return `# Settings of a space

${origin}
Each space has its own settings. \`./ringup space show DOMAIN\` shows them, and \`./ringup space set DOMAIN KEY=VALUE…\` changes
them. In the [API](api.md) they are fields of the space; \`null\` in the API is an empty value in a command. In a default,
\`{domain}\` is the space's domain.

${table(['name', 'value', 'default', 'meaning'], rows)}`;
}

function defaultText(setting: SpaceSetting): string {
  const domain = '{domain}';
  const value = setting.secret ? null : setting.show(setting.defaultOf(domain), domain);
  const text = Array.isArray(value) ? value.join(',') : String(value);
  return text === '' ? 'empty' : code(text);
}

function errorsPage(): string {
  const rows = Object.entries(errorCatalogue).map(([name, { kind, meaning }]) => [
    code(name),
    kind === 'usage' ? '–' : String(statusOfKind[kind]),
    kind === 'usage' ? '2' : '1',
    meaning,
  ]);
  const complaints = complaintCodes.map((each) => [code(each), exampleSentence(each)]);
  return `# Errors

${origin}
The API answers an error as \`{"message": "…", "code": "…", "errors": {"field": ["…"]}}\`; \`errors\` is present only if fields are
wrong. An import whose rows are refused, or that was stopped, is answered with its own object. For refused rows, only the first answer has
\`code\` and \`message\`; after a stop, each answer has them until the rows are checked again or the import is discarded. A request
that is waiting when its import stops gets only the error. The provisioning addresses answer with the message as plain text, and
so do the addresses of the panel, except to browsers, which get a page. A command prints it on standard error and exits with the exit status. The codes are stable, the
messages are not.

These failures do not work like this:

- Bytes that cannot be read as a request are answered as JSON at any address, with the code \`request-malformed\` and the status
  400, or 408 if the request did not arrive in time, or 431 if its address and headers are too long. The connection ends.
- \`check\`, \`lint\` and \`account import\` may do what they were asked, such as a dry run, and find mistakes. Their output lists
  these, with \`--json\` too; the last line on standard error counts them, and the exit status is 1. This is no failure of the
  command, so it has no code. The same goes for an import that Ctrl-C interrupts.
- A form of the panel is shown again if the person can correct it there, with 422, or with 409, 413 or 429. All other refusals lead
  to a page about the failure, with the status in the table. A test mail that the mail server refuses is shown with 422, and with
  the server's answer instead of a code.
- What stops Ringup before its program runs has no code: it says that there is no Node.js, that Node.js is too old or cannot be run,
  or that Ringup is not installed yet, and the exit status is 2. A command that cannot write its output, for example
  because the disk is full, has no code either: it says why, and the exit status is 1.
- A command that fails because of a fault in Ringup prints where it happened, without a code; the exit status is 1.

${table(['code', 'HTTP status', 'exit status', 'when'], rows)}
## Complaints about fields

Each complaint in \`errors\` follows the name of its field, and may quote the invalid value first: \`username\` \`"Bob" must match
^[a-z]+$\`. A value that may be secret is never quoted. \`fields-invalid\` has these complaints. The source knows each by a code,
which answers do not contain.

${table(['complaint', 'for example'], complaints)}`;
}

async function commandsPage(): Promise<string> {
  const program = await buildProgram(processIo);
  return `# Commands

${origin}
Run them in the folder of Ringup; on Windows, the program is \`ringup.cmd\`. Options may come before or after the arguments. All
commands accept

${optionList(program.options.filter((option) => option.long !== '--version'))}

Tables, and what \`lint\` finds, are as wide as the terminal; without one, as COLUMNS says, or 80 columns. Cells that do not fit end in
an ellipsis; \`--wide\` and \`--json\` cut and wrap nothing. Times are in the local time zone with its offset; with \`--json\`, they are
ISO 8601 in UTC.

USER without \`@DOMAIN\` is an account of the first space. The exit status is 0 for success, 1 if the command was refused or
something was not found, and 2 for wrong usage or settings. If a command fails, standard error says why and what to do.

Only \`serve\`, \`demo\`, \`migrate\` and \`restore\` create a database; [the others open the one that is there](operations.md#commands-and-the-server).
You can run commands while the server runs: changes to accounts, API keys and tokens apply immediately, changes to spaces within
a second. With \`--json\`, accounts, spaces and API keys are printed in the format of the API.

${program.commands.flatMap(sections).join('\n')}
## Keys of \`./ringup space set\`

The [settings of a space](space-settings.md), \`domain\`, and \`confirm=true\`, which a new domain or realm needs: existing passwords may no
longer match.

## Keys of \`./ringup account set\`

${keyTable(accountChangesShape.properties)}`;
}

function sections(command: Command): string[] {
  if (command.name() === 'help') return [];
  return command.commands.length > 0 ? command.commands.flatMap(sections) : [section(command)];
}

function section(command: Command): string {
  const { examples, json } = manualOf(command);
  const words = [pathOf(command), ...command.registeredArguments.map(argumentText)].join(' ');
  const parts = [
    `## ${code(words)}`,
    command.description(),
    optionList(command.options),
    json === undefined ? '' : `With \`--json\`: ${json}.`,
    `\`\`\`sh\n${examples.join('\n')}\n\`\`\``,
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function pathOf(command: Command): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;
}

function argumentText(argument: Argument): string {
  const name = `${argument.name()}${argument.variadic ? '…' : ''}`;
  return (argument.required ? name : `[${name}]`).toUpperCase();
}

function optionList(options: readonly Option[]): string {
  return options
    .map(
      ({ flags, description, argChoices, defaultValue }) =>
        `- ${code(flags)}${description === '' ? '' : `: ${description}`}${choicesOf(argChoices)}${defaultOf(defaultValue)}`,
    )
    .join('\n');
}

/** Commands only: the help of a command shows choices and defaults by itself. */
function choicesOf(choices: readonly string[] | undefined): string {
  return choices === undefined ? '' : `: ${choices.join(', ')}`;
}

function defaultOf(value: unknown): string {
  return typeof value === 'number' || typeof value === 'string' ? `; default: ${value}` : '';
}

function keyTable(properties: TProperties): string {
  const rows = Object.entries(properties).map(([name, schema]) => [code(name), valueText(schema), describe(schema)]);
  return table(['key', 'value', 'meaning'], rows);
}

function valueText(schema: object): string {
  if ('enum' in schema && Array.isArray(schema.enum)) return schema.enum.map((each) => code(String(each))).join(', ');
  const types = 'type' in schema ? [schema.type].flat() : [];
  return types.map((type) => (type === 'boolean' ? '`true`, `false`' : String(type))).join(' or ');
}

function describe(schema: object): string {
  return 'description' in schema ? String(schema.description) : '';
}
