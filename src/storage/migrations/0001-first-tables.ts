import { type ColumnDefinitionBuilder, type CreateTableBuilder, type Kysely, sql } from 'kysely';

// Frozen: what a released version has applied is never edited. It imports nothing of ours for the same reason.

type Dialect = 'sqlite' | 'postgres';

export async function up(db: Kysely<unknown>, dialect: Dialect): Promise<void> {
  const required = (column: ColumnDefinitionBuilder) => column.notNull();
  const zero = (column: ColumnDefinitionBuilder) => column.notNull().defaultTo(0);
  const owned = (column: ColumnDefinitionBuilder) => column.notNull().references('accounts.id').onDelete('cascade');
  const withId = <T extends string>(table: CreateTableBuilder<T, never>) =>
    dialect === 'postgres'
      ? table.addColumn('id', 'integer', (column) => column.primaryKey().generatedByDefaultAsIdentity())
      : table.addColumn('id', 'integer', (column) => column.primaryKey().autoIncrement());

  await withId(db.schema.createTable('spaces'))
    .addColumn('domain', 'text', (column) => column.notNull().unique())
    .addColumn('host', 'text', (column) => column.unique())
    .addColumn('name', 'text', required)
    .addColumn('super', 'integer', zero)
    .addColumn('registrar', 'text')
    .addColumn('realm', 'text')
    .addColumn('algorithms', 'text', required)
    .addColumn('linphonerc', 'text', required)
    .addColumn('overwrite_all', 'integer', required)
    .addColumn('seeded', 'text', required)
    .addColumn('refetch', 'text', required)
    .addColumn('unknown_token', 'text', required)
    .addColumn('require_provisioning_header', 'integer', required)
    .addColumn('retry_window', 'integer', required)
    .addColumn('token_lifetime', 'bigint')
    .addColumn('depend_on_external', 'integer', required)
    .addColumn('bind_keys_to_address', 'integer', required)
    .addColumn('username_pattern', 'text', required)
    .addColumn('password_min_length', 'integer', required)
    .addColumn('max_accounts', 'integer', required)
    .addColumn('created_at', 'bigint', required)
    .addColumn('updated_at', 'bigint', required)
    .execute();

  await withId(db.schema.createTable('accounts'))
    .addColumn('space_id', 'integer', (column) => column.notNull().references('spaces.id'))
    .addColumn('username', 'text', required)
    .addColumn('display_name', 'text')
    .addColumn('email', 'text')
    .addColumn('phone', 'text')
    .addColumn('admin', 'integer', zero)
    .addColumn('dtmf_protocol', 'text', required)
    .addColumn('ha1_sha256', 'text')
    .addColumn('ha1_md5', 'text')
    .addColumn('activated_at', 'bigint')
    .addColumn('blocked_at', 'bigint')
    .addColumn('version', 'integer', zero)
    .addColumn('created_at', 'bigint', required)
    .addColumn('updated_at', 'bigint', required)
    .execute();
  await db.schema.createIndex('accounts_username').on('accounts').columns(['space_id', 'username']).unique().execute();
  await sql`create unique index accounts_email on accounts (space_id, lower(email))`.execute(db);
  await sql`create unique index accounts_phone on accounts (space_id, phone)`.execute(db);

  await db.schema
    .createTable('external_accounts')
    .addColumn('account_id', 'integer', (column) => owned(column).primaryKey())
    .addColumn('username', 'text', required)
    .addColumn('domain', 'text', required)
    .addColumn('realm', 'text')
    .addColumn('registrar', 'text')
    .addColumn('outbound_proxy', 'text')
    .addColumn('protocol', 'text', required)
    .addColumn('ha1_sha256', 'text')
    .addColumn('ha1_md5', 'text')
    .addColumn('created_at', 'bigint', required)
    .addColumn('updated_at', 'bigint', required)
    .execute();

  await db.schema
    .createTable('contacts')
    .addColumn('account_id', 'integer', owned)
    .addColumn('contact_id', 'integer', owned)
    .addColumn('created_at', 'bigint', required)
    .addPrimaryKeyConstraint('contacts_pair', ['account_id', 'contact_id'])
    .execute();
  await db.schema.createIndex('contacts_contact').on('contacts').column('contact_id').execute();

  await withId(db.schema.createTable('tokens'))
    .addColumn('kind', 'text', required)
    .addColumn('token_hash', 'text', (column) => column.notNull().unique())
    .addColumn('account_id', 'integer', (column) => column.references('accounts.id').onDelete('cascade'))
    .addColumn('created_at', 'bigint', required)
    .addColumn('expires_at', 'bigint')
    .addColumn('revoked_at', 'bigint')
    .addColumn('claimed_at', 'bigint')
    .addColumn('outcome', 'text')
    .addColumn('boot_id', 'text')
    .addColumn('attempts', 'integer', zero)
    .addColumn('client_address', 'text')
    .addColumn('client_agent', 'text')
    .execute();
  await db.schema.createIndex('tokens_account').on('tokens').columns(['account_id', 'kind']).execute();

  await sql`create index tokens_open_auth on tokens (expires_at) where kind = 'auth'`.execute(db);

  await withId(db.schema.createTable('api_keys'))
    .addColumn('key_hash', 'text', (column) => column.notNull().unique())
    .addColumn('account_id', 'integer', owned)
    .addColumn('name', 'text')
    .addColumn('rights', 'text', required)
    .addColumn('bound_address', 'text')
    .addColumn('created_at', 'bigint', required)
    .addColumn('last_used_at', 'bigint', required)
    .addColumn('expires_at', 'bigint')
    .execute();
  await db.schema.createIndex('api_keys_account').on('api_keys').column('account_id').execute();

  await db.schema
    .createTable('nodes')
    .addColumn('boot_id', 'text', (column) => column.primaryKey())
    .addColumn('seen_at', 'bigint', required)
    .execute();
  await db.schema
    .createTable('revisions')
    .addColumn('name', 'text', (column) => column.primaryKey())
    .addColumn('value', 'integer', required)
    .execute();
  await sql`insert into revisions (name, value)
    values ('spaces', 0), ('administrators', 0), ('accounts', 0), ('auth-tokens', 0)`.execute(db);

  await sql`create view sip_credentials_sha256 as
    select accounts.username, spaces.domain, coalesce(spaces.realm, spaces.domain) as realm, accounts.ha1_sha256 as ha1
    from accounts join spaces on spaces.id = accounts.space_id
    where accounts.ha1_sha256 is not null and accounts.activated_at is not null and accounts.blocked_at is null`.execute(
    db,
  );
  await sql`create view sip_credentials_md5 as
    select accounts.username, spaces.domain, coalesce(spaces.realm, spaces.domain) as realm, accounts.ha1_md5 as ha1
    from accounts join spaces on spaces.id = accounts.space_id
    where accounts.ha1_md5 is not null and accounts.activated_at is not null and accounts.blocked_at is null`.execute(
    db,
  );
  await sql`create view sip_credentials as
    select username, domain, realm, 'SHA-256' as algorithm, ha1 from sip_credentials_sha256
    union all
    select username, domain, realm, 'MD5' as algorithm, ha1 from sip_credentials_md5`.execute(db);
}
