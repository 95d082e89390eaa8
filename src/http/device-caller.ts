import type { FastifyRequest } from 'fastify';
import type { Caller } from '../access/caller.ts';
import type { App } from '../app.ts';
import { type Device, findDeviceByKey, findDeviceNamed } from '../devices/find-device.ts';
import { refusesDevice } from '../devices/refuse-device.ts';
import { AppError } from '../errors.ts';
import { clientOf, queryOf } from './client-facts.ts';

export function deviceKeyOf(request: FastifyRequest): string | undefined {
  const key = request.headers['x-device-key'];
  return Array.isArray(key) ? key.join(', ') : key;
}

/**
 * Returns the owner of the device key. Throws 403 for an unknown key: after a 401, the phone could wait for its user to
 * type a password and miss calls.
 */
export async function callerOfDevice(app: App, request: FastifyRequest, key: string): Promise<Caller> {
  const found = await findDeviceByKey(app, key);
  const space = found === undefined ? undefined : app.spaces.findById(found.account.spaceId);
  if (found === undefined || space === undefined) {
    throw new AppError('not-allowed', { why: 'device-unknown' });
  }
  request.device = found.device;
  return { account: found.account, space, rights: 'user', by: 'device-key' };
}

/** Returns the device that the URL names. This does not authenticate it. */
export async function deviceNamed(app: App, request: FastifyRequest): Promise<Device | undefined> {
  if (!request.url.includes('device=')) return undefined;
  return findDeviceNamed(app, queryOf(request).get('device') ?? '');
}

/** Throws if the device has already been told that it is revoked. */
export function requireNotEnded(app: App, spaceId: number, request: FastifyRequest): void {
  const { device } = request;
  if (device === undefined) return;
  const client = clientOf(request);
  if (!refusesDevice(app, device, spaceId, client)) return;
  app.log.warn(
    { device: device.id, account: device.accountId, address: client.address },
    'a revoked device asked again',
  );
  throw new AppError('not-allowed', { why: 'device-revoked' });
}
