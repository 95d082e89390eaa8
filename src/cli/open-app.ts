import type { Command } from 'commander';
import { type App, openApp } from '../app.ts';
import { loadSettings, withEnvFile } from '../config/load-config.ts';
import type { Settings } from '../config/settings.ts';
import { createLogger } from '../lib/logger.ts';
import type { Io } from './io.ts';

/** The settings that a command was called with: the environment, and `--env-file` over it. */
export function settingsOf(command: Command, io: Io): Settings {
  const { envFile } = command.optsWithGlobals<{ envFile?: string }>();
  return loadSettings(envFile === undefined ? io.environment : withEnvFile(envFile, io.environment));
}

/** Opens the app for one command, and closes it again; what goes wrong inside is said on standard error. */
export async function withApp<T>(command: Command, io: Io, work: (app: App) => Promise<T>): Promise<T> {
  const log = createLogger('warn', { write: (line) => io.err(line) });
  const app = await openApp(settingsOf(command, io), { log });
  try {
    return await work(app);
  } finally {
    await app.close();
  }
}
