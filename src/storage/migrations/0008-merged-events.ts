import { type Kysely, sql } from 'kysely';

// Frozen: what a released version has applied is never edited. It imports nothing of ours for the same reason.

/** One row may stand for many events that are alike. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('events')
    .addColumn('count', 'bigint', (column) => column.notNull().defaultTo(1))
    .execute();
  await db.schema.alterTable('events').addColumn('last_at', 'bigint').execute();
  await db.schema.alterTable('events').addColumn('merged_by', 'text').execute();
  // Partial, so that it costs nothing for the events that are never merged.
  await sql`create index events_merged on events (account_id, kind, id) where merged_by is not null`.execute(db);
}
