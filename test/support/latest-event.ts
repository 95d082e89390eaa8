import type { EventLog } from '../../src/events/event-log.ts';
import type { Db } from '../../src/storage/tables.ts';

/** The id of the latest event that somebody caused, and not a phone or a visitor; 0 where there is none. */
export async function latestEvent(app: { readonly database: Db; readonly events: EventLog }): Promise<number> {
  await app.events.flush();
  const { id } = await app.database
    .selectFrom('events')
    .select((of) => of.fn.max('id').as('id'))
    .where('actor_kind', 'is not', null)
    .executeTakeFirstOrThrow();
  return Number(id ?? 0);
}
