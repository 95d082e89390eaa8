import type { Kysely } from 'kysely';

// Frozen: what a released version has applied is never edited. It imports nothing of ours for the same reason.

/** A code with a salt can be shown again. Those of earlier versions have none. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('tokens').addColumn('salt', 'text').execute();
  await db.schema
    .alterTable('tokens')
    .addColumn('resets_password', 'integer', (column) => column.notNull().defaultTo(0))
    .execute();
}
