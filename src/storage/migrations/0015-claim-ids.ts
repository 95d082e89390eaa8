import type { Kysely } from 'kysely';

// Frozen: what a released version has applied is never edited. It imports nothing of ours for the same reason.

/** Two attempts at the same claim, one of which got no answer from the database, must not be taken for each other. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('tokens').addColumn('claim_id', 'text').execute();
}
