import type { PageAfter } from '../lib/page-of-rows.ts';
import type { Db } from '../storage/tables.ts';
import type { Device } from './device.ts';
import { deviceColumns, deviceOf } from './device-row.ts';

/** Where a page of devices begins: after the one with this id, which was among the revoked ones or before them. */
export interface DevicePosition {
  readonly id: number;
  readonly isRevoked: boolean;
}

export interface DevicePage {
  readonly from: DevicePosition | undefined;
  readonly limit: number;
}

/** Lists a page of devices by id: first the unrevoked ones, then the others. */
export async function listDevicesFrom(db: Db, accountId: number, { from, limit }: DevicePage): Promise<Device[]> {
  const { id, isRevoked } = from ?? { id: 0, isRevoked: false };
  const rows = await db
    .selectFrom('devices')
    .select(deviceColumns)
    .where('account_id', '=', accountId)
    .where((row) => {
      const revoked = row('revoked_at', 'is not', null);
      return isRevoked ? row.and([revoked, row('id', '>', id)]) : row.or([revoked, row('id', '>', id)]);
    })
    .orderBy((row) => row('revoked_at', 'is not', null))
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map(deviceOf);
}

/** Lists a page of unrevoked devices by id. */
export async function listOpenDevicesAfter(
  db: Db,
  accountId: number,
  { after = 0, limit }: PageAfter,
): Promise<Device[]> {
  const of = db.selectFrom('devices').select(deviceColumns).where('account_id', '=', accountId);
  const open = of.where('revoked_at', 'is', null).where('id', '>', after);
  return (await open.orderBy('id').limit(limit).execute()).map(deviceOf);
}
