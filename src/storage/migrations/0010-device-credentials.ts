import { randomBytes, randomUUID } from 'node:crypto';
import { type Kysely, sql } from 'kysely';

// Frozen: what a released version has applied is never edited. It imports nothing of ours for the same reason.

interface Row {
  readonly id: number;
  readonly public_id: string | null;
  readonly key_hash: string | null;
  readonly algorithms: string;
  readonly username: string;
  readonly realm: string;
  readonly domain: string;
  readonly external_username: string | null;
  readonly external_realm: string | null;
  readonly external_domain: string | null;
  readonly external_algorithms: string;
}

const rowsAtOnce = 500;

export async function up(db: Kysely<unknown>): Promise<void> {
  const devices = () => db.schema.alterTable('devices');
  await devices()
    .addColumn('uuid', 'text', (column) => column.notNull().defaultTo(''))
    .execute();
  await devices()
    .addColumn('credentials', 'text', (column) => column.notNull().defaultTo('[]'))
    .execute();
  await devices()
    .addColumn('key_alone', 'integer', (column) => column.notNull().defaultTo(0))
    .execute();
  await devices().addColumn('key_used_at', 'bigint').execute();
  for (let after = 0; ; ) {
    const rows = await devicesAfter(db, after);
    for (const row of rows) await fill(db, row);
    const last = rows.at(-1);
    if (last === undefined) break;
    after = last.id;
  }
  // Devices are found by their address from here on; only keys of earlier versions are good without it.
  await db.schema.dropIndex('devices_key').execute();
  await sql`create unique index devices_key_alone on devices (key_hash) where key_alone = 1`.execute(db);
}

async function devicesAfter(db: Kysely<unknown>, after: number): Promise<Row[]> {
  const { rows } = await sql<Row>`
    select devices.id, devices.public_id, devices.key_hash, devices.algorithms,
      accounts.username, coalesce(spaces.realm, spaces.domain) as realm, spaces.domain,
      external_accounts.username as external_username, external_accounts.domain as external_domain,
      coalesce(external_accounts.realm, external_accounts.domain) as external_realm,
      case when external_accounts.ha1_sha256 is null then '' else 'SHA-256' end || ',' ||
      case when external_accounts.ha1_md5 is null then '' else 'MD5' end as external_algorithms
    from devices
    join accounts on accounts.id = devices.account_id
    join spaces on spaces.id = accounts.space_id
    left join external_accounts on external_accounts.account_id = accounts.id
    where devices.id > ${after} order by devices.id limit ${rowsAtOnce}`.execute(db);
  return rows;
}

/** What a device was given is not known, so what its account has now stands for it. */
async function fill(db: Kysely<unknown>, row: Row): Promise<void> {
  const { username, realm, domain } = row;
  const credentials = [
    ...given('account', { username, realm, domain }, row.algorithms),
    ...given(
      'external',
      { username: row.external_username, realm: row.external_realm, domain: row.external_domain },
      row.external_algorithms,
    ),
  ];
  const hasKey = row.key_hash !== null;
  const publicId = row.public_id ?? (hasKey ? randomBytes(16).toString('hex') : null);
  await sql`
    update devices set uuid = ${randomUUID()}, credentials = ${JSON.stringify(credentials)},
      public_id = ${publicId}, key_alone = ${hasKey ? 1 : 0}
    where id = ${row.id}`.execute(db);
}

/** Only the first of several algorithms carried the domain. */
function given(
  of: 'account' | 'external',
  { username, realm, domain }: Readonly<Record<'username' | 'realm' | 'domain', string | null>>,
  algorithms: string,
) {
  if (username === null) return [];
  return algorithms
    .split(',')
    .filter((algorithm) => algorithm !== '')
    .map((algorithm, index) => ({ of, username, realm, domain: index === 0 ? domain : '', algorithm }));
}
