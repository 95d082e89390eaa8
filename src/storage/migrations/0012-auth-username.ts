import type { Kysely } from 'kysely';

// Frozen: what a released version has applied is never edited. It imports nothing of ours for the same reason.

/** Many providers want another user for authentication than that of the SIP address. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('external_accounts').addColumn('auth_username', 'text').execute();
}
