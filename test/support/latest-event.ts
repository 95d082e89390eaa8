import type { EventLog } from '../../src/events/event-log.ts';
import type { Db } from '../../src/storage/tables.ts';

interface Recorder {
  readonly database: Db;
  readonly events: EventLog;
}

/**
 * Returns events after the one with this id, except those that phones and visitors caused: their kinds and the kinds of
 * their actors.
 */
export async function changesAfter(app: Recorder, id: number): Promise<{ kind: string; actor: string | null }[]> {
  await app.events.flush();
  return app.database
    .selectFrom('events')
    .select(['kind', 'actor_kind as actor'])
    .where('actor_kind', 'is not', null)
    .where('id', '>', id)
    .orderBy('id')
    .execute();
}

/** Returns the id of the latest event that no phone or visitor caused; 0 if there is none. */
export async function latestEvent(app: Recorder): Promise<number> {
  await app.events.flush();
  const { id } = await app.database
    .selectFrom('events')
    .select((of) => of.fn.max('id').as('id'))
    .where('actor_kind', 'is not', null)
    .executeTakeFirstOrThrow();
  return Number(id ?? 0);
}
