import type { Kysely } from 'kysely';

// Frozen: what a released version has applied is never edited. It imports nothing of ours for the same reason.

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('fetched_documents')
    .addColumn('account_id', 'integer', (column) =>
      column.primaryKey().notNull().references('accounts.id').onDelete('cascade'),
    )
    .addColumn('fetched_at', 'bigint', (column) => column.notNull())
    .addColumn('entries', 'text', (column) => column.notNull())
    .execute();
}
