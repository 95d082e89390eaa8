import type { FastifyRequest } from 'fastify';
import type { Caller } from '../access/caller.ts';
import type { DigestDevice } from '../access/sign-in-by-digest.ts';
import type { App } from '../app.ts';
import { type CallingDevice, formerNames, identifyDevice } from '../devices/identify-device.ts';
import { refuseDevice } from '../devices/refuse-device.ts';
import { AppError } from '../errors.ts';
import { clientOf, queryOf, singleHeader } from './client-facts.ts';

/**
 * Returns the caller if the device is revoked or sends its key, and sets `request.device`. Throws 403 for a wrong key:
 * after a 401, the phone could ask its user for a password and receive no calls until then.
 */
export async function callerOfDevice(app: App, request: FastifyRequest): Promise<Caller | undefined> {
  const key = singleHeader(request.headers['x-device-key']);
  const publicId = addressIn(request);
  if (key === undefined && publicId === undefined) return undefined;
  const calling = await identifyDevice(app, { key, publicId, from: singleHeader(request.headers.from) });
  request.device = calling;
  if (calling !== undefined && calling.device.revokedAt !== null) return callerOf(calling, 'device-address');
  if (key === undefined) return undefined;
  if (calling === undefined || !calling.showsKey) throw new AppError('not-allowed', { why: 'device-unknown' });
  if (calling.isForeign) throw refuseDevice(app, calling, clientOf(request), 'foreign-account');
  return callerOf(calling, 'device-key');
}

/**
 * Throws 403 if the address names a device of another account than the caller's. Also throws if a phone uses Digest and
 * its default account is another one, because the document would overwrite that account.
 */
export function requireOwnDevice(app: App, request: FastifyRequest, { account, by }: Caller): void {
  const { device } = request;
  if (device === undefined) return;
  if (device.account.id !== account.id) throw refuseDevice(app, device, clientOf(request), 'other-account');
  if (by === 'digest' && device.isForeign) throw refuseDevice(app, device, clientOf(request), 'foreign-account');
}

/**
 * Returns what HTTP Digest needs to know about the device in the address: `unknown` if there is no such device,
 * undefined if the address names none.
 */
export function digestDevice(request: FastifyRequest): DigestDevice | 'unknown' | undefined {
  const { device: calling } = request;
  if (calling === undefined) return addressIn(request) === undefined ? undefined : 'unknown';
  const { device, account } = calling;
  return { account, algorithms: device.algorithms, formerNames: formerNames(device) };
}

function callerOf({ account, space }: CallingDevice, by: Caller['by']): Caller {
  return { account, space, rights: 'user', by };
}

function addressIn(request: FastifyRequest): string | undefined {
  return request.url.includes('device=') ? (queryOf(request).get('device') ?? undefined) : undefined;
}
