import { setImmediate as nextTurn } from 'node:timers/promises';
import type { App } from '../app.ts';
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
      await requireReady(app);
    } catch (cause) {
      if (cause instanceof AppError) throw cause;
      app.log.error({ err: cause }, 'the database cannot be reached');
      throw new AppError('database-unavailable', { why: 'no-answer' }, { cause });
    }
    return { status: 'ready' };
  },
});

const underWay = new WeakMap<App, Promise<void>>();

/** All who ask in one turn of the event loop share one look at the database. */
function requireReady(app: App): Promise<void> {
  const known = underWay.get(app);
  if (known !== undefined) return known;
  const look = nextTurn().then(() => {
    underWay.delete(app);
    return app.requireReady();
  });
  underWay.set(app, look);
  return look;
}
