import { Command } from 'commander';
import packageJson from '../../package.json' with { type: 'json' };
import { registerAccount } from './commands/account.ts';
import { registerApiKey } from './commands/api-key.ts';
import { registerCheck } from './commands/check.ts';
import { registerContact } from './commands/contact.ts';
import { registerDemo } from './commands/demo.ts';
import { registerDevice } from './commands/device.ts';
import { registerEvents } from './commands/events.ts';
import { registerExport } from './commands/export.ts';
import { registerExternal } from './commands/external.ts';
import { registerLint } from './commands/lint.ts';
import { registerMigrate } from './commands/migrate.ts';
import { registerPreview } from './commands/preview.ts';
import { registerServe } from './commands/serve.ts';
import { registerSpace } from './commands/space.ts';
import { registerToken } from './commands/token.ts';
import { done, explain } from './explain.ts';
import type { Io } from './io.ts';

/** In the order of `--help` and of the manual. */
const register: readonly ((program: Command, io: Io) => void)[] = [
  registerServe,
  registerDemo,
  registerMigrate,
  registerCheck,
  registerSpace,
  registerAccount,
  registerToken,
  registerDevice,
  registerExternal,
  registerContact,
  registerApiKey,
  registerExport,
  registerLint,
  registerPreview,
  registerEvents,
];

/** Runs one command. Returns the exit status. */
export async function runCli(argv: readonly string[], io: Io): Promise<number> {
  try {
    await buildProgram(io).parseAsync(argv, { from: 'user' });
    return done;
  } catch (error) {
    const { message, status } = explain(error);
    io.err(message);
    return status;
  }
}

export function buildProgram(io: Io): Command {
  const program = new Command('ringup')
    .description('Self-hosted provisioning server for Linphone.')
    .version(packageJson.version)
    .option('--json', 'print one JSON value on standard output')
    .option('--env-file <file>', 'read settings from a file; they take precedence over the environment')
    .exitOverride()
    .configureOutput({ writeOut: io.out, writeErr: io.err })
    .configureHelp({ showGlobalOptions: true })
    .showHelpAfterError('(use --help to see the usage)');
  for (const each of register) each(program, io);
  return program;
}
