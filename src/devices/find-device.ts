import type { Account } from '../accounts/account.ts';
import { hashSecret } from '../lib/hash.ts';
import type { Database } from '../storage/database.ts';
import {
  type Device,
  type FoundDevice,
  findDeviceByKeyHash,
  findDeviceByPublicId,
  listDeviceRows,
} from './device-store.ts';
import type { DeviceUses } from './device-uses.ts';

export type { Device, FoundDevice } from './device-store.ts';

export interface DeviceContext {
  readonly database: Database;
  readonly deviceUses: DeviceUses;
}

/** Finds a device and its account by device key. */
export function findDeviceByKey({ database }: DeviceContext, key: string): Promise<FoundDevice | undefined> {
  return findDeviceByKeyHash(database, hashSecret(key));
}

/** Finds the device that `?device=` names. This does not authenticate anybody. */
export async function findDeviceNamed({ database }: DeviceContext, publicId: string): Promise<Device | undefined> {
  if (!/^[A-Za-z0-9]{16}$/.test(publicId)) return undefined;
  return (await findDeviceByPublicId(database, publicId))?.device;
}

/** Lists the account's devices, including revoked ones, with their latest uses. */
export async function listDevices({ database, deviceUses }: DeviceContext, { id }: Account): Promise<Device[]> {
  await deviceUses.flush();
  return listDeviceRows(database, id);
}
