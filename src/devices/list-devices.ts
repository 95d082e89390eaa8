import type { Account } from '../accounts/account.ts';
import type { Database } from '../storage/database.ts';
import type { Device } from './device.ts';
import { listDeviceRows } from './device-store.ts';
import type { DeviceUses } from './device-uses.ts';

export interface DeviceContext {
  readonly database: Database;
  readonly deviceUses: DeviceUses;
}

/** Lists the account's devices, including revoked ones, with their latest uses. */
export async function listDevices({ database, deviceUses }: DeviceContext, { id }: Account): Promise<Device[]> {
  await deviceUses.flush();
  return listDeviceRows(database, id);
}
