import type { Account } from '../accounts/account.ts';
import type { Database } from '../storage/database.ts';
import type { Device } from './device.ts';
import { listDeviceRows, listDevicesWithKey } from './device-store.ts';
import type { DeviceUses } from './device-uses.ts';

export interface DeviceContext {
  readonly database: Database;
  readonly deviceUses: DeviceUses;
}

/** Lists the devices of the account that are not revoked, as its owner sees them. */
export async function listOwnDevices(context: DeviceContext, account: Account): Promise<Device[]> {
  const devices = await listDevices(context, account);
  return devices.filter(({ revokedAt }) => revokedAt === null);
}

/** Lists the account's newest devices with their latest uses, revoked ones only where there is room. */
export async function listDevices({ database, deviceUses }: DeviceContext, { id }: Account): Promise<Device[]> {
  await deviceUses.flush();
  return listDeviceRows(database, id);
}

/** Lists the account's devices that fetch each new password by their keys, unless they are revoked. */
export function listFollowingDevices(
  { database }: Pick<DeviceContext, 'database'>,
  { id }: Account,
): Promise<Device[]> {
  return listDevicesWithKey(database, id);
}
