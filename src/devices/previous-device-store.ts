import type { Db } from '../storage/tables.ts';
import type { Device } from './device.ts';
import { deviceColumns, deviceOf } from './device-row.ts';

/** Finds the device of one of the accounts that has this key, even a key that has not been used yet. */
export async function findDeviceByKey(
  db: Db,
  accountIds: readonly number[],
  keyHash: string,
): Promise<Device | undefined> {
  const row = await db
    .selectFrom('devices')
    .select(deviceColumns)
    .where('account_id', 'in', accountIds)
    .where(({ or, eb, selectFrom }) => {
      const spare = selectFrom('spare_device_keys').where('key_hash', '=', keyHash).select('device_id');
      return or([eb('key_hash', '=', keyHash), eb('id', 'in', spare)]);
    })
    .executeTakeFirst();
  return row === undefined ? undefined : deviceOf(row);
}
