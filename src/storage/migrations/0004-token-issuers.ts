import type { Kysely } from 'kysely';

// Frozen: what a released version has applied is never edited. It imports nothing of ours for the same reason.

/** Both are null for tokens that were issued before. No index: they are read by the tokens of one account alone. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const column of ['prefix', 'issuer']) {
    await db.schema.alterTable('tokens').addColumn(column, 'text').execute();
  }
}
