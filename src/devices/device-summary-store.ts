import type { Db } from '../storage/tables.ts';

export interface DeviceSummary {
  readonly count: number;
  /** The last request of any device, in epoch milliseconds; null if there is no device. */
  readonly lastSeenAt: number | null;
}

/** Returns how many unrevoked devices these accounts have, and when one of them was last seen. */
export async function summarizeDevices(db: Db, accountIds: readonly number[]): Promise<Map<number, DeviceSummary>> {
  if (accountIds.length === 0) return new Map();
  const rows = await db
    .selectFrom('devices')
    .where('account_id', 'in', accountIds)
    .where('revoked_at', 'is', null)
    .groupBy('account_id')
    .select(({ fn }) => ['account_id', fn.countAll<number>().as('count'), fn.max('last_seen_at').as('last')])
    .execute();
  return new Map(
    rows.map(({ account_id, count, last }) => [account_id, { count: Number(count), lastSeenAt: Number(last) }]),
  );
}

/** Returns how many accounts of the space were set up, but have no phone left because all were revoked. */
export async function countWithoutPhones(db: Db, spaceId: number): Promise<number> {
  const { count } = await db
    .selectFrom('devices')
    .innerJoin('account_states', 'account_states.account_id', 'devices.account_id')
    .where('devices.revoked_at', 'is not', null)
    .where('account_states.space_id', '=', spaceId)
    .where('account_states.state', '=', 'active')
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('devices as other')
            .select('other.id')
            .whereRef('other.account_id', '=', 'devices.account_id')
            .where('other.revoked_at', 'is', null),
        ),
      ),
    )
    .select((of) => of.fn.count<number>('devices.account_id').distinct().as('count'))
    .executeTakeFirstOrThrow();
  return Number(count);
}
