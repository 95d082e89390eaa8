import type { ColumnDefinitionBuilder, Kysely } from 'kysely';

// Frozen: what a released version has applied is never edited. It imports nothing of ours for the same reason.

type Dialect = 'sqlite' | 'postgres';

/** Imported tables of accounts and their rows. */
export async function up(db: Kysely<unknown>, dialect: Dialect): Promise<void> {
  const required = (column: ColumnDefinitionBuilder) => column.notNull();
  const none = (column: ColumnDefinitionBuilder) => column.notNull().defaultTo(0);
  const table = db.schema.createTable('imports');
  await (dialect === 'postgres'
    ? table.addColumn('id', 'integer', (column) => column.primaryKey().generatedByDefaultAsIdentity())
    : table.addColumn('id', 'integer', (column) => column.primaryKey().autoIncrement())
  )
    .addColumn('space_id', 'integer', (column) => column.notNull().references('spaces.id').onDelete('cascade'))
    .addColumn('name', 'text', required)
    .addColumn('actor_kind', 'text')
    .addColumn('actor_id', 'integer')
    .addColumn('actor_name', 'text')
    .addColumn('state', 'text', required)
    .addColumn('options', 'text', required)
    .addColumn('format', 'text', required)
    .addColumn('header', 'text', required)
    .addColumn('ignored', 'text', required)
    .addColumn('rows', 'integer', none)
    .addColumn('to_create', 'integer', none)
    .addColumn('to_update', 'integer', none)
    .addColumn('unchanged', 'integer', none)
    .addColumn('skipped', 'integer', none)
    .addColumn('refused', 'integer', none)
    .addColumn('written', 'integer', none)
    .addColumn('received', 'integer', none)
    .addColumn('worker', 'text')
    .addColumn('lease_until', 'bigint')
    .addColumn('created_at', 'bigint', required)
    .addColumn('ended_at', 'bigint')
    .addColumn('erased_at', 'bigint')
    .execute();
  await db.schema.createIndex('imports_space').on('imports').column('space_id').execute();
  await db.schema.createIndex('imports_state').on('imports').column('state').execute();

  await db.schema
    .createTable('import_rows')
    .addColumn('import_id', 'integer', (column) => column.notNull().references('imports.id').onDelete('cascade'))
    .addColumn('position', 'integer', required)
    .addColumn('line', 'integer', required)
    .addColumn('cells', 'text', required)
    .addColumn('fields', 'text')
    .addColumn('decision', 'text')
    .addColumn('problems', 'text', required)
    .addColumn('changes', 'text', required)
    .addColumn('account_id', 'integer')
    .addColumn('written_at', 'bigint')
    .addPrimaryKeyConstraint('import_rows_key', ['import_id', 'position'])
    .execute();
  await db.schema
    .createIndex('import_rows_decision')
    .on('import_rows')
    .columns(['import_id', 'decision', 'position'])
    .execute();
}
