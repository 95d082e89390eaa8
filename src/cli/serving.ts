import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type App, openApp } from '../app.ts';
import type { Settings } from '../config/settings.ts';
import { AppError } from '../errors.ts';
import { lockDatabase } from '../instance-database.ts';
import { createLogger, type LogDestination } from '../lib/logger.ts';
import { buildServer } from '../server.ts';

const drainMs = 10_000;

export interface Running {
  readonly app: App;
  readonly server: FastifyInstance;
  /** Stops accepting, answers what is under way (10 s at most), closes the database. */
  stop(): Promise<void>;
}

/** Opens everything and listens; what is logged goes to `output`, and the observer is told of each answer. */
export async function startServing(
  settings: Settings,
  output: LogDestination,
  observer?: (app: App) => (request: FastifyRequest, reply: FastifyReply) => void,
): Promise<Running> {
  const unlock = lockDatabase(settings);
  try {
    const app = await openApp(settings, { log: createLogger(settings.logLevel, output), migrates: true });
    // A hook may start work that it does not wait for; when that fails, phones still want their answers.
    const logStray = (reason: unknown): void =>
      app.log.error({ err: reason }, 'a promise that nobody waits for was rejected, in a hook perhaps');
    process.on('unhandledRejection', logStray);
    const forget = (): void => {
      process.off('unhandledRejection', logStray);
      unlock();
    };
    try {
      const server = await buildServer(app, output, observer?.(app));
      await app.startBackgroundWork();
      await listen(server, settings);
      return { app, server, stop: () => stop(server, app, forget) };
    } catch (error) {
      process.off('unhandledRejection', logStray);
      await app.close();
      throw error;
    }
  } catch (error) {
    unlock();
    throw error;
  }
}

async function listen(server: FastifyInstance, settings: Settings): Promise<void> {
  try {
    await server.listen({ host: settings.listen.host, port: settings.listen.port });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const mistakes = [`RINGUP_LISTEN cannot be listened on: ${reason}.`];
    throw new AppError('settings-invalid', { mistakes }, { cause });
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
