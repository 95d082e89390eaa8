import { type ColumnDefinitionBuilder, type Kysely, sql } from 'kysely';

// Frozen: what a released version has applied is never edited. It imports nothing of ours for the same reason.

type Dialect = 'sqlite' | 'postgres';

export async function up(db: Kysely<unknown>, dialect: Dialect): Promise<void> {
  const required = (column: ColumnDefinitionBuilder) => column.notNull();
  const table = db.schema.createTable('events');
  // 64 bits on PostgreSQL too: of these there are more than of anything else.
  await (dialect === 'postgres'
    ? table.addColumn('id', 'bigint', (column) => column.primaryKey().generatedByDefaultAsIdentity())
    : table.addColumn('id', 'integer', (column) => column.primaryKey().autoIncrement())
  )
    .addColumn('at', 'bigint', required)
    .addColumn('kind', 'text', required)
    // Nothing here is a reference: an event may be stored after its account or token was deleted.
    .addColumn('space_id', 'integer', required)
    .addColumn('account_id', 'integer')
    .addColumn('token_id', 'integer')
    .addColumn('actor', 'text')
    .addColumn('address', 'text')
    .addColumn('agent', 'text')
    .addColumn('detail', 'text', required)
    .execute();
  await sql`create index events_account on events (account_id, id)`.execute(db);
  await sql`create index events_space on events (space_id, id)`.execute(db);
}
