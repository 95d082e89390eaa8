import { parseCookie, stringifySetCookie } from 'cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Caller } from '../access/caller.ts';
import type { App } from '../app.ts';
import { openSealed, seal } from './sealed.ts';
import { hasSecureSession } from './session-cookie.ts';

const cookieName = 'ringup_once';
const maxAgeSeconds = 60;

/** The page that shows a secret, and the person who sees it. */
interface Place {
  readonly caller: Caller;
  readonly path: string;
}

/**
 * Passes a secret to the page at `path` after a redirect. The browser carries it sealed, so that any node can show it,
 * but only within a minute, on that page and in the same session.
 */
export function setShownOnce(app: App, reply: FastifyReply, secret: string, { caller, path }: Place): void {
  const value = seal(app, secret, { caller, place: path, lifetimeMs: maxAgeSeconds * 1000 });
  reply.header('set-cookie', cookieOf(app, reply.request, { value, maxAge: maxAgeSeconds, path }));
}

/** Returns the secret that the redirect passed on, if there is one, and deletes it in the browser. */
export function takeShownOnce(
  app: App,
  request: FastifyRequest,
  reply: FastifyReply,
  { caller, path }: Place,
): string | undefined {
  const { cookie = '' } = request.headers;
  const sealed = parseCookie(cookie)[cookieName];
  if (sealed === undefined) return undefined;
  reply.header('set-cookie', cookieOf(app, reply.request, { value: '', maxAge: 0, path }));
  return openSealed(app, sealed, { caller, place: path });
}

interface Content {
  readonly value: string;
  readonly maxAge: number;
  readonly path: string;
}

function cookieOf(app: App, request: FastifyRequest, { value, maxAge, path }: Content): string {
  return stringifySetCookie({
    name: cookieName,
    value,
    maxAge,
    path: `${app.pathPrefix}${path}`,
    httpOnly: true,
    sameSite: 'strict',
    secure: hasSecureSession(app, request),
  });
}
