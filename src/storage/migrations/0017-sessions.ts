import type { ColumnDefinitionBuilder, Kysely } from 'kysely';

// Frozen: what a released version has applied is never edited. It imports nothing of ours for the same reason.

type Dialect = 'sqlite' | 'postgres';

/** People who are signed in to the panel. */
export async function up(db: Kysely<unknown>, dialect: Dialect): Promise<void> {
  const required = (column: ColumnDefinitionBuilder) => column.notNull();
  const table = db.schema.createTable('sessions');
  await (dialect === 'postgres'
    ? table.addColumn('id', 'integer', (column) => column.primaryKey().generatedByDefaultAsIdentity())
    : table.addColumn('id', 'integer', (column) => column.primaryKey().autoIncrement())
  )
    .addColumn('token_hash', 'text', (column) => column.notNull().unique())
    .addColumn('account_id', 'integer', (column) => column.notNull().references('accounts.id').onDelete('cascade'))
    .addColumn('created_at', 'bigint', required)
    .addColumn('last_used_at', 'bigint', required)
    .addColumn('confirmed_at', 'bigint', required)
    .addColumn('address', 'text', required)
    .addColumn('agent', 'text', required)
    .execute();
  await db.schema.createIndex('sessions_account').on('sessions').column('account_id').execute();

  await db.schema
    .createTable('familiar_networks')
    .addColumn('account_id', 'integer', (column) => column.notNull().references('accounts.id').onDelete('cascade'))
    .addColumn('network', 'text', required)
    .addColumn('signed_in_at', 'bigint', required)
    .addPrimaryKeyConstraint('familiar_networks_key', ['account_id', 'network'])
    .execute();
  await db.schema.createIndex('familiar_networks_age').on('familiar_networks').column('signed_in_at').execute();
}
