import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { parseCookie, stringifySetCookie } from 'cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Caller } from '../access/caller.ts';
import type { App } from '../app.ts';
import { hasSecureSession } from './session-cookie.ts';

const cookieName = 'ringup_once';
const maxAgeSeconds = 60;
const ivBytes = 12;
const tagBytes = 16;

/** The page that shows a secret, and the person who sees it. */
interface Place {
  readonly caller: Caller;
  readonly path: string;
}

/**
 * Passes a secret to the page at `path` after a redirect. The browser carries it sealed, so that any node can show it,
 * but only within a minute, on that page and in the same session.
 */
export function setShownOnce(app: App, reply: FastifyReply, secret: string, place: Place): void {
  const text = JSON.stringify({ secret, until: app.now() + maxAgeSeconds * 1000 });
  const value = seal(app, text, boundTo(place));
  reply.header('set-cookie', cookieOf(app, reply.request, { value, maxAge: maxAgeSeconds, path: place.path }));
}

/** Returns the secret that the redirect passed on, if there is one, and deletes it in the browser. */
export function takeShownOnce(
  app: App,
  request: FastifyRequest,
  reply: FastifyReply,
  place: Place,
): string | undefined {
  const { cookie = '' } = request.headers;
  const sealed = parseCookie(cookie)[cookieName];
  if (sealed === undefined) return undefined;
  reply.header('set-cookie', cookieOf(app, reply.request, { value: '', maxAge: 0, path: place.path }));
  const text = open(app, sealed, boundTo(place));
  if (text === undefined) return undefined;
  const { secret, until } = JSON.parse(text) as { readonly secret: string; readonly until: number };
  return app.now() < until ? secret : undefined;
}

function boundTo({ caller: { account, session }, path }: Place): Buffer {
  return Buffer.from(`${account.id} ${session?.id ?? ''} ${path}`);
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

function keyOf({ secret }: App): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', 'ringup shown once', 32));
}

function seal(app: App, text: string, bound: Buffer): string {
  const iv = randomBytes(ivBytes);
  const cipher = createCipheriv('aes-256-gcm', keyOf(app), iv).setAAD(bound);
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64url');
}

/** Returns undefined for data that this instance did not seal for this page and session. */
function open(app: App, sealed: string, bound: Buffer): string | undefined {
  const bytes = Buffer.from(sealed, 'base64url');
  if (bytes.length < ivBytes + tagBytes) return undefined;
  const decipher = createDecipheriv('aes-256-gcm', keyOf(app), bytes.subarray(0, ivBytes)).setAAD(bound);
  decipher.setAuthTag(bytes.subarray(ivBytes, ivBytes + tagBytes));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(ivBytes + tagBytes)), decipher.final()]).toString('utf8');
  } catch {
    return undefined;
  }
}
