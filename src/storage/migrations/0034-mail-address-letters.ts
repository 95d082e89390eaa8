import { type Kysely, sql } from 'kysely';

// Frozen: what a released version has applied is never edited. It imports nothing of ours for the same reason.

type Dialect = 'sqlite' | 'postgres';

/**
 * Mail addresses are the same if they differ only in the case of A to Z. SQLite's `lower` knows no other letters, while
 * that of PostgreSQL goes by the locale of the database. What was unique with more letters is unique with fewer.
 */
export async function up(db: Kysely<unknown>, dialect: Dialect): Promise<void> {
  if (dialect === 'sqlite') return;
  await sql`drop index accounts_email`.execute(db);
  await sql`create unique index accounts_email on accounts (space_id, lower(email collate "C"))`.execute(db);
}
