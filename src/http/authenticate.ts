import { parseCookie } from 'cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Caller, type CallerPolicy, requirePolicy } from '../access/caller.ts';
import { callerOfKey } from '../access/caller-of-key.ts';
import { type Challenge, signInByDigest } from '../access/sign-in-by-digest.ts';
import type { App } from '../app.ts';
import type { CallingDevice } from '../devices/identify-device.ts';
import { AppError } from '../errors.ts';
import { challengeHeaders } from '../sip/digest-header.ts';
import { singleHeader } from './client-facts.ts';
import { callerOfDevice, digestDevice, requireOwnDevice } from './device-caller.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set on every route whose policy is not `anyone`. */
    caller: Caller | undefined;
    /** The challenge for a 401 answer. */
    challenge: Challenge | undefined;
    /** The device that the request names, on routes for devices. */
    device: CallingDevice | undefined;
  }
}

export interface Protection {
  readonly changes: boolean;
  readonly withoutCookie: boolean;
  readonly forDevices: boolean;
}

export const cookieName = 'x-api-key';

/** Identifies the caller by API key, HTTP Digest or cookie. Throws if the route does not allow this caller. */
export async function authenticate(
  app: App,
  request: FastifyRequest,
  policy: Exclude<CallerPolicy, 'anyone'>,
  protection: Protection,
): Promise<void> {
  const caller = await identify(app, request, protection);
  requireOwnDevice(app, request, caller);
  // A revoked device must learn that it is revoked, even if its account no longer works.
  if (caller.by !== 'device-address') requirePolicy(caller, policy);
  request.caller = caller;
}

async function identify(app: App, request: FastifyRequest, protection: Protection): Promise<Caller> {
  if (protection.forDevices) {
    const caller = await callerOfDevice(app, request);
    if (caller !== undefined) return caller;
  }
  const key = singleHeader(request.headers['x-api-key']);
  if (key !== undefined) {
    const caller = await callerOfKey(app, key, request.sender.address, 'api-key');
    if (caller === undefined) return askForCredentials(app, request, 'unknown');
    return caller;
  }
  if (request.headers.authorization === undefined && !protection.withoutCookie) {
    const cookie = cookieKey(request);
    const caller = cookie === undefined ? undefined : await callerOfKey(app, cookie, request.sender.address, 'cookie');
    if (caller !== undefined) {
      if (protection.changes) requireSameSite(app, request);
      return caller;
    }
  }
  return askForCredentials(app, request, 'none');
}

/** Returns the caller that HTTP Digest identifies. Otherwise throws, and sets the challenge for the 401 answer. */
async function askForCredentials(app: App, request: FastifyRequest, apiKey: 'none' | 'unknown'): Promise<Caller> {
  const result = await signInByDigest(app, {
    method: request.method,
    target: request.originalUrl,
    host: request.headers.host,
    from: singleHeader(request.headers.from),
    authorization: request.headers.authorization,
    fromLinphone: request.headers['x-linphone-provisioning'] !== undefined,
    device: digestDevice(request),
  });
  if (result.kind === 'caller') return result.caller;
  if (result.kind === 'hopeless') throw new AppError('not-allowed', { why: result.why });
  request.challenge = result.challenge;
  throw new AppError('authentication-required', { apiKey });
}

/** Sets the `WWW-Authenticate` lines of a 401 answer, one for each algorithm. */
export function setChallenge(app: App, request: FastifyRequest, reply: FastifyReply): void {
  const { challenge } = request;
  if (challenge === undefined) return;
  const { realm, algorithms, stale } = challenge;
  reply.header('www-authenticate', challengeHeaders(algorithms, { realm, stale, nonce: app.nonces.issue() }));
}

/** Browsers send cookies with requests from other sites too, so a change must prove that it comes from our pages. */
function requireSameSite(app: App, { headers }: FastifyRequest): void {
  const site = singleHeader(headers['sec-fetch-site']);
  const own =
    site === undefined ? isOwnOrigin(app, headers.origin, headers.host) : site === 'same-origin' || site === 'none';
  if (!own) throw new AppError('cross-site-request', {});
}

/** A proxy may change `Host`, so the names in our own addresses count too. */
function isOwnOrigin({ publicUrl, spaces }: App, text = '', host: string | undefined): boolean {
  const origin = URL.canParse(text) ? new URL(text) : undefined;
  const own = new URL(publicUrl);
  if (origin === undefined || origin.protocol !== own.protocol) return false;
  return [host, own.host, ...spaces.all.map((space) => space.host)].includes(origin.host);
}

function cookieKey(request: FastifyRequest): string | undefined {
  const { cookie } = request.headers;
  return cookie === undefined ? undefined : parseCookie(cookie)[cookieName];
}
