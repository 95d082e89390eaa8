import type { EventLog } from '../../src/events/event-log.ts';
import type { Db } from '../../src/storage/tables.ts';

interface Recorder {
  readonly database: Db;
  readonly events: EventLog;
}

/** Events that somebody caused, and not a phone or a visitor, after the one with this id: kind and kind of actor. */
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

/** The id of the latest of these events; 0 where there is none. */
export async function latestEvent(app: Recorder): Promise<number> {
  await app.events.flush();
  const { id } = await app.database
    .selectFrom('events')
    .select((of) => of.fn.max('id').as('id'))
    .where('actor_kind', 'is not', null)
    .executeTakeFirstOrThrow();
  return Number(id ?? 0);
}
