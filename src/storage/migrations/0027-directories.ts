import { type ColumnDefinitionBuilder, type Kysely, sql } from 'kysely';

// Frozen: what a released version has applied is never edited. It imports nothing of ours for the same reason.

type Dialect = 'sqlite' | 'postgres';

/** Directories of spaces, contact lists, contacts from outside, and what says that a directory is another one now. */
export async function up(db: Kysely<unknown>, dialect: Dialect): Promise<void> {
  await db.schema
    .alterTable('spaces')
    .addColumn('directory', 'text', (column) => column.notNull().defaultTo('chosen'))
    .execute();
  await db.schema.alterTable('spaces').addColumn('root_ca', 'text').execute();
  await addLists(db, dialect);
  await withId(db, dialect, 'outside_contacts')
    .addColumn('space_id', 'integer', (column) => column.notNull().references('spaces.id').onDelete('cascade'))
    .addColumn('name', 'text', required)
    .addColumn('sip_uri', 'text')
    .addColumn('phone', 'text')
    .addColumn('organization', 'text')
    .addColumn('created_at', 'bigint', required)
    .addColumn('updated_at', 'bigint', required)
    .execute();
  await db.schema.createIndex('outside_contacts_space').on('outside_contacts').columns(['space_id', 'id']).execute();
  // No reference to the space: a row may come after its space is gone.
  await withId(db, dialect, 'directory_changes').addColumn('space_id', 'integer', required).execute();
  await db.schema.createIndex('directory_changes_space').on('directory_changes').columns(['space_id', 'id']).execute();
  for (const statement of dialect === 'postgres' ? postgresTriggers : sqliteTriggers)
    await sql.raw(statement).execute(db);
}

async function addLists(db: Kysely<unknown>, dialect: Dialect): Promise<void> {
  await withId(db, dialect, 'contact_lists')
    .addColumn('space_id', 'integer', (column) => column.notNull().references('spaces.id').onDelete('cascade'))
    .addColumn('title', 'text', required)
    .addColumn('description', 'text', required)
    .addColumn('created_at', 'bigint', required)
    .addColumn('updated_at', 'bigint', required)
    .execute();
  await db.schema.createIndex('contact_lists_space').on('contact_lists').column('space_id').execute();
  for (const table of ['contact_list_members', 'contact_list_readers']) {
    await db.schema
      .createTable(table)
      .addColumn('list_id', 'integer', (column) => column.notNull().references('contact_lists.id').onDelete('cascade'))
      .addColumn('account_id', 'integer', (column) => column.notNull().references('accounts.id').onDelete('cascade'))
      .addColumn('created_at', 'bigint', required)
      .addPrimaryKeyConstraint(`${table}_key`, ['list_id', 'account_id'])
      .execute();
    await db.schema.createIndex(`${table}_account`).on(table).column('account_id').execute();
  }
}

const required = (column: ColumnDefinitionBuilder) => column.notNull();

function withId(db: Kysely<unknown>, dialect: Dialect, name: string) {
  const table = db.schema.createTable(name);
  return dialect === 'postgres'
    ? table.addColumn('id', 'integer', (column) => column.primaryKey().generatedByDefaultAsIdentity())
    : table.addColumn('id', 'integer', (column) => column.primaryKey().autoIncrement());
}

/** What a card says of an account, and whether there is one. */
const shown = ['username', 'display_name', 'phone', 'dtmf_protocol', 'blocked_at'];
const differs = (operator: string) => shown.map((name) => `old.${name} ${operator} new.${name}`).join(' or ');

// Rows instead of a counter, which accounts that change at the same time would wait for each other to increment.
const sqliteTriggers = [
  ['account_listed', 'insert on accounts', 'new'],
  ['account_unlisted', 'delete on accounts', 'old'],
  ['account_relisted', `update of ${shown.join(', ')} on accounts when ${differs('is not')}`, 'new'],
].map(
  ([name, when, row]) =>
    `create trigger ${name} after ${when} begin insert into directory_changes (space_id) values (${row}.space_id); end`,
);

const postgresTriggers = [
  `create function note_directory_change() returns trigger language plpgsql as $$
  begin
    insert into directory_changes (space_id) values (case tg_op when 'DELETE' then old.space_id else new.space_id end);
    return null;
  end $$`,
  'create trigger account_listed after insert or delete on accounts for each row execute function note_directory_change()',
  `create trigger account_relisted after update of ${shown.join(', ')} on accounts for each row
  when (${differs('is distinct from')}) execute function note_directory_change()`,
];
