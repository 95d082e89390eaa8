import type { Account } from '../accounts/account.ts';
import { hashSecret } from '../lib/hash.ts';
import { type Database, inTransaction } from '../storage/database.ts';
import {
  type Device,
  type FoundDevice,
  findDeviceByKeyHash,
  findDeviceByPublicId,
  findDeviceBySpareKeyHash,
  listDeviceRows,
} from './device-store.ts';
import type { DeviceUses } from './device-uses.ts';
import { chooseSpareKey, dropSpareKeys } from './spare-key-store.ts';

export type { Device, FoundDevice } from './device-store.ts';

export interface DeviceContext {
  readonly database: Database;
  readonly deviceUses: DeviceUses;
}

/** Finds a device and its account by device key. Using one key ends those of the other answers to the same token. */
export async function findDeviceByKey({ database }: DeviceContext, key: string): Promise<FoundDevice | undefined> {
  const hash = hashSecret(key);
  const found = await findDeviceByKeyHash(database, hash);
  if (found !== undefined) {
    if (found.hasSpareKeys) await dropSpareKeys(database, found.device.id);
    return found;
  }
  const spare = await findDeviceBySpareKeyHash(database, hash);
  if (spare === undefined) return undefined;
  const isChosen = await inTransaction(database, (tx) => chooseSpareKey(tx, spare.device.id, hash));
  return isChosen ? spare : undefined;
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
