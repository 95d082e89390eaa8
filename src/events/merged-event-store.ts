import { rows } from '../storage/database.ts';
import { statement } from '../storage/statement.ts';
import type { Transaction } from '../storage/tables.ts';
import type { AccountEvent, RepeatableKind } from './event.ts';

/** One or more alike events, counted in one row. */
export interface MergedEvent extends AccountEvent<RepeatableKind | 'events-dropped'> {
  /** A key that events of one account and kind must have in common to share a row. */
  readonly mergedBy: string;
  readonly lastAt: number;
  readonly count: number;
}

/** A row accepts no more events when its first one is this old. */
export const mergedWithinMs = 10 * 60_000;
/** How many rows of each kind are kept for an account. */
const maxRows = 200;
const droppedAtOnce = 100;

/** Adds the event to the row of alike events. If there is none, inserts one and drops the oldest rows of its kind. */
export async function recordMerged(tx: Transaction, event: MergedEvent): Promise<void> {
  if (await addToRow(tx, event)) return;
  await insertRow(tx, event);
  await dropOldest(tx, event);
}

const addToRowLike = statement<{
  at: number;
  lastAt: number;
  after: number;
  before: number;
  count: number;
  kind: string;
  accountId: number;
  mergedBy: string;
  address: string | null;
  agent: string | null;
  detail: string;
}>()((db, at) =>
  db
    .updateTable('events')
    .set((row) => ({
      count: row('count', '+', at.count),
      last_at: at.lastAt,
      address: at.address,
      agent: at.agent,
      detail: at.detail,
    }))
    .where('id', '=', (from) =>
      from
        .selectFrom('events')
        .where('account_id', '=', at.accountId)
        .where('kind', '=', at.kind)
        .where('merged_by', '=', at.mergedBy)
        .where('at', '>', at.after)
        .where('at', '<', at.before)
        .orderBy('id', 'desc')
        .limit(1)
        .select('id'),
    )
    .returning('id'),
);

async function addToRow(tx: Transaction, event: MergedEvent): Promise<boolean> {
  const { at, lastAt, count, kind, accountId, mergedBy, address = null, agent = null, detail = {} } = event;
  const changed = await rows(tx, addToRowLike, {
    ...{ at, lastAt, count, kind, accountId, mergedBy, address, agent },
    detail: JSON.stringify(detail),
    after: at - mergedWithinMs,
    // If the clock was set back, the row is in the future, and accepts no more events.
    before: at + mergedWithinMs,
  });
  return changed.length > 0;
}

const insert = statement<{
  at: number;
  lastAt: number | null;
  count: number;
  kind: string;
  spaceId: number;
  accountId: number;
  tokenId: number | null;
  mergedBy: string;
  address: string | null;
  agent: string | null;
  detail: string;
}>()((db, row) =>
  db
    .insertInto('events')
    .values({
      at: row.at,
      last_at: row.lastAt,
      count: row.count,
      kind: row.kind,
      space_id: row.spaceId,
      account_id: row.accountId,
      token_id: row.tokenId,
      merged_by: row.mergedBy,
      address: row.address,
      agent: row.agent,
      detail: row.detail,
    })
    .returning('id'),
);

async function insertRow(tx: Transaction, event: MergedEvent): Promise<void> {
  const { at, count, kind, spaceId, accountId, tokenId = null, mergedBy, address = null, agent = null } = event;
  const lastAt = event.lastAt === at ? null : event.lastAt;
  const detail = JSON.stringify(event.detail ?? {});
  await rows(tx, insert, { at, lastAt, count, kind, spaceId, accountId, tokenId, mergedBy, address, agent, detail });
}

const rowsOverLimit = statement<{ accountId: number; kind: string }>()((db, at) =>
  db
    .selectFrom('events')
    .where('account_id', '=', at.accountId)
    .where('kind', '=', at.kind)
    .where('merged_by', 'is not', null)
    .orderBy('id', 'desc')
    .offset(maxRows)
    .limit(droppedAtOnce)
    .select(['id', 'count']),
);

async function dropOldest(tx: Transaction, { kind, spaceId, accountId, lastAt: at }: MergedEvent): Promise<void> {
  const old = await rows(tx, rowsOverLimit, { accountId, kind });
  if (old.length === 0) return;
  const ids = old.map(({ id }) => id);
  const gone = await tx.deleteFrom('events').where('id', 'in', ids).returning('count').execute();
  // Another node may have just dropped and counted them.
  if (gone.length === 0) return;
  const count = gone.reduce((sum, row) => sum + row.count, 0);
  const { numUpdatedRows } = await tx
    .updateTable('events')
    .set((row) => ({ count: row('count', '+', count), last_at: at }))
    .where('id', '=', (from) =>
      from
        .selectFrom('events')
        .where('account_id', '=', accountId)
        .where('kind', '=', 'events-dropped')
        .where('merged_by', '=', kind)
        .select((row) => row.fn.min('id').as('id')),
    )
    .executeTakeFirst();
  if (numUpdatedRows > 0n) return;
  const dropped = { at, lastAt: at, kind: 'events-dropped', spaceId, accountId, count, detail: { of: kind } } as const;
  await insertRow(tx, { ...dropped, mergedBy: kind });
}
