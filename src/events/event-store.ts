import { type Step, statement, step } from '../storage/statement.ts';
import type { Db, Transaction } from '../storage/tables.ts';
import { actorColumns, actorOfColumns } from './actor.ts';
import type { Event, EventDetail, EventKind, NewEvent } from './event.ts';

const insert = statement<{
  at: number;
  kind: string;
  spaceId: number;
  accountId: number | null;
  tokenId: number | null;
  actorKind: string | null;
  actorId: number | null;
  actorName: string | null;
  address: string | null;
  agent: string | null;
  detail: string;
}>()((db, event) =>
  db.insertInto('events').values({
    at: event.at,
    kind: event.kind,
    space_id: event.spaceId,
    account_id: event.accountId,
    token_id: event.tokenId,
    actor_kind: event.actorKind,
    actor_id: event.actorId,
    actor_name: event.actorName,
    address: event.address,
    agent: event.agent,
    detail: event.detail,
  }),
);

/** For a set of changes that the event tells of: both are there, or neither. */
export function eventStep(event: NewEvent): Step {
  const { at, kind, spaceId, accountId, tokenId = null, actor = null, address = null, agent = null, detail } = event;
  return step(insert, {
    at,
    kind,
    spaceId,
    accountId,
    tokenId,
    actorKind: actor?.kind ?? null,
    actorId: actor?.id ?? null,
    actorName: actor?.name ?? null,
    address,
    agent,
    detail: detail === undefined ? '{}' : JSON.stringify(detail),
  });
}

/** The same within a transaction. */
export async function recordEvent(tx: Transaction, event: NewEvent): Promise<void> {
  const { at, kind, spaceId, accountId, tokenId = null, actor = null, address = null, agent = null, detail } = event;
  await tx
    .insertInto('events')
    .values({
      at,
      kind,
      space_id: spaceId,
      account_id: accountId,
      token_id: tokenId,
      ...actorColumns(actor),
      address,
      agent,
      detail: JSON.stringify(detail ?? {}),
    })
    .execute();
}

export interface EventFilter {
  /** Absent: of all spaces. */
  readonly spaceIds?: readonly number[];
  readonly accountId?: number;
  readonly kinds?: readonly EventKind[];
  /** Only those recorded after the event of this id. */
  readonly after?: number;
  /** Epoch milliseconds; only those from then on. */
  readonly from?: number;
}

/** As they were recorded, by their ids; `newest`: the last ones. */
export async function listEvents(db: Db, filter: EventFilter, limit: number, newest = false): Promise<Event[]> {
  let query = db
    .selectFrom('events')
    .selectAll()
    .orderBy('id', newest ? 'desc' : 'asc')
    .limit(limit);
  if (filter.spaceIds !== undefined) query = query.where('space_id', 'in', filter.spaceIds);
  if (filter.accountId !== undefined) query = query.where('account_id', '=', filter.accountId);
  if (filter.kinds !== undefined) query = query.where('kind', 'in', filter.kinds);
  if (filter.after !== undefined) query = query.where('id', '>', filter.after);
  if (filter.from !== undefined) {
    query = query.where('id', '>=', await firstIdSince(db, filter.from - mostLateMs)).where('at', '>=', filter.from);
  }
  const rows = await query.execute();
  const events = rows.map((row) => ({
    id: row.id,
    at: row.at,
    // What is stored was recorded by this program, or by a later one that this one does not know.
    kind: row.kind as EventKind,
    spaceId: row.space_id,
    accountId: row.account_id,
    tokenId: row.token_id,
    actor: actorOfColumns(row),
    address: row.address,
    agent: row.agent,
    detail: JSON.parse(row.detail) as EventDetail,
  }));
  return newest ? events.reverse() : events;
}

/** An event has its id at most so long after it happened. */
const mostLateMs = 5 * 60_000;

/** The first event from an instant on, or a higher id than any has: found by halving, as an index by time would slow every event down. */
async function firstIdSince(db: Db, at: number): Promise<number> {
  const { lowest, highest } = await db
    .selectFrom('events')
    .select((of) => [of.fn.min('id').as('lowest'), of.fn.max('id').as('highest')])
    .executeTakeFirstOrThrow();
  let low = Number(lowest ?? 0);
  let high = Number(highest ?? 0) + 1;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const next = await db.selectFrom('events').where('id', '>=', middle).orderBy('id').limit(1).select('at').execute();
    if ((next[0]?.at ?? Number.POSITIVE_INFINITY) < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Forgets what happened to an account that is no more. */
export async function deleteEventsOf(tx: Transaction, accountId: number): Promise<void> {
  await tx.deleteFrom('events').where('account_id', '=', accountId).execute();
}

/** Forgets those of the oldest `limit` that are from before that instant; answers how many. */
export async function deleteEventsBefore(db: Db, before: number, limit: number): Promise<number> {
  const { numDeletedRows } = await db
    .deleteFrom('events')
    .where('id', 'in', (from) => from.selectFrom('events').orderBy('id').limit(limit).select('id'))
    .where('at', '<', before)
    .executeTakeFirst();
  return Number(numDeletedRows);
}
