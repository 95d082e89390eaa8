import { type ColumnDefinitionBuilder, type Kysely, sql } from 'kysely';

// Frozen: what a released version has applied is never edited. It imports nothing of ours for the same reason.

type Dialect = 'sqlite' | 'postgres';

/** Every linphonerc text that a space has had, from now on, with who published it. */
export async function up(db: Kysely<unknown>, dialect: Dialect): Promise<void> {
  const required = (column: ColumnDefinitionBuilder) => column.notNull();
  const table = db.schema.createTable('linphonerc_versions');
  await (dialect === 'postgres'
    ? table.addColumn('id', 'integer', (column) => column.primaryKey().generatedByDefaultAsIdentity())
    : table.addColumn('id', 'integer', (column) => column.primaryKey().autoIncrement())
  )
    .addColumn('space_id', 'integer', (column) => column.notNull().references('spaces.id').onDelete('cascade'))
    .addColumn('number', 'integer', required)
    .addColumn('text', 'text', required)
    .addColumn('at', 'bigint', required)
    .addColumn('actor_kind', 'text')
    .addColumn('actor_id', 'integer')
    .addColumn('actor_name', 'text')
    .execute();
  await db.schema
    .createIndex('linphonerc_versions_space')
    .on('linphonerc_versions')
    .columns(['space_id', 'number'])
    .unique()
    .execute();
  await sql`
    insert into linphonerc_versions (space_id, number, text, at)
    select id, 1, linphonerc, updated_at from spaces where linphonerc <> ''`.execute(db);
}
