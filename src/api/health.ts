import { setImmediate as nextTurn } from 'node:timers/promises';
import { Type } from 'typebox';
import type { App } from '../app.ts';
import { openEndpoint } from '../http/route.ts';
import { send } from '../http/sent.ts';

export const ping = openEndpoint({
  summary: 'Check that the server answers; returns `pong`',
  needsNoDatabase: true,
  produces: ['text/plain'],
  handle: ({ reply }) => send(reply.header('content-type', 'text/plain; charset=utf-8'), 'pong'),
});

export const live = openEndpoint({
  summary: 'Check that the process runs',
  needsNoDatabase: true,
  answer: Type.Object({
    status: Type.Literal('live'),
    boot_id: Type.String({ description: 'Another one after each start.' }),
  }),
  handle: ({ app }) => ({ status: 'live', boot_id: app.bootId }),
});

export const ready = openEndpoint({
  summary: 'Check that the database can be reached, is migrated and takes changes',
  answer: Type.Object({ status: Type.Literal('ready') }),
  async handle({ app }) {
    await requireReady(app);
    return { status: 'ready' };
  },
});

const underWay = new WeakMap<App, Promise<void>>();

/** Checks the database. Requests in the same turn of the event loop share one check. */
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
