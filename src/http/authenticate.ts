import { parseCookie } from 'cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Caller, type CallerPolicy, requirePages, requirePolicy } from '../access/caller.ts';
import { callerOfKey } from '../access/caller-of-key.ts';
import { callerOfSession } from '../access/sessions.ts';
import { type Challenge, signInByDigest } from '../access/sign-in-by-digest.ts';
import type { App } from '../app.ts';
import type { CallingDevice } from '../devices/identify-device.ts';
import { AppError } from '../errors.ts';
import { challengeHeaders } from '../sip/digest-header.ts';
import { singleHeader } from './client-facts.ts';
import { callerOfDevice, digestDevice, requireOwnDevice } from './device-caller.ts';
import { requireOwnPage } from './own-page.ts';
import { sessionCookiesOf } from './session-cookie.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set on routes whose policy is not `anyone`. */
    caller: Caller | undefined;
    /** The challenge for a 401 answer. */
    challenge: Challenge | undefined;
    /** The device that the request identifies, on routes for devices. */
    device: CallingDevice | undefined;
  }
}

export interface Protection {
  readonly changes: boolean;
  readonly withoutCookie: boolean;
  readonly forDevices: boolean;
  readonly live: boolean;
  readonly withoutPages: boolean;
}

export const cookieName = 'x-api-key';

/**
 * Identifies the caller by a device key, an API key, a session or HTTP Digest. Throws if the route does not allow this
 * caller.
 */
export async function authenticate(
  app: App,
  request: FastifyRequest,
  policy: Exclude<CallerPolicy, 'anyone'>,
  protection: Protection,
): Promise<void> {
  const caller = await identify(app, request, protection);
  requireOwnDevice(app, request, caller);
  // A revoked device must learn that it is revoked, even if its account cannot be used.
  if (caller.by !== 'device-address') requirePolicy(caller, policy);
  request.caller = caller;
  requirePages(caller);
}

async function identify(app: App, request: FastifyRequest, protection: Protection): Promise<Caller> {
  if (protection.forDevices) {
    const caller = await callerOfDevice(app, request);
    if (caller !== undefined) return caller;
  }
  const key = singleHeader(request.headers['x-api-key']);
  if (key !== undefined) {
    const caller = await callerOfKey(app, key, request.sender.address, 'api-key');
    if (caller === undefined) return askForCredentials(app, request, 'unknown-key');
    return caller;
  }
  if (request.headers.authorization === undefined && !protection.withoutCookie) {
    const cookie = cookieKey(request);
    const caller = cookie === undefined ? undefined : await callerOfKey(app, cookie, request.sender.address, 'cookie');
    // Changes by GET ignore sessions: a link in a mail would otherwise act with the reader's rights.
    const isChangingLink = protection.changes && request.method === 'GET';
    const known = caller ?? (isChangingLink ? undefined : await sessionCaller(app, request));
    if (known !== undefined) {
      if (protection.changes) requireOwnPage(app, request);
      return known;
    }
  }
  return askForCredentials(app, request, 'no-key');
}

/**
 * Returns the caller that HTTP Digest identifies. If there is none, sets the challenge for the 401 answer and throws.
 */
async function askForCredentials(app: App, request: FastifyRequest, why: 'no-key' | 'unknown-key'): Promise<Caller> {
  const result = await signInByDigest(app, {
    method: request.method,
    target: request.originalUrl,
    host: request.headers.host,
    from: singleHeader(request.headers.from),
    authorization: singleHeader(request.headers.authorization),
    fromLinphone: request.headers['x-linphone-provisioning'] !== undefined,
    device: digestDevice(request),
  });
  if (result.kind === 'caller') return result.caller;
  if (result.kind === 'hopeless') throw new AppError('not-allowed', { why: result.why });
  request.challenge = result.challenge;
  throw new AppError('authentication-required', { why });
}

/** Sets the `WWW-Authenticate` lines of a 401 answer, one for each algorithm. */
export function setChallenge(app: App, request: FastifyRequest, reply: FastifyReply): void {
  const { challenge } = request;
  if (challenge === undefined) return;
  const { realm, algorithms, stale } = challenge;
  reply.header('www-authenticate', challengeHeaders(algorithms, { realm, stale, nonce: app.nonces.issue() }));
}

/**
 * Identifies the caller of a page by its session. For a change, checks that the request comes from one of our pages.
 * Throws if the route does not allow this caller.
 */
export async function authenticateSession(
  app: App,
  request: FastifyRequest,
  policy: Exclude<CallerPolicy, 'anyone'>,
  { changes, live, withoutPages }: Protection,
): Promise<void> {
  const caller = await sessionCaller(app, request, !live);
  if (caller === undefined) throw new AppError('session-required', {});
  if (changes) requireOwnPage(app, request);
  requirePolicy(caller, policy);
  // Set before the check, because the error page names who can help.
  request.caller = caller;
  if (!withoutPages) requirePages(caller);
}

/** Returns the caller whose session the browser has, if it has one. For addresses that are open to everyone. */
export async function sessionCaller(app: App, request: FastifyRequest, isUse = true): Promise<Caller | undefined> {
  for (const { secret, begunBefore = Number.POSITIVE_INFINITY } of sessionCookiesOf(app, request)) {
    const caller = await callerOfSession(app, secret, { isUse });
    if (caller?.session !== undefined && caller.session.createdAt < begunBefore) return caller;
  }
  return undefined;
}

function cookieKey(request: FastifyRequest): string | undefined {
  const { cookie } = request.headers;
  return cookie === undefined ? undefined : parseCookie(cookie)[cookieName];
}
