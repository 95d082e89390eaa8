import { stringifySetCookie } from 'cookie';
import type { FastifyReply } from 'fastify';
import type { App } from '../app.ts';
import { cookieName } from '../http/authenticate.ts';
import { type Sent, send } from '../http/sent.ts';

/** Sends a new API key as plain text, and as a cookie that scripts in a page cannot read. */
export function sendKey(app: App, reply: FastifyReply, key: string): Sent {
  const cookie = stringifySetCookie({
    name: cookieName,
    value: key,
    httpOnly: true,
    sameSite: 'strict',
    secure: app.publicUrl.startsWith('https:'),
    path: app.pathPrefix === '' ? '/' : app.pathPrefix,
  });
  const ready = reply.header('set-cookie', cookie).header('content-type', 'text/plain; charset=utf-8');
  return send(ready, key);
}
