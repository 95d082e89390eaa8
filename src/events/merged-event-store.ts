import type { Transaction } from '../storage/tables.ts';
import type { AccountEvent } from './event.ts';

/** Several events that are alike. */
export interface MergedEvent extends AccountEvent {
  /** What events of one account and kind must have in common to share a row. */
  readonly mergedBy: string;
  readonly lastAt: number;
  readonly count: number;
}

/** A row takes no more events when its first one is this old. */
export const mergedWithinMs = 10 * 60_000;
/** How many rows of one kind an account keeps. */
const maxRows = 200;
const droppedAtOnce = 100;

/** Counts the event in the row for those like it, or adds such a row and drops the oldest rows of its kind. */
export async function recordMerged(tx: Transaction, event: MergedEvent): Promise<void> {
  if (await addToRow(tx, event)) return;
  await insertRow(tx, event);
  await dropOldest(tx, event);
}

async function addToRow(tx: Transaction, event: MergedEvent): Promise<boolean> {
  const { at, lastAt, count, kind, accountId, mergedBy, address = null, agent = null, detail = {} } = event;
  const { numUpdatedRows } = await tx
    .updateTable('events')
    .set((row) => ({
      count: row('count', '+', count),
      last_at: lastAt,
      address,
      agent,
      detail: JSON.stringify(detail),
    }))
    .where('id', '=', (from) =>
      from
        .selectFrom('events')
        .where('account_id', '=', accountId)
        .where('kind', '=', kind)
        .where('merged_by', '=', mergedBy)
        .where('at', '>', at - mergedWithinMs)
        // A row from before the clock was set back would stay open until then.
        .where('at', '<', at + mergedWithinMs)
        .orderBy('id', 'desc')
        .limit(1)
        .select('id'),
    )
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

async function insertRow(tx: Transaction, event: MergedEvent): Promise<void> {
  const { at, lastAt, count, kind, spaceId, accountId, tokenId = null, mergedBy, address, agent, detail } = event;
  await tx
    .insertInto('events')
    .values({
      at,
      last_at: lastAt === at ? null : lastAt,
      count,
      kind,
      space_id: spaceId,
      account_id: accountId,
      token_id: tokenId,
      merged_by: mergedBy,
      address: address ?? null,
      agent: agent ?? null,
      detail: JSON.stringify(detail ?? {}),
    })
    .execute();
}

async function dropOldest(tx: Transaction, { kind, spaceId, accountId, lastAt: at }: MergedEvent): Promise<void> {
  const old = await tx
    .selectFrom('events')
    .where('account_id', '=', accountId)
    .where('kind', '=', kind)
    .where('merged_by', 'is not', null)
    .orderBy('id', 'desc')
    .offset(maxRows)
    .limit(droppedAtOnce)
    .select(['id', 'count'])
    .execute();
  if (old.length === 0) return;
  const ids = old.map(({ id }) => id);
  await tx.deleteFrom('events').where('id', 'in', ids).execute();
  const count = old.reduce((sum, row) => sum + row.count, 0);
  const { numUpdatedRows } = await tx
    .updateTable('events')
    .set((row) => ({ count: row('count', '+', count), last_at: at }))
    .where('account_id', '=', accountId)
    .where('kind', '=', 'events-dropped')
    .where('merged_by', '=', kind)
    .executeTakeFirst();
  if (numUpdatedRows > 0n) return;
  const dropped = { at, lastAt: at, kind: 'events-dropped', spaceId, accountId, count, detail: { of: kind } } as const;
  await insertRow(tx, { ...dropped, mergedBy: kind });
}
