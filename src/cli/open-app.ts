import type { Command } from 'commander';
import { type App, openApp } from '../app.ts';
import { type Environment, loadSettings, withEnvFile } from '../config/load-config.ts';
import type { Settings } from '../config/settings.ts';
import { createLogger, humanLine } from '../lib/logger.ts';
import type { Io } from './io.ts';

/** The settings that a command was called with. */
export function settingsOf(command: Command, io: Io): Settings {
  return loadSettings(environmentOf(command, io));
}

/** The environment, and `--env-file` over it. */
export function environmentOf(command: Command, io: Io): Environment {
  const { envFile } = command.optsWithGlobals<{ envFile?: string }>();
  return envFile === undefined ? io.environment : withEnvFile(envFile, io.environment);
}

/** Opens the app for one command, and closes it again; what is logged inside is said on standard error. */
export async function withApp<T>(
  command: Command,
  io: Io,
  work: (app: App) => Promise<T>,
  options: { readonly documents?: boolean } = {},
): Promise<T> {
  const log = createLogger('warn', { write: (line) => io.err(humanLine(line)) });
  const app = await openApp(settingsOf(command, io), { log, documents: options.documents ?? false });
  try {
    return await work(app);
  } finally {
    await app.close();
  }
}
