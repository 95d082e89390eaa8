import type { Account } from '../accounts/account.ts';
import type { Database } from '../storage/database.ts';
import type { Device } from './device.ts';
import { listDeviceRows, listDevicesWithKey } from './device-store.ts';
import type { DeviceUses } from './device-uses.ts';

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

/** Lists the account's unrevoked devices that fetch each new password by their keys. */
export function listFollowingDevices(
  { database }: Pick<DeviceContext, 'database'>,
  { id }: Account,
): Promise<Device[]> {
  return listDevicesWithKey(database, id);
}
