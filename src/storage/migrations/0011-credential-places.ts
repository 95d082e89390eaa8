import { type Kysely, sql } from 'kysely';

// Frozen: what a released version has applied is never edited. It imports nothing of ours for the same reason.

/**
 * How many `auth_info` sections the longest document of a device had. Of devices of earlier versions only the
 * credentials are known, each of which may have had a section of its own.
 */
export async function up(db: Kysely<unknown>, dialect: string): Promise<void> {
  await db.schema
    .alterTable('devices')
    .addColumn('credential_places', 'integer', (column) => column.notNull().defaultTo(0))
    .execute();
  const credentials = dialect === 'sqlite' ? sql`credentials` : sql`credentials::json`;
  await sql`update devices set credential_places = json_array_length(${credentials})`.execute(db);
}
