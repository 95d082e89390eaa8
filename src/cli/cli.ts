import { Command } from 'commander';
import packageJson from '../../package.json' with { type: 'json' };
import { done, explain } from './explain.ts';
import type { Io } from './io.ts';

type Register = (program: Command, io: Io) => void;

/** In the order of `--help` and of the manual. Each is imported only when it is needed. */
const commands: Readonly<Record<string, () => Promise<Register>>> = {
  serve: async () => (await import('./commands/serve.ts')).registerServe,
  demo: async () => (await import('./commands/demo.ts')).registerDemo,
  migrate: async () => (await import('./commands/migrate.ts')).registerMigrate,
  check: async () => (await import('./commands/check.ts')).registerCheck,
  space: async () => (await import('./commands/space.ts')).registerSpace,
  account: async () => (await import('./commands/account.ts')).registerAccount,
  token: async () => (await import('./commands/token.ts')).registerToken,
  device: async () => (await import('./commands/device.ts')).registerDevice,
  external: async () => (await import('./commands/external.ts')).registerExternal,
  contact: async () => (await import('./commands/contact.ts')).registerContact,
  'api-key': async () => (await import('./commands/api-key.ts')).registerApiKey,
  export: async () => (await import('./commands/export.ts')).registerExport,
  lint: async () => (await import('./commands/lint.ts')).registerLint,
  preview: async () => (await import('./commands/preview.ts')).registerPreview,
  events: async () => (await import('./commands/events.ts')).registerEvents,
};

/** Runs one command. Returns the exit status. */
export async function runCli(argv: readonly string[], io: Io): Promise<number> {
  try {
    const [first = ''] = argv;
    const program = await buildProgram(io, Object.hasOwn(commands, first) ? [first] : undefined);
    await program.parseAsync(argv, { from: 'user' });
    return done;
  } catch (error) {
    const { message, status } = explain(error);
    io.err(message);
    return status;
  }
}

/** Returns the program with the commands of these names, by default with all. */
export async function buildProgram(io: Io, names: readonly string[] = Object.keys(commands)): Promise<Command> {
  const program = new Command('ringup')
    .description('Self-hosted provisioning server for Linphone.')
    .version(packageJson.version)
    .option('--json', 'print one JSON value on standard output')
    .option('--env-file <file>', 'read settings from a file; they take precedence over the environment')
    .exitOverride()
    .configureOutput({ writeOut: io.out, writeErr: io.err })
    .configureHelp({ showGlobalOptions: true })
    .showHelpAfterError('(use --help to see the usage)');
  const registers = await Promise.all(names.map((name) => commands[name]?.()));
  for (const register of registers) register?.(program, io);
  return program;
}
