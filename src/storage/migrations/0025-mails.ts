import type { ColumnDefinitionBuilder, Kysely } from 'kysely';

// Frozen: what a released version has applied is never edited. It imports nothing of ours for the same reason.

type Dialect = 'sqlite' | 'postgres';

/** Mails that wait, and what became of those before them. */
export async function up(db: Kysely<unknown>, dialect: Dialect): Promise<void> {
  const required = (column: ColumnDefinitionBuilder) => column.notNull();
  const table = db.schema.createTable('mails');
  await (dialect === 'postgres'
    ? table.addColumn('id', 'integer', (column) => column.primaryKey().generatedByDefaultAsIdentity())
    : table.addColumn('id', 'integer', (column) => column.primaryKey().autoIncrement())
  )
    .addColumn('kind', 'text', required)
    .addColumn('account_id', 'integer', (column) => column.notNull().references('accounts.id').onDelete('cascade'))
    .addColumn('space_id', 'integer', required)
    .addColumn('token_id', 'integer')
    .addColumn('recipient', 'text', required)
    .addColumn('message_id', 'text', required)
    .addColumn('queued_at', 'bigint', required)
    .addColumn('batch', 'bigint', required)
    .addColumn('state', 'text', required)
    .addColumn('attempts', 'integer', required)
    .addColumn('next_at', 'bigint', required)
    .addColumn('claimed_by', 'text')
    .addColumn('answer', 'text')
    .addColumn('reason', 'text')
    .addColumn('ended_at', 'bigint')
    .execute();
  await db.schema.createIndex('mails_due').on('mails').columns(['state', 'next_at']).execute();
  await db.schema.createIndex('mails_account').on('mails').columns(['account_id', 'id']).execute();
  await db.schema.createIndex('mails_batch').on('mails').columns(['space_id', 'batch']).execute();
  await db.schema.createIndex('mails_age').on('mails').column('queued_at').execute();
}
