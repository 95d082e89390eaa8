import { sql } from 'kysely';
import type { Db } from '../storage/tables.ts';

interface Range {
  readonly after: number;
  readonly until: number;
  /** In epoch milliseconds. Ids that are missing before the last event from before this time do not count. */
  readonly since: number;
}

/** Returns the last id before the first one that is missing after `after`, or `until` if none is. */
export async function lastIdBeforeGap(db: Db, { after, until, since }: Range): Promise<number> {
  const between = (low: number) => db.selectFrom('events').where('id', '>', low).where('id', '<=', until);
  const old = between(after).where('at', '<', since).orderBy('id', 'desc').limit(1).select('id');
  const first = (await old.executeTakeFirst())?.id ?? after;
  const numbered = between(first).select(['id', sql<number>`row_number() over (order by id)`.as('place')]);
  const { id } = await db
    .selectFrom(numbered.as('numbered'))
    .where((row) => row('id', '=', row('place', '+', first)))
    .select((of) => of.fn.max('id').as('id'))
    .executeTakeFirstOrThrow();
  return Number(id ?? first);
}
