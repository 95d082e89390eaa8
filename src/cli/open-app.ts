import type { Command } from 'commander';
import { type App, openApp } from '../app.ts';
import { type Environment, loadSettings, withEnvFile } from '../config/load-config.ts';
import type { Settings } from '../config/settings.ts';
import { requireDatabase } from '../instance-database.ts';
import { createLogger, humanLine } from '../lib/logger.ts';
import type { Io } from './io.ts';

/** Returns the settings from the environment and `--env-file`. Warns about names that have no effect. */
export function settingsOf(command: Command, io: Io): Settings {
  return loadSettings(environmentOf(command, io), (warning) => io.err(`Note: ${warning}\n`));
}

/** Returns the environment, overridden by `--env-file`. */
export function environmentOf(command: Command, io: Io): Environment {
  const { envFile } = command.optsWithGlobals<{ envFile?: string }>();
  return envFile === undefined ? io.environment : withEnvFile(envFile, io.environment);
}

/** Opens the app on the existing database, and closes it afterwards. Warnings and errors go to standard error. */
export async function withApp<T>(
  command: Command,
  io: Io,
  work: (app: App) => Promise<T>,
  options: { readonly documents?: boolean } = {},
): Promise<T> {
  const settings = settingsOf(command, io);
  requireDatabase(settings);
  const log = createLogger('warn', { write: (line) => io.err(humanLine(line)) });
  const app = await openApp(settings, { log, documents: options.documents ?? false, findsServer: true });
  try {
    return await work(app);
  } finally {
    await app.close();
  }
}
