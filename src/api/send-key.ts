import { stringifySetCookie } from 'cookie';
import type { FastifyReply } from 'fastify';
import type { App } from '../app.ts';
import { cookieName } from '../http/authenticate.ts';
import { type Sent, send } from '../http/sent.ts';

/** Gives a browser a new API key as a cookie that scripts in a page cannot read. */
export function setKeyCookie(app: App, reply: FastifyReply, key: string): void {
  const cookie = stringifySetCookie({
    name: cookieName,
    value: key,
    httpOnly: true,
    sameSite: 'strict',
    secure: app.publicUrl.startsWith('https:'),
    path: app.pathPrefix === '' ? '/' : app.pathPrefix,
  });
  reply.header('set-cookie', cookie);
}

/** Sends a new API key as plain text, and as a cookie. */
export function sendKey(app: App, reply: FastifyReply, key: string): Sent {
  setKeyCookie(app, reply, key);
  return send(reply.header('content-type', 'text/plain; charset=utf-8'), key);
}
