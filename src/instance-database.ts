import { join } from 'node:path';
import type { Settings } from './config/settings.ts';
import { closeToStrangers } from './lib/private-file.ts';
import type { Space } from './spaces/space.ts';
import { listSpaces } from './spaces/space-store.ts';
import type { Database } from './storage/database.ts';
import { dialectOf, openDatabase } from './storage/dialect.ts';
import { type MigrationStatus, migrate, migrationStatus, requireNotNewer } from './storage/migrate.ts';
import { lockDataDirectory } from './storage/serve-lock.ts';

/** Where the database is: the URL of a server, or the path of the SQLite file. */
export function databaseLocation(settings: Pick<Settings, 'databaseUrl' | 'dataDir'>): string {
  return settings.databaseUrl ?? join(settings.dataDir, 'ringup.sqlite');
}

/** Closes the SQLite file to others, and the files beside it. On a server this is up to PostgreSQL. */
export function closeDatabaseToOthers(settings: Pick<Settings, 'databaseUrl' | 'dataDir'>): void {
  const file = sqliteFileOf(settings);
  if (file !== undefined) closeToStrangers(file, [`${file}-wal`, `${file}-shm`]);
}

/** Makes this process the only server on a SQLite file, until what is returned is called; PostgreSQL takes many. */
export function lockDatabase(settings: Pick<Settings, 'databaseUrl' | 'dataDir'>): () => void {
  return dialectOf(databaseLocation(settings)) === 'sqlite' ? lockDataDirectory(settings.dataDir) : () => {};
}

/** Applies pending migrations; returns their names, and what has been applied in all. */
export function migrateDatabase(settings: Settings): Promise<MigrationStatus & { readonly now: readonly string[] }> {
  return withDatabase(settings, async (database) => {
    const now = await migrate(database);
    return { ...(await migrationStatus(database)), now };
  });
}

export function migrationsOf(settings: Settings): Promise<MigrationStatus> {
  return withDatabase(settings, async (database) => {
    await requireNotNewer(database);
    return migrationStatus(database);
  });
}

/** Which migrations a database lacks, and where it lacks none its spaces. Changes nothing; a SQLite file must be there. */
export function inspectDatabase(
  settings: Pick<Settings, 'databaseUrl' | 'dataDir'>,
): Promise<{ readonly pending: readonly string[]; readonly spaces: Space[] }> {
  return withDatabase(settings, async (database) => {
    await requireNotNewer(database);
    const { pending } = await migrationStatus(database);
    return { pending, spaces: pending.length === 0 ? await listSpaces(database) : [] };
  });
}

/** The path of the SQLite file; undefined where the database is on a server. */
export function sqliteFileOf(settings: Pick<Settings, 'databaseUrl' | 'dataDir'>): string | undefined {
  const location = databaseLocation(settings);
  return dialectOf(location) === 'sqlite' ? location : undefined;
}

async function withDatabase<T>(
  settings: Pick<Settings, 'databaseUrl' | 'dataDir'>,
  work: (database: Database) => Promise<T>,
): Promise<T> {
  const database = await openDatabase(databaseLocation(settings));
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}
