import type { FastifyRequest } from 'fastify';
import type { Caller } from '../access/caller.ts';
import type { DigestDevice } from '../access/sign-in-by-digest.ts';
import type { App } from '../app.ts';
import { type CallingDevice, formerNames, identifyDevice } from '../devices/identify-device.ts';
import { refuseDevice } from '../devices/refuse-device.ts';
import { AppError } from '../errors.ts';
import { clientOf, queryOf, singleHeader } from './client-facts.ts';

/**
 * Returns the caller if the device is revoked or shows its key, and notes the device. Throws 403 for a wrong key: after a
 * 401, the phone could wait for its user to type a password and miss calls.
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
 * Throws 403 if the caller is another account than that of the device that the address names, or if a phone signs in by
 * Digest whose default account is another one: the document would overwrite that.
 */
export function requireOwnDevice(app: App, request: FastifyRequest, { account, by }: Caller): void {
  const { device } = request;
  if (device === undefined) return;
  if (device.account.id !== account.id) throw refuseDevice(app, device, clientOf(request), 'other-account');
  if (by === 'digest' && device.isForeign) throw refuseDevice(app, device, clientOf(request), 'foreign-account');
}

/** Returns what HTTP Digest must know of the device that the address names. */
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
