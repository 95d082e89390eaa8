import type { Db } from '../storage/tables.ts';

export interface DeviceAgent {
  readonly id: number;
  readonly spaceId: number;
  /** The value of `User-Agent`. */
  readonly agent: string;
}

/** Lists unrevoked devices, ordered by id. */
export async function listDeviceAgents(db: Db, after: number, limit: number): Promise<DeviceAgent[]> {
  return db
    .selectFrom('devices')
    .innerJoin('accounts', 'accounts.id', 'devices.account_id')
    .where('devices.id', '>', after)
    .where('devices.revoked_at', 'is', null)
    .select(['devices.id', 'accounts.space_id as spaceId', 'devices.agent'])
    .orderBy('devices.id')
    .limit(limit)
    .execute();
}
