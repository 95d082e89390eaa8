import { type Kysely, sql } from 'kysely';
import { DEFAULT_MIGRATION_TABLE, type MigrationResultSet, Migrator } from 'kysely/migration';
import { AppError } from '../errors.ts';
import { isDatabase } from './database.ts';
import { type DialectName, dialectOfDb } from './dialect.ts';
import type { Db } from './tables.ts';

interface NumberedMigration {
  up(db: Kysely<unknown>, dialect: DialectName): Promise<void>;
}

/** The files in `migrations/`, in the order in which they are applied. Append only. */
export const allMigrations = [
  '0001-first-tables',
  '0002-devices',
  '0003-fetched-documents',
  '0004-token-issuers',
  '0005-events',
  '0006-turn',
  '0007-actors',
  '0008-merged-events',
  '0009-retry-window',
  '0010-device-credentials',
  '0011-credential-places',
  '0012-auth-username',
  '0013-where-nodes-are',
  '0014-texts-and-countries',
  '0015-claim-ids',
  '0016-shown-codes',
  '0017-sessions',
  '0018-notes-and-groups',
  '0019-account-states',
  '0020-account-search',
  '0021-space-mail',
  '0022-instance',
  '0023-self-service',
  '0024-imports',
  '0025-mails',
  '0026-logos',
  '0027-directories',
  '0028-linphonerc-versions',
  '0029-revoked-devices',
  '0030-invitations',
  '0031-counts-in-place',
  '0032-registrar-answers',
  '0033-mail-answers',
  '0034-mail-address-letters',
  '0035-import-failures',
  '0036-previous-session-secrets',
] as const;

export interface MigrationStatus {
  readonly applied: readonly string[];
  readonly pending: readonly string[];
}

/**
 * Applies all pending migrations and returns their names. If two processes call it at the same time, one waits for the
 * other.
 */
export async function migrate(db: Db): Promise<readonly string[]> {
  await requireNotNewer(db);
  const work = () => migrateWithRetry(db);
  const { error, results } = await (isDatabase(db) ? db.withoutTimeLimit(work) : work());
  if (error !== undefined) throw error;
  return (results ?? []).map((each) => each.migrationName);
}

/** Returns the applied and the pending migrations. Changes nothing. */
export async function migrationStatus(db: Db): Promise<MigrationStatus> {
  const known = await migrator(db).getMigrations();
  const names = (applied: boolean) =>
    known.filter((each) => (each.executedAt !== undefined) === applied).map((each) => each.name);
  return { applied: names(true), pending: names(false) };
}

/** Throws if a later version of this program has migrated the database. */
export async function requireNotNewer(db: Db): Promise<void> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true });
  const places = tables.filter(({ name }) => name === DEFAULT_MIGRATION_TABLE);
  if (places.length === 0) return;
  await requireInSearchPath(
    db,
    places.flatMap(({ schema }) => schema ?? []),
  );
  const { rows } = await sql<{ name: string }>`select name from ${sql.table(DEFAULT_MIGRATION_TABLE)}`.execute(db);
  const unknown = rows.map(({ name }) => name).filter((name) => !allMigrations.some((each) => each === name));
  if (unknown.length > 0) throw new AppError('database-newer', { unknown: unknown.toSorted() });
}

/** Throws if the tables are in schemas that this connection does not search. SQLite has no schemas. */
async function requireInSearchPath(db: Db, schemas: readonly string[]): Promise<void> {
  if (dialectOfDb(db) === 'sqlite') return;
  const visible = sql<{
    found: boolean;
    path: string;
  }>`select to_regclass(${DEFAULT_MIGRATION_TABLE}) is not null as found,
    array_to_string(current_schemas(false), ', ') as path`;
  const [row] = (await visible.execute(db)).rows;
  if (row?.found === false) throw new AppError('database-elsewhere', { schemas: schemas.toSorted(), path: row.path });
}

/** Throws if the database is older than this program. */
export async function requireMigrated(db: Db): Promise<void> {
  const { pending } = await migrationStatus(db);
  if (pending.length > 0) throw new AppError('migrations-pending', { pending });
}

function migrator(db: Db): Migrator {
  const dialect = dialectOfDb(db);
  const apply = async (name: string, within: Kysely<unknown>): Promise<void> => {
    const { up }: NumberedMigration = await import(`./migrations/${name}.ts`);
    await up(within, dialect);
  };
  return new Migrator({
    db,
    provider: {
      getMigrations: async () =>
        Object.fromEntries(allMigrations.map((name) => [name, { up: (within) => apply(name, within) }])),
    },
  });
}

// Kysely creates its own tables before it takes the lock, so two first starts may collide. The second one tries again.
async function migrateWithRetry(db: Db): Promise<MigrationResultSet> {
  const first = await migrator(db).migrateToLatest();
  return first.error === undefined ? first : migrator(db).migrateToLatest();
}
