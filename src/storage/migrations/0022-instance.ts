import { type ColumnDefinitionBuilder, type Kysely, sql } from 'kysely';

// Frozen: what a released version has applied is never edited. It imports nothing of ours for the same reason.

/** What belongs to the whole instance, in one row, and how many phones were set up when. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const count = (column: ColumnDefinitionBuilder) => column.notNull().defaultTo(0);
  await db.schema
    .createTable('instance')
    .addColumn('id', 'integer', (column) => column.primaryKey())
    .addColumn('public_url', 'text')
    .addColumn('previous_url', 'text')
    .addColumn('changed_at', 'bigint')
    .addColumn('backed_up_at', 'bigint')
    .addColumn('credentials_read_at', 'bigint')
    .addColumn('counted_event_id', 'bigint', count)
    .execute();
  await sql`insert into instance (id) values (1)`.execute(db);

  await sql`create index account_states_failed on account_states (space_id, failed_at) where failed_at is not null`.execute(
    db,
  );

  await db.schema
    .createTable('provisioning_counts')
    .addColumn('space_id', 'integer', (column) => column.notNull().references('spaces.id').onDelete('cascade'))
    .addColumn('slot', 'bigint', (column) => column.notNull())
    .addColumn('delivered', 'integer', count)
    .addColumn('lost', 'integer', count)
    .addPrimaryKeyConstraint('provisioning_counts_key', ['space_id', 'slot'])
    .execute();
}
