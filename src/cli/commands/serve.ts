import type { Command } from 'commander';
import type { FastifyInstance } from 'fastify';
import { type App, databaseLocation, openApp } from '../../app.ts';
import { adviceOn } from '../../config/advice.ts';
import { listenUrl } from '../../config/public-url.ts';
import type { Settings } from '../../config/settings.ts';
import { AppError } from '../../errors.ts';
import { buildServer } from '../../http/server.ts';
import { createLogger, type LogDestination, standardOutput } from '../../lib/logger.ts';
import { issueSetupLink } from '../../provisioning/first-administrator.ts';
import { dialectOf } from '../../storage/dialect.ts';
import { lockDataDirectory } from '../../storage/serve-lock.ts';
import type { Io } from '../io.ts';
import { settingsOf } from '../open-app.ts';

const drainMs = 10_000;

export function registerServe(program: Command, io: Io): void {
  program
    .command('serve')
    .description('answer phones, browsers and the API, until SIGINT or SIGTERM')
    .action(async (_options: unknown, command: Command) => {
      const output = standardOutput();
      const running = await startServing(settingsOf(command, io), io, output);
      await io.interrupted();
      await running.stop();
      output.flush();
    });
}

export interface Running {
  readonly app: App;
  /** Stops accepting, answers what is under way (10 s at most), closes the database. */
  stop(): Promise<void>;
}

/** Opens everything, listens, and says where everything is. */
export async function startServing(settings: Settings, io: Io, output: LogDestination): Promise<Running> {
  const unlock = lockIfEmbedded(settings);
  try {
    const app = await openApp(settings, { log: createLogger(settings.logLevel, output), migrates: true });
    try {
      const server = await buildServer(app, output);
      await app.startBackgroundWork();
      await listen(server, settings);
      await announce(app, io);
      return { app, stop: () => stop(server, app, unlock) };
    } catch (error) {
      await app.close();
      throw error;
    }
  } catch (error) {
    unlock();
    throw error;
  }
}

function lockIfEmbedded(settings: Settings): () => void {
  if (dialectOf(databaseLocation(settings)) !== 'sqlite') return () => {};
  return lockDataDirectory(settings.dataDir);
}

async function listen(server: FastifyInstance, settings: Settings): Promise<void> {
  try {
    await server.listen({ host: settings.listen.host, port: settings.listen.port });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AppError('settings-invalid', `RINGUP_LISTEN cannot be listened on: ${reason}.`, { cause });
  }
}

async function announce(app: App, io: Io): Promise<void> {
  const { settings } = app;
  const where = settings.databaseUrl === null ? databaseLocation(settings) : 'PostgreSQL';
  io.err(`Ringup listens on ${listenUrl(settings.listen)}
  Phones use   ${app.publicUrl}/provisioning
  Manual       ${app.publicUrl}/api
  Database     ${where}
  Spaces       ${app.spaces.all.map((space) => space.domain).join(', ')}
`);
  for (const sentence of adviceOn(settings, app.spaces.all)) io.err(`  Note: ${sentence}\n`);
  for (const warning of app.linphonerc.warnings) io.err(`  Note: ${warning}\n`);
  const link = await issueSetupLink(app);
  if (link !== undefined) {
    io.err(`There is no administrator yet. This link makes the first one; it works once, for 24 hours:\n  ${link}\n`);
  }
}

async function stop(server: FastifyInstance, app: App, unlock: () => void): Promise<void> {
  // Idle connections would keep the server open; those under way get their answer, for as long as is reasonable.
  const impatience = setTimeout(() => server.server.closeAllConnections(), drainMs);
  server.server.closeIdleConnections();
  await server.close();
  clearTimeout(impatience);
  await app.close();
  unlock();
}
