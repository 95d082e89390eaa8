import type { Account } from '../accounts/account.ts';
import { type PageAfter, type PageOfRows, pageOfRows } from '../lib/page-of-rows.ts';
import type { Database } from '../storage/database.ts';
import type { Device, ListedDevice } from './device.ts';
import { type DevicePage, listDevicesFrom, listOpenDevicesAfter } from './device-page-store.ts';
import { listDeviceRows } from './device-store.ts';
import type { DeviceUses } from './device-uses.ts';
import { listDevicesWithKey } from './listed-device-store.ts';

export type { DevicePosition } from './device-page-store.ts';

export interface DeviceContext {
  readonly database: Database;
  readonly deviceUses: DeviceUses;
}

/** Lists the account's unrevoked devices, as its owner sees them. */
export async function listOwnDevices(context: DeviceContext, account: Account): Promise<Device[]> {
  const devices = await listDevices(context, account);
  return devices.filter(({ revokedAt }) => revokedAt === null);
}

/** Lists the account's newest devices with their latest uses. Revoked ones are left out first. */
export async function listDevices({ database, deviceUses }: DeviceContext, { id }: Account): Promise<Device[]> {
  await deviceUses.flush();
  return listDeviceRows(database, id);
}

/** Lists a page of the account's devices with their latest uses: first the unrevoked ones, then the others. */
export async function devicesFrom(
  { database, deviceUses }: DeviceContext,
  { id }: Account,
  { from, limit }: DevicePage,
): Promise<PageOfRows<Device>> {
  await deviceUses.flush();
  return pageOfRows(await listDevicesFrom(database, id, { from, limit: limit + 1 }), limit);
}

/** Lists a page of the account's unrevoked devices with their latest uses, as its owner sees them. */
export async function ownDevicesAfter(
  { database, deviceUses }: DeviceContext,
  { id }: Account,
  { after, limit }: PageAfter,
): Promise<PageOfRows<Device>> {
  await deviceUses.flush();
  return pageOfRows(await listOpenDevicesAfter(database, id, { after, limit: limit + 1 }), limit);
}

/** Lists the account's unrevoked devices that fetch each new password by their keys. */
export function listFollowingDevices(
  { database }: Pick<DeviceContext, 'database'>,
  { id }: Account,
): Promise<ListedDevice[]> {
  return listDevicesWithKey(database, id);
}
