import { sql } from 'kysely';
import { rowsOfJson } from '../storage/dialect.ts';
import { type Step, statement, step } from '../storage/statement.ts';
import type { Db, Transaction } from '../storage/tables.ts';
import type { Event, EventDetail, EventKind, NewEvent } from './event.ts';
import { eventOf, rowOfEvent } from './event-row.ts';
import { mergedWithinMs } from './merged-event-store.ts';

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

/** Returns the step that records an event in the same transaction as the changes that it describes. */
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

export function recordEvent(tx: Transaction, event: NewEvent): Promise<void> {
  return recordEvents(tx, [event]);
}

/** Records events within a transaction, in this order. */
export async function recordEvents(tx: Transaction, events: readonly NewEvent[]): Promise<void> {
  if (events.length > 0) await tx.insertInto('events').values(events.map(rowOfEvent)).execute();
}

/** Records an event for each detail, in this order: one statement for any number of them. */
export async function recordForEach(
  tx: Transaction,
  event: Omit<NewEvent, 'detail'>,
  details: readonly EventDetail[],
): Promise<void> {
  const { detail: _, ...same } = rowOfEvent(event);
  const names = Object.keys(same) as (keyof typeof same)[];
  const json = JSON.stringify(details.map((detail, place) => ({ place, detail: JSON.stringify(detail) })));
  await tx
    .with('given', () => rowsOfJson(tx, json, { place: 'bigint', detail: 'text' }))
    .insertInto('events')
    .columns([...names, 'detail'])
    .expression(({ selectFrom }) =>
      selectFrom('given')
        .orderBy('place')
        .select(names.map((name) => sql.val(same[name]).as(name)))
        .select('detail'),
    )
    .execute();
}

export interface EventFilter {
  /** Only events of these spaces; by default, of all. */
  readonly spaceIds?: readonly number[];
  readonly accountId?: number;
  readonly tokenId?: number;
  readonly kinds?: readonly EventKind[];
  /** Only events recorded after the one with this id. */
  readonly after?: number;
  /** Only events recorded before the one with this id. */
  readonly before?: number;
  /**
   * Only events at this time or later, in epoch milliseconds. If a row stands for several events, the last one counts.
   */
  readonly from?: number;
}

/**
 * Lists the first matching events by id, in the order in which they were recorded. With `newest`, lists the last ones.
 */
export async function listEvents(db: Db, filter: EventFilter, limit: number, newest = false): Promise<Event[]> {
  let query = db
    .selectFrom('events')
    .selectAll()
    .orderBy('id', newest ? 'desc' : 'asc')
    .limit(limit);
  if (filter.spaceIds !== undefined) query = query.where('space_id', 'in', filter.spaceIds);
  if (filter.accountId !== undefined) query = query.where('account_id', '=', filter.accountId);
  if (filter.tokenId !== undefined) query = query.where('token_id', '=', filter.tokenId);
  if (filter.kinds !== undefined) query = query.where('kind', 'in', filter.kinds);
  if (filter.after !== undefined) query = query.where('id', '>', filter.after);
  if (filter.before !== undefined) query = query.where('id', '<', filter.before);
  if (filter.from !== undefined) {
    query = query
      .where('id', '>=', await firstIdSince(db, filter.from - mergedWithinMs - maxDelayMs))
      .where((of) => of.fn.coalesce('last_at', 'at'), '>=', filter.from);
  }
  const events = (await query.execute()).map(eventOf);
  return newest ? events.reverse() : events;
}

/** Returns the id of the event recorded last, or 0 if there is none. */
export async function newestEventId(db: Db): Promise<number> {
  const { id } = await db
    .selectFrom('events')
    .select((of) => of.fn.max('id').as('id'))
    .executeTakeFirstOrThrow();
  return Number(id ?? 0);
}

/** An event is recorded, and so gets its id, at most this long after it happened, unless the database was away. */
export const maxDelayMs = 5 * 60_000;

/**
 * Returns the id of the first event since a time. If there is none, returns a higher id than that of any event. It uses
 * binary search, because an index on the time would slow down every insert. Events that were recorded minutes late,
 * after an outage of the database, may lead it too far.
 */
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

export async function deleteEventsOf(tx: Transaction, accountId: number): Promise<void> {
  await tx.deleteFrom('events').where('account_id', '=', accountId).execute();
}

/**
 * Looks at the first `limit` events after an id, and deletes those that happened before a time. Returns the last id
 * that it looked at, or undefined if no later event can have expired. Events from the future, which were recorded while
 * the clock was ahead, do not say that.
 */
export async function deleteEventsBefore(
  db: Db,
  { before, now, after }: { readonly before: number; readonly now: number; readonly after: number },
  limit: number,
): Promise<number | undefined> {
  const next = db.selectFrom('events').where('id', '>', after).orderBy('id').limit(limit);
  const page = await next.select(['id', 'at']).execute();
  const last = page.at(-1)?.id;
  if (last === undefined) return undefined;
  if (page.some(({ at }) => at < before)) {
    await db.deleteFrom('events').where('id', '>', after).where('id', '<=', last).where('at', '<', before).execute();
  }
  return page.length === limit && page.every(({ at }) => at < before || at > now) ? last : undefined;
}

/** Returns the highest `at` of all events, in epoch milliseconds. */
export async function lastEventAt(db: Db): Promise<number | undefined> {
  const { at } = await db
    .selectFrom('events')
    .select((of) => of.fn.max<number | null>('at').as('at'))
    .executeTakeFirstOrThrow();
  return at === null ? undefined : Number(at);
}
