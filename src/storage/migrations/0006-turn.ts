import type { Kysely } from 'kysely';

// Frozen: what a released version has applied is never edited. It imports nothing of ours for the same reason.

export async function up(db: Kysely<unknown>): Promise<void> {
  const spaces = () => db.schema.alterTable('spaces');
  await spaces().addColumn('turn_server', 'text').execute();
  await spaces().addColumn('turn_secret', 'text').execute();
  await spaces()
    .addColumn('turn_lifetime', 'bigint', (column) => column.notNull().defaultTo(86_400_000))
    .execute();
  await spaces().addColumn('turn_realm', 'text').execute();
  await spaces()
    .addColumn('turn_in_document', 'integer', (column) => column.notNull().defaultTo(0))
    .execute();
}
