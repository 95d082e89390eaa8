import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type App, openApp } from '../app.ts';
import type { ListenAddress, Settings } from '../config/settings.ts';
import { AppError } from '../errors.ts';
import { lockDatabase, requireNotGone } from '../instance-database.ts';
import { compiler } from '../lib/check-shape.ts';
import { codeOf } from '../lib/code-of.ts';
import { createLogger, type LogDestination } from '../lib/logger.ts';
import { buildServer } from '../server.ts';

/** The limit from the signal to the end of the process. */
const stopMs = 10_000;
/** The part of that time that is reserved for writing how the last answers ended. */
const writingMs = 1_500;
/** The schema compiler is loaded after the first answers, but before a request needs it. */
const warmUpAfterMs = 1_000;

export interface Running {
  readonly app: App;
  readonly server: FastifyInstance;
  /** Stops accepting connections, lets open requests finish, and closes the database, all within about 10 s. */
  stop(): Promise<void>;
}

/** Opens the app and listens. The log goes to `output`; the observer sees every answer. */
export async function startServing(
  settings: Settings,
  output: LogDestination,
  observer?: (app: App) => (request: FastifyRequest, reply: FastifyReply) => void,
): Promise<Running> {
  requireNotGone(settings);
  const unlock = lockDatabase(settings);
  try {
    const app = await openApp(settings, { log: createLogger(settings.logLevel, output), migrates: true });
    // A hook may start work without awaiting it. If that fails, phones must still get their answers.
    const logStray = (reason: unknown): void =>
      app.log.error({ err: reason }, 'unhandled promise rejection, possibly in a hook');
    process.on('unhandledRejection', logStray);
    const forget = (): void => {
      process.off('unhandledRejection', logStray);
      unlock();
    };
    try {
      const server = await buildServer(app, output, observer?.(app));
      await begin(server, app, settings);
      setTimeout(compiler, warmUpAfterMs).unref();
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

/** Listens, and tells other processes so. If that fails, stops listening, which would keep the process alive. */
async function begin(server: FastifyInstance, app: App, settings: Settings): Promise<void> {
  try {
    await app.startBackgroundWork();
    await listen(server, settings);
    await app.announce();
  } catch (error) {
    const closed = server.close();
    server.server.closeAllConnections();
    await closed;
    throw error;
  }
}

async function listen(server: FastifyInstance, settings: Settings): Promise<void> {
  try {
    await server.listen({ host: settings.listen.host, port: settings.listen.port });
  } catch (cause) {
    const mistakes = [`Cannot listen on ${addressText(settings.listen)}: ${reasonFor(cause, settings.listen)}`];
    throw new AppError('settings-invalid', { mistakes }, { cause });
  }
}

/** Returns why the server cannot listen. The port may be the default one, so the sentence says how to set another. */
function reasonFor(cause: unknown, { host, port }: ListenAddress): string {
  if (isTaken(cause)) {
    const other = addressText({ host, port: port === 65_535 ? 8080 : port + 1 });
    return `another program uses this port. Stop it, or set another port, such as RINGUP_LISTEN=${other}.`;
  }
  return `${cause instanceof Error ? cause.message : String(cause)}. RINGUP_LISTEN sets the address and the port.`;
}

function isTaken(error: unknown): boolean {
  return codeOf(error) === 'EADDRINUSE';
}

function addressText({ host, port }: ListenAddress): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

async function stop(server: FastifyInstance, app: App, unlock: () => void): Promise<void> {
  // Idle connections would keep the server open. Busy ones get time to finish, but not without a limit.
  const patience = AbortSignal.timeout(stopMs);
  // Mails and imports get a part of what is left after the last requests, so that the writers have the rest.
  const workPatience = AbortSignal.timeout(stopMs - writingMs / 2);
  const deadline = setTimeout(() => server.server.closeAllConnections(), stopMs - writingMs);
  server.server.closeIdleConnections();
  await server.close();
  clearTimeout(deadline);
  await app.close(patience, workPatience);
  unlock();
}
