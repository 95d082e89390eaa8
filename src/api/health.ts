import { AppError } from '../errors.ts';
import { openEndpoint } from '../http/route.ts';
import { send } from '../http/sent.ts';

export const ping = openEndpoint({
  summary: 'Check that the server answers; returns `pong`',
  handle: ({ reply }) => send(reply.header('content-type', 'text/plain; charset=utf-8'), 'pong'),
});

export const live = openEndpoint({
  summary: 'Check that the process runs',
  handle: () => ({ status: 'live' }),
});

export const ready = openEndpoint({
  summary: 'Check that the database can be reached and is migrated',
  async handle({ app }) {
    try {
      await app.requireReady();
    } catch (cause) {
      if (cause instanceof AppError) throw cause;
      app.log.error({ err: cause }, 'the database cannot be reached');
      throw new AppError('database-unavailable', { why: 'no-answer' }, { cause });
    }
    return { status: 'ready' };
  },
});
