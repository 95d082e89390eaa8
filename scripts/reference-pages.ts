import type { Argument, Command, Option } from 'commander';
import type { TProperties } from 'typebox';
import { accountChangesShape } from '../src/accounts/account-fields.ts';
import { buildProgram } from '../src/cli/cli.ts';
import { processIo } from '../src/cli/io.ts';
import { manualOf } from '../src/cli/manual.ts';
import { settingsTable } from '../src/config/settings.ts';
import { loadKeyCatalogue } from '../src/lpconfig/key-catalogue.ts';
import { settingEntries } from '../src/spaces/setting-values.ts';
import type { SpaceSetting } from '../src/spaces/space-setting.ts';
import { apiPage } from './api-page.ts';
import { errorsPage } from './errors-page.ts';
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
