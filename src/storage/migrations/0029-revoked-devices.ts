import { type Kysely, sql } from 'kysely';

// Frozen: what a released version has applied is never edited. It imports nothing of ours for the same reason.

/** Finds the few accounts whose phones were signed out without reading all devices. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create index devices_revoked on devices (account_id) where revoked_at is not null`.execute(db);
}
