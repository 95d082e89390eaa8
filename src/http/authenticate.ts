import { parseCookie } from 'cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Caller, type CallerPolicy, requirePolicy } from '../access/caller.ts';
import { callerOfKey } from '../access/caller-of-key.ts';
import { type Challenge, signInByDigest } from '../access/sign-in-by-digest.ts';
import type { App } from '../app.ts';
import type { Device } from '../devices/find-device.ts';
import { AppError } from '../errors.ts';
import { challengeHeaders } from '../sip/digest-header.ts';
import { callerOfDevice, deviceKeyOf, deviceNamed, requireNotEnded } from './device-caller.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who is calling; set on every route whose policy is not `anyone`. */
    caller: Caller | undefined;
    /** What a 401 answer asks for. */
    challenge: Challenge | undefined;
    /** The device that asks, on a route for them. */
    device: Device | undefined;
  }
}

export interface Protection {
  readonly changes: boolean;
  readonly withoutCookie: boolean;
  readonly forDevices: boolean;
}

export const cookieName = 'x-api-key';

/** Finds out who is calling, by API key, HTTP Digest or cookie, and refuses whom the route leaves out. */
export async function authenticate(
  app: App,
  request: FastifyRequest,
  policy: Exclude<CallerPolicy, 'anyone'>,
  protection: Protection,
): Promise<void> {
  const caller = await identify(app, request, protection);
  const { device } = request;
  if (device !== undefined && device.accountId !== caller.account.id) request.device = undefined;
  requireNotEnded(app, caller.space.id, request);
  // A revoked device is told so whatever became of its account.
  if (request.device === undefined || request.device.revokedAt === null) requirePolicy(caller, policy);
  request.caller = caller;
}

async function identify(app: App, request: FastifyRequest, protection: Protection): Promise<Caller> {
  if (protection.forDevices) {
    const deviceKey = deviceKeyOf(request);
    if (deviceKey !== undefined) return callerOfDevice(app, request, deviceKey);
    request.device = await deviceNamed(app, request);
  }
  const key = single(request.headers['x-api-key']);
  if (key !== undefined) {
    const caller = await callerOfKey(app, key, request.ip, 'api-key');
    if (caller === undefined) return askForCredentials(app, request, 'unknown');
    return caller;
  }
  if (request.headers.authorization === undefined && !protection.withoutCookie) {
    const cookie = cookieKey(request);
    const caller = cookie === undefined ? undefined : await callerOfKey(app, cookie, request.ip, 'cookie');
    if (caller !== undefined) {
      if (protection.changes) requireSameSite(request);
      return caller;
    }
  }
  return askForCredentials(app, request, 'none');
}

/** Signs in by HTTP Digest, or refuses with the challenge to answer. */
async function askForCredentials(app: App, request: FastifyRequest, apiKey: 'none' | 'unknown'): Promise<Caller> {
  const result = await signInByDigest(app, {
    method: request.method,
    target: request.originalUrl,
    host: request.headers.host,
    from: single(request.headers.from),
    authorization: request.headers.authorization,
    fromLinphone: request.headers['x-linphone-provisioning'] !== undefined,
    device: request.device,
  });
  if (result.kind === 'caller') return result.caller;
  if (result.kind === 'hopeless') throw new AppError('not-allowed', { why: 'no-account-here' });
  request.challenge = result.challenge;
  throw new AppError('authentication-required', { apiKey });
}

/** The `WWW-Authenticate` lines of a 401: one for each algorithm. */
export function setChallenge(app: App, request: FastifyRequest, reply: FastifyReply): void {
  const { challenge } = request;
  if (challenge === undefined) return;
  const { realm, algorithms, stale } = challenge;
  reply.header('www-authenticate', challengeHeaders(algorithms, { realm, stale, nonce: app.nonces.issue() }));
}

/** A cookie comes along without its owner's doing, so a change needs a sign that it comes from our own pages. */
function requireSameSite(request: FastifyRequest): void {
  const site = single(request.headers['sec-fetch-site']);
  const origin = request.headers.origin;
  const own =
    site === undefined
      ? origin !== undefined && URL.canParse(origin) && new URL(origin).host === request.headers.host
      : site === 'same-origin' || site === 'none';
  if (!own) throw new AppError('cross-site-request', {});
}

function cookieKey(request: FastifyRequest): string | undefined {
  const { cookie } = request.headers;
  return cookie === undefined ? undefined : parseCookie(cookie)[cookieName];
}

function single(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header.join(', ') : header;
}
