import type { Db } from '../storage/tables.ts';

/** The phones of a space that send the same `User-Agent`. */
export interface AgentCount {
  readonly spaceId: number;
  readonly agent: string;
  readonly phones: number;
  /** The highest id of their devices. */
  readonly lastId: number;
}

/** Counts the next unrevoked devices, at most `limit` in the order of their ids, by space and `User-Agent`. */
export async function countDeviceAgents(db: Db, after: number, limit: number): Promise<AgentCount[]> {
  const devices = db
    .selectFrom('devices')
    .innerJoin('accounts', 'accounts.id', 'devices.account_id')
    .where('devices.id', '>', after)
    .where('devices.revoked_at', 'is', null)
    .select(['devices.id as id', 'accounts.space_id as spaceId', 'devices.agent as agent'])
    .orderBy('devices.id')
    .limit(limit);
  const counts = await db
    .selectFrom(devices.as('next'))
    .groupBy(['spaceId', 'agent'])
    .select(({ fn }) => ['spaceId', 'agent', fn.countAll().as('phones'), fn.max('id').as('lastId')])
    .execute();
  return counts.map((each) => ({ ...each, phones: Number(each.phones) }));
}
