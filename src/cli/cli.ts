import { Command, CommanderError } from 'commander';
import { AppError } from '../errors.ts';
import { registerServe } from './commands/serve.ts';
import type { Io } from './io.ts';

const done = 0;
const refused = 1;
const wrongUsage = 2;

/** Runs one command; answers the exit status. */
export async function runCli(argv: readonly string[], io: Io): Promise<number> {
  const program = buildProgram(io);
  try {
    await program.parseAsync(argv, { from: 'user' });
    return done;
  } catch (error) {
    return report(error, io);
  }
}

/** The command table. */
export function buildProgram(io: Io): Command {
  const program = new Command('ringup')
    .description('Self-hosted provisioning server for Linphone.')
    .option('--env-file <file>', 'read settings from a file')
    .option('--json', 'print one JSON value on standard output')
    .exitOverride()
    .configureOutput({ writeOut: io.out, writeErr: io.err })
    .showHelpAfterError('(add --help for what there is)');
  registerServe(program, io);
  return program;
}

function report(error: unknown, io: Io): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? done : wrongUsage;
  if (error instanceof AppError) {
    io.err(`${error.message}\n`);
    return error.kind === 'usage' ? wrongUsage : refused;
  }
  io.err(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  return refused;
}
