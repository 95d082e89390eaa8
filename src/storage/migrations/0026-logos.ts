import type { Kysely } from 'kysely';

// Frozen: what a released version has applied is never edited. It imports nothing of ours for the same reason.

/** Adds each space's logo, as base64. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('spaces').addColumn('logo', 'text').execute();
}
