import { type Kysely, sql } from 'kysely';
import { DEFAULT_MIGRATION_TABLE, type MigrationResultSet, Migrator } from 'kysely/migration';
import { AppError } from '../errors.ts';
import { type DialectName, dialectOfDb } from './dialect.ts';
import * as firstTables from './migrations/0001-first-tables.ts';
import * as devices from './migrations/0002-devices.ts';
import * as fetchedDocuments from './migrations/0003-fetched-documents.ts';
import * as tokenIssuers from './migrations/0004-token-issuers.ts';
import * as events from './migrations/0005-events.ts';
import * as turn from './migrations/0006-turn.ts';
import * as actors from './migrations/0007-actors.ts';
import * as mergedEvents from './migrations/0008-merged-events.ts';
import * as retryWindow from './migrations/0009-retry-window.ts';
import * as deviceCredentials from './migrations/0010-device-credentials.ts';
import type { Db } from './tables.ts';

interface NumberedMigration {
  up(db: Kysely<unknown>, dialect: DialectName): Promise<void>;
}

/** In the order in which they are applied. Append only. */
const migrations: Readonly<Record<string, NumberedMigration>> = {
  '0001-first-tables': firstTables,
  '0002-devices': devices,
  '0003-fetched-documents': fetchedDocuments,
  '0004-token-issuers': tokenIssuers,
  '0005-events': events,
  '0006-turn': turn,
  '0007-actors': actors,
  '0008-merged-events': mergedEvents,
  '0009-retry-window': retryWindow,
  '0010-device-credentials': deviceCredentials,
};

export interface MigrationStatus {
  readonly applied: readonly string[];
  readonly pending: readonly string[];
}

/**
 * Applies all pending migrations and returns their names. Two processes may call it at the same time: one waits for the
 * other.
 */
export async function migrate(db: Db): Promise<readonly string[]> {
  await requireNotNewer(db);
  const { error, results } = await migrateWithRetry(db);
  if (error !== undefined) throw error;
  return (results ?? []).map((each) => each.migrationName);
}

/** Returns which migrations are applied and which are pending, without changing anything. */
export async function migrationStatus(db: Db): Promise<MigrationStatus> {
  const known = await migrator(db).getMigrations();
  const names = (applied: boolean) =>
    known.filter((each) => (each.executedAt !== undefined) === applied).map((each) => each.name);
  return { applied: names(true), pending: names(false) };
}

/** Throws if a later version of this program has migrated the database. */
export async function requireNotNewer(db: Db): Promise<void> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true });
  if (!tables.some(({ name }) => name === DEFAULT_MIGRATION_TABLE)) return;
  const { rows } = await sql<{ name: string }>`select name from ${sql.table(DEFAULT_MIGRATION_TABLE)}`.execute(db);
  const unknown = rows.map(({ name }) => name).filter((name) => !Object.hasOwn(migrations, name));
  if (unknown.length > 0) throw new AppError('database-newer', { unknown: unknown.toSorted() });
}

/** Throws if the database is older than this program. */
export async function requireMigrated(db: Db): Promise<void> {
  const { pending } = await migrationStatus(db);
  if (pending.length > 0) throw new AppError('migrations-pending', { pending });
}

function migrator(db: Db): Migrator {
  const dialect = dialectOfDb(db);
  return new Migrator({
    db,
    provider: {
      getMigrations: async () =>
        Object.fromEntries(
          Object.entries(migrations).map(([name, { up }]) => [name, { up: (within) => up(within, dialect) }]),
        ),
    },
  });
}

// Kysely creates its own tables before it takes the lock, so two first starts may collide there. The second one
// retries.
async function migrateWithRetry(db: Db): Promise<MigrationResultSet> {
  const first = await migrator(db).migrateToLatest();
  return first.error === undefined ? first : migrator(db).migrateToLatest();
}
