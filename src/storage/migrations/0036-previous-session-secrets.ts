import type { Kysely } from 'kysely';

// Frozen: what a released version has applied is never edited. It imports nothing of ours for the same reason.

/** The secret that a session had before, which works until the browser sends the new one: the answer may be lost. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('sessions').addColumn('previous_hash', 'text').execute();
  await db.schema.createIndex('sessions_previous').unique().on('sessions').column('previous_hash').execute();
}
