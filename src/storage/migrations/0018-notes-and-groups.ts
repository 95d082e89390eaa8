import type { Kysely } from 'kysely';

// Frozen: what a released version has applied is never edited. It imports nothing of ours for the same reason.

/** What administrators note about an account, the group that they find it in, and the language of its person. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const column of ['note', 'group_name', 'language']) {
    await db.schema.alterTable('accounts').addColumn(column, 'text').execute();
  }
}
