import { type ColumnDefinitionBuilder, type CreateTableBuilder, type Kysely, sql } from 'kysely';

// Frozen: what a released version has applied is never edited. It imports nothing of ours for the same reason.

type Dialect = 'sqlite' | 'postgres';

export async function up(db: Kysely<unknown>, dialect: Dialect): Promise<void> {
  const required = (column: ColumnDefinitionBuilder) => column.notNull();
  const withId = <T extends string>(table: CreateTableBuilder<T, never>) =>
    dialect === 'postgres'
      ? table.addColumn('id', 'integer', (column) => column.primaryKey().generatedByDefaultAsIdentity())
      : table.addColumn('id', 'integer', (column) => column.primaryKey().autoIncrement());

  await withId(db.schema.createTable('devices'))
    .addColumn('account_id', 'integer', (column) => column.notNull().references('accounts.id').onDelete('cascade'))
    // Not a reference: the device outlives its token.
    .addColumn('token_id', 'integer', (column) => column.notNull().unique())
    .addColumn('public_id', 'text')
    .addColumn('name', 'text', required)
    .addColumn('agent', 'text', required)
    .addColumn('address', 'text', required)
    .addColumn('version', 'text')
    .addColumn('key_hash', 'text')
    .addColumn('algorithms', 'text', required)
    .addColumn('first_seen_at', 'bigint', required)
    .addColumn('last_seen_at', 'bigint', required)
    .addColumn('revoked_at', 'bigint')
    .addColumn('ended_at', 'bigint')
    .execute();
  await db.schema.createIndex('devices_account').on('devices').column('account_id').execute();
  // Most devices have neither: each index that a redemption need not touch makes it cheaper.
  await sql`create unique index devices_public_id on devices (public_id) where public_id is not null`.execute(db);
  await sql`create unique index devices_key on devices (key_hash) where key_hash is not null`.execute(db);

  await db.schema
    .alterTable('spaces')
    .addColumn('max_devices', 'integer', (column) => column.notNull().defaultTo(0))
    .execute();
}
