import { AppError } from '../errors.ts';
import { type Route, route } from '../http/route.ts';
import { send } from '../http/sent.ts';
import { requireMigrated } from '../storage/migrate.ts';

export const healthRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/ping',
    caller: 'anyone',
    summary: 'Whether anybody is there: `pong`',
    handle: ({ reply }) => send(reply.header('content-type', 'text/plain; charset=utf-8'), 'pong'),
  }),
  route({
    method: 'GET',
    path: '/health/live',
    caller: 'anyone',
    summary: 'Whether the process runs',
    handle: () => ({ status: 'live' }),
  }),
  route({
    method: 'GET',
    path: '/health/ready',
    caller: 'anyone',
    summary: 'Whether the database can be reached and is migrated',
    async handle({ app }) {
      try {
        await requireMigrated(app.database);
      } catch (cause) {
        if (cause instanceof AppError) throw cause;
        app.log.error({ err: cause }, 'the database cannot be reached');
        throw new AppError('database-unavailable', 'The database cannot be reached.', { cause });
      }
      return { status: 'ready' };
    },
  }),
];
