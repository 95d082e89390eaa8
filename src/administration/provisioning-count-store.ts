import type { Db, Transaction } from '../storage/tables.ts';

/** Half an hour, because days begin at a multiple of it in nearly all time zones. */
export const slotMs = 30 * 60_000;

/** How many answers arrived and how many were lost in the slot of time that begins at `slot`. */
export interface SlotCount {
  readonly slot: number;
  readonly delivered: number;
  readonly lost: number;
}

const countedKinds = ['delivered', 'answer-lost'] as const;
/** How many event ids one transaction looks at, whatever kinds of events they are. */
const maxIdsAtOnce = 2_000;

export async function lastEventId(db: Db): Promise<number> {
  const row = await db.selectFrom('events').select('id').orderBy('id', 'desc').limit(1).executeTakeFirst();
  return row?.id ?? 0;
}

/** Counts some events up to the one with the id `until`, each once. Returns whether more of them remain. */
export async function countSomeEvents(tx: Transaction, until: number): Promise<boolean> {
  const from = await countedEventId(tx);
  const to = Math.min(until, from + maxIdsAtOnce);
  if (to <= from) return false;
  // Another node may have counted these events meanwhile.
  if (!(await moveOn(tx, from, to))) return true;
  const found = await tx
    .selectFrom('events')
    .innerJoin('spaces', 'spaces.id', 'events.space_id')
    .where('events.id', '>', from)
    .where('events.id', '<=', to)
    .where('events.kind', 'in', countedKinds)
    .select(['events.space_id', 'events.at', 'events.kind'])
    .execute();
  for (const [spaceId, events] of Map.groupBy(found, (event) => event.space_id)) {
    for (const count of slotsOf(events)) await addCount(tx, spaceId, count);
  }
  return to < until;
}

/** Lists the counts of a space since a moment, including events that are not yet counted. */
export async function countsSince(db: Db, spaceId: number, since: number): Promise<SlotCount[]> {
  const counted = await db
    .selectFrom('provisioning_counts')
    .where('space_id', '=', spaceId)
    .where('slot', '>=', since)
    .select(['slot', 'delivered', 'lost'])
    .execute();
  const latest = await db
    .selectFrom('events')
    .where('space_id', '=', spaceId)
    .where('id', '>', await countedEventId(db))
    .where('kind', 'in', countedKinds)
    .select(['at', 'kind'])
    .limit(maxIdsAtOnce)
    .execute();
  return [...counted, ...slotsOf(latest)];
}

async function countedEventId(db: Db): Promise<number> {
  return (await db.selectFrom('instance').select('counted_event_id').executeTakeFirstOrThrow()).counted_event_id;
}

async function moveOn(tx: Transaction, from: number, to: number): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('instance')
    .set({ counted_event_id: to })
    .where('counted_event_id', '=', from)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

function slotsOf(events: readonly { readonly at: number; readonly kind: string }[]): SlotCount[] {
  const bySlot = Map.groupBy(events, ({ at }) => at - (at % slotMs));
  return [...bySlot].map(([slot, some]) => {
    const delivered = some.filter(({ kind }) => kind === 'delivered').length;
    return { slot, delivered, lost: some.length - delivered };
  });
}

async function addCount(tx: Transaction, spaceId: number, { slot, delivered, lost }: SlotCount): Promise<void> {
  await tx
    .insertInto('provisioning_counts')
    .values({ space_id: spaceId, slot, delivered, lost })
    .onConflict((conflict) =>
      conflict.columns(['space_id', 'slot']).doUpdateSet((row) => ({
        delivered: row('provisioning_counts.delivered', '+', delivered),
        lost: row('provisioning_counts.lost', '+', lost),
      })),
    )
    .execute();
}
