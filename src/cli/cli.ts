import { type Argument, Command } from 'commander';
import packageJson from '../../package.json' with { type: 'json' };
import { withoutInvisible } from '../errors/quote-text.ts';
import { done, explain } from './explain.ts';
import type { Io } from './io.ts';
import { widthOf } from './output/print.ts';

type Register = (program: Command, io: Io) => void;

interface CommandEntry {
  /** The line in the list of commands. */
  readonly summary: string;
  load(): Promise<Register>;
}

/**
 * In the order of `--help` and of the manual. Each command is loaded only when it is needed, because the domain takes
 * long to load.
 */
const commands: Readonly<Record<string, CommandEntry>> = {
  serve: {
    summary: 'start the server',
    load: async () => (await import('./commands/serve.ts')).registerServe,
  },
  demo: {
    summary: 'show how provisioning works, with a temporary database',
    load: async () => (await import('./commands/demo.ts')).registerDemo,
  },
  migrate: {
    summary: 'update the database to this version of Ringup',
    load: async () => (await import('./commands/migrate.ts')).registerMigrate,
  },
  check: {
    summary: 'check settings, linphonerc, hooks, database and files',
    load: async () => (await import('./commands/check.ts')).registerCheck,
  },
  backup: {
    summary: 'copy the SQLite database while it is in use',
    load: async () => (await import('./commands/backup.ts')).registerBackup,
  },
  restore: {
    summary: 'put a copy in the place of the SQLite database',
    load: async () => (await import('./commands/backup.ts')).registerRestore,
  },
  space: {
    summary: 'SIP domains and their settings',
    load: async () => (await import('./commands/space.ts')).registerSpace,
  },
  linphonerc: {
    summary: 'the linphonerc texts that a space has or had',
    load: async () => (await import('./commands/linphonerc.ts')).registerLinphonerc,
  },
  account: {
    summary: 'SIP accounts',
    load: async () => (await import('./commands/account.ts')).registerAccount,
  },
  token: {
    summary: 'provisioning tokens, with which phones get their accounts',
    load: async () => (await import('./commands/token.ts')).registerToken,
  },
  device: {
    summary: 'phones that got an account',
    load: async () => (await import('./commands/device.ts')).registerDevice,
  },
  external: {
    summary: 'accounts at other SIP services',
    load: async () => (await import('./commands/external.ts')).registerExternal,
  },
  contact: {
    summary: 'accounts chosen one by one for an address book',
    load: async () => (await import('./commands/contact.ts')).registerContact,
  },
  'contact-list': {
    summary: 'lists of accounts that other accounts get as contacts',
    load: async () => (await import('./commands/contact-list.ts')).registerContactList,
  },
  'api-key': {
    summary: 'API keys, each with the rights of its account',
    load: async () => (await import('./commands/api-key.ts')).registerApiKey,
  },
  export: {
    summary: 'accounts as files for other servers',
    load: async () => (await import('./commands/export.ts')).registerExport,
  },
  lint: {
    summary: 'check linphonerc texts',
    load: async () => (await import('./commands/lint.ts')).registerLint,
  },
  preview: {
    summary: 'show the document that a phone would get',
    load: async () => (await import('./commands/preview.ts')).registerPreview,
  },
  events: {
    summary: 'show what happened',
    load: async () => (await import('./commands/events.ts')).registerEvents,
  },
};

/** Runs one command. Returns the exit status. */
export async function runCli(argv: readonly string[], io: Io): Promise<number> {
  try {
    const program = await buildProgram(io, namesIn(argv));
    const asked = withHelpLast(argv);
    const words = isMisnamed(program, asked) ? asked.filter((word) => !asksForHelp.has(word)) : asked;
    await program.parseAsync(words, { from: 'user' });
    return done;
  } catch (error) {
    const { message, status } = explain(error);
    io.err(message);
    return status;
  }
}

/**
 * Returns the name of the command that is called, if it exists: the first word that is not an option of the program.
 */
function namesIn(argv: readonly string[]): string[] {
  const name = argv.find((word, at) => !word.startsWith('-') && word !== 'help' && argv[at - 1] !== '--env-file');
  return name !== undefined && Object.hasOwn(commands, name) ? [name] : [];
}

/** Turns `help account add` into `account add --help`, because commander would read only the first name. */
function withHelpLast(argv: readonly string[]): readonly string[] {
  const [first, ...names] = argv;
  return first === 'help' && names.length > 0 ? [...names, '--help'] : argv;
}

const asksForHelp: ReadonlySet<string> = new Set(['--help', '-h', 'help']);

/**
 * Returns whether help is requested for a command that does not exist. Commander would show the help of its parent
 * command.
 */
function isMisnamed(program: Command, argv: readonly string[]): boolean {
  if (!argv.some((word) => asksForHelp.has(word))) return false;
  let command = program;
  for (const [at, word] of argv.entries()) {
    if (word.startsWith('-') || word === 'help' || argv[at - 1] === '--env-file') continue;
    if (command.commands.length === 0) return false;
    const next = command.commands.find((each) => each.name() === word);
    if (next === undefined) return true;
    command = next;
  }
  return false;
}

/** Returns the program with these commands, by default with all of them. The other commands are only listed. */
export async function buildProgram(io: Io, names: readonly string[] = Object.keys(commands)): Promise<Command> {
  const program = new Command('./ringup')
    .description('Self-hosted provisioning server for Linphone.')
    .version(packageJson.version)
    .option('--json', 'print one JSON value on standard output')
    .option('--wide', 'cut and wrap nothing')
    .option('--env-file <file>', 'read settings from a file; they take precedence over the environment')
    .exitOverride()
    .configureOutput({
      writeOut: io.out,
      writeErr: (text) => io.err(withoutInvisible(text)),
      getOutHelpWidth: () => widthOf(io),
      getErrHelpWidth: () => widthOf(io),
    })
    .configureHelp({
      showGlobalOptions: true,
      minWidthToWrap: 20,
      // One line for each command of a group. Its own help has the rest.
      subcommandTerm: (command) => [command.name(), ...command.registeredArguments.map(argumentTerm)].join(' '),
      subcommandDescription: (command) => command.summary() || firstSentence(command.description()),
    })
    .showHelpAfterError('(use --help to see the usage)');
  for (const [name, { summary, load }] of Object.entries(commands)) {
    if (names.includes(name)) (await load())(program, io);
    else program.command(name);
    program.commands.at(-1)?.summary(summary);
  }
  return program;
}

function argumentTerm(argument: Argument): string {
  const word = `${argument.name()}${argument.variadic ? '...' : ''}`;
  return argument.required ? `<${word}>` : `[${word}]`;
}

function firstSentence(text: string): string {
  return /^.*?\.(?= |$)/s.exec(text)?.[0] ?? text;
}
