import type { Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('nodes').addColumn('public_url', 'text').execute();
  await db.schema.alterTable('nodes').addColumn('ended_at', 'bigint').execute();
}
