import { parseCookie, stringifySetCookie } from 'cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { App } from '../app.ts';
import { pathPrefixOf } from '../lib/web-address.ts';

const maxAgeSeconds = 30 * 86_400;

/** A session cookie that a browser sent. */
export interface SessionCookie {
  readonly secret: string;
  /** If set, the cookie is from the previous address, and is valid only for sessions that began before this moment. */
  readonly begunBefore?: number | undefined;
}

/** Returns the possible secrets of the browser's session, the most likely first. */
export function sessionCookiesOf({ address }: App, { headers }: FastifyRequest): SessionCookie[] {
  if (headers.cookie === undefined) return [];
  const cookies = parseCookie(headers.cookie);
  const { url, previousUrl, changedAt } = address;
  const now = cookies[nameAt(url)];
  const before = previousUrl === undefined ? undefined : cookies[nameAt(previousUrl)];
  return [
    ...(now === undefined ? [] : [{ secret: now }]),
    ...(before === undefined ? [] : [{ secret: before, begunBefore: changedAt }]),
  ];
}

/** Sends the secret of a new session to the browser. */
export function setSessionCookie({ address }: App, reply: FastifyReply, secret: string): void {
  reply.header('set-cookie', cookieAt(address.url, secret, maxAgeSeconds));
}

/** Sends the new secret of the browser's session, in the same cookie as before. */
export function renewSessionCookie(app: App, reply: FastifyReply, secret: string): void {
  reply.header('set-cookie', cookieAt(sessionUrlOf(app, reply.request), secret, maxAgeSeconds));
}

/** Returns whether the browser's session has a cookie that needs TLS, so that the browser keeps others like it. */
export function hasSecureSession(app: App, request: FastifyRequest): boolean {
  return isSecure(sessionUrlOf(app, request));
}

export function clearSessionCookie({ address }: App, reply: FastifyReply): void {
  const { url, previousUrl = url } = address;
  for (const each of new Set([url, previousUrl])) reply.header('set-cookie', cookieAt(each, '', 0));
}

/** Returns the public URL from which the browser's session has its cookie: the present one, or the one before. */
function sessionUrlOf(app: App, request: FastifyRequest): string {
  const { url, previousUrl = url } = app.address;
  const [known] = sessionCookiesOf(app, request);
  return known?.begunBefore === undefined ? url : previousUrl;
}

function cookieAt(url: string, value: string, maxAge: number): string {
  return stringifySetCookie({
    name: nameAt(url),
    value,
    maxAge,
    httpOnly: true,
    sameSite: 'lax',
    secure: isSecure(url),
    path: pathPrefixOf(url) || '/',
  });
}

/**
 * Returns the name of the cookie. With these prefixes, browsers refuse cookies that are set by another site of the same
 * domain or without TLS.
 */
function nameAt(url: string): string {
  if (!isSecure(url)) return 'ringup_session';
  return pathPrefixOf(url) === '' ? '__Host-ringup_session' : '__Secure-ringup_session';
}

function isSecure(url: string): boolean {
  return url.startsWith('https:');
}
