import { existsSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { deleteUserKeysOfAll } from './access/api-key-store.ts';
import { deleteAllSessions } from './access/session-store.ts';
import type { AccountInSpace } from './accounts/account.ts';
import { listAccountsWithText } from './accounts/account-list-store.ts';
import { endAllCodes } from './accounts/account-state-store.ts';
import { countAllAccounts } from './accounts/account-store.ts';
import { readServerFile } from './cluster/server-file.ts';
import { defaultSipDomain, type Settings } from './config/settings.ts';
import { AppError } from './errors.ts';
import { lastEventAt } from './events/event-store.ts';
import { findServer, type LastServer } from './instance-address.ts';
import { folderFailure } from './lib/make-folder.ts';
import { closeToStrangers } from './lib/private-file.ts';
import { ensureFirstSpace } from './spaces/change-spaces.ts';
import type { Space } from './spaces/space.ts';
import { listSpaces } from './spaces/space-store.ts';
import { type Database, inTransaction } from './storage/database.ts';
import { databaseFile, openDatabase } from './storage/dialect.ts';
import {
  allMigrations,
  type MigrationStatus,
  migrate,
  migrationStatus,
  requireMigrated,
  requireNotNewer,
} from './storage/migrate.ts';
import { lockSqliteFile } from './storage/serve-lock.ts';
import {
  discard,
  discardDrafts,
  draftCopy,
  draftRestored,
  noteCopied,
  publishDraft,
  replaceDatabase,
} from './storage/sqlite-copy.ts';
import { endOpenTokens } from './tokens/ended-token-store.ts';

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
  const file = sqliteFileOf(settings);
  if (file === undefined) return () => {};
  const unlock = lockSqliteFile(file);
  // Only whoever holds the lock makes drafts of this file, so these are of processes that are gone.
  discardDrafts(file);
  return unlock;
}

/**
 * Makes an open database ready for an App: its tables are of this version, and it has a space. PostgreSQL is migrated
 * only with `migrates`, SQLite always.
 */
export async function prepareDatabase(
  database: Database,
  settings: Pick<Settings, 'databaseUrl' | 'sipDomain' | 'sipRegistrar'>,
  { migrates, now }: { readonly migrates: boolean; readonly now: number },
): Promise<void> {
  if (migrates) await database.requireSafe();
  await requireNotNewer(database);
  if (migrates || settings.databaseUrl === null) await migrate(database);
  else await requireMigrated(database);
  const space = { domain: settings.sipDomain ?? defaultSipDomain, registrar: settings.sipRegistrar };
  await ensureFirstSpace(database, space, now);
}

/** Applies pending migrations; returns their names, and what has been applied in all. */
export function migrateDatabase(settings: Settings): Promise<MigrationStatus & { readonly now: readonly string[] }> {
  return withDatabase(settings, async (database) => {
    const now = await migrate(database);
    return { ...(await migrationStatus(database)), now };
  });
}

/** Makes no database: where none is, all migrations are pending. */
export async function migrationsOf(settings: Settings): Promise<MigrationStatus> {
  const missing = missingDatabase(settings);
  if (missing?.code === 'folder-unusable') throw missing;
  if (missing !== undefined) return { applied: [], pending: allMigrations };
  return withDatabase(settings, async (database) => {
    await requireNotNewer(database);
    return migrationStatus(database);
  });
}

export interface Inspection {
  readonly pending: readonly string[];
  readonly spaces: readonly Space[];
  readonly accounts: readonly AccountInSpace[];
  readonly server: LastServer | undefined;
}

/**
 * Returns the pending migrations of a database. If there are none, also its spaces, its server, and the accounts with a
 * linphonerc text. Changes nothing; a SQLite file must exist.
 */
export function inspectDatabase(settings: Pick<Settings, 'databaseUrl' | 'dataDir'>): Promise<Inspection> {
  return withDatabase(settings, async (database) => {
    await requireNotNewer(database);
    const { pending } = await migrationStatus(database);
    if (pending.length > 0) return { pending, spaces: [], accounts: [], server: undefined };
    const spaces = await listSpaces(database);
    const accounts = await accountsWithTexts(database, spaces);
    return { pending, spaces, accounts, server: await findServer(settings, database) };
  });
}

/**
 * Throws if a server ran on a SQLite file that is gone. An empty database in its place would look like a start that
 * succeeded, while every account is missing.
 */
export function requireNotGone(settings: Pick<Settings, 'databaseUrl' | 'dataDir'>): void {
  const file = sqliteFileOf(settings);
  if (file === undefined || existsSync(file) || readServerFile(settings.dataDir) === undefined) return;
  throw new AppError('database-gone', { file, trace: join(settings.dataDir, 'server.json') });
}

/** Returns the path of the SQLite file, or undefined if the database is on a server. */
export function sqliteFileOf(settings: Pick<Settings, 'databaseUrl' | 'dataDir'>): string | undefined {
  return databaseFile(databaseLocation(settings));
}

/** Throws if no database has been made yet where the settings say. Whether a PostgreSQL database exists shows only when it is opened. */
export function requireDatabase(settings: Pick<Settings, 'databaseUrl' | 'dataDir'>): void {
  const missing = missingDatabase(settings);
  if (missing !== undefined) throw missing;
}

/** Returns the failure that says where no database is. */
export function missingDatabase(settings: Pick<Settings, 'databaseUrl' | 'dataDir'>): AppError | undefined {
  const file = sqliteFileOf(settings);
  if (file === undefined || existsSync(file)) return undefined;
  const { dataDir } = settings;
  return folderFailure(dataDir, 'RINGUP_DATA_DIR') ?? new AppError('database-missing', { dataDir });
}

/** What a copy or a restored database contains. */
export interface DatabaseCopy {
  readonly file: string;
  readonly bytes: number;
  readonly accounts: number;
}

/** Copies the SQLite file to a new private file while it is in use. */
export async function backupDatabase(
  settings: Pick<Settings, 'databaseUrl' | 'dataDir'>,
  file: string,
  now: number,
): Promise<DatabaseCopy> {
  const source = sqliteFileOf(settings);
  if (source === undefined) {
    const command = `pg_dump --format=custom --file=${file} "$RINGUP_DATABASE_URL"`;
    throw new AppError('conflict', { why: 'other-tool', command });
  }
  requireDatabase(settings);
  if (existsSync(file)) throw new AppError('conflict', { why: 'file-exists', path: file });
  const { draft, accounts } = await draftCopy(source, file);
  publishDraft(draft, file);
  noteCopied(source, now);
  return { file, bytes: statSync(file).size, accounts };
}

export interface RestoredDatabase extends DatabaseCopy {
  /** Where the replaced database is kept; undefined if there was none. */
  readonly kept: string | undefined;
  /** When the last event of the copy happened, in epoch milliseconds. */
  readonly until: number | undefined;
  readonly endedTokens: number;
  readonly endedKeys: number;
}

/**
 * Puts a copy in the place of the SQLite file, which no server may use, and ends in it what would come back to life.
 * `confirm` is asked once the copy is known to be sound; it throws to leave everything as it is.
 */
export async function restoreDatabase(
  settings: Pick<Settings, 'databaseUrl' | 'dataDir'>,
  file: string,
  { now, confirm }: { readonly now: number; confirm(): Promise<void> },
): Promise<RestoredDatabase> {
  const target = sqliteFileOf(settings);
  if (target === undefined) {
    const command = `pg_restore --clean --if-exists --dbname="$RINGUP_DATABASE_URL" ${file}`;
    throw new AppError('conflict', { why: 'other-tool', command });
  }
  if (!existsSync(file)) throw new AppError('conflict', { why: 'file-missing', path: file });
  if (!statSync(file).isFile()) throw new AppError('conflict', { why: 'not-a-file', path: file });
  const unlock = lockDatabase(settings);
  try {
    const draft = draftRestored(file, target);
    try {
      const contents = await endRevived(draft, now);
      await confirm();
      const kept = isEmpty(target) ? undefined : `${target}.before-restore-${stampOf(new Date(now))}`;
      replaceDatabase(target, draft, kept);
      return { file, bytes: statSync(target).size, kept, ...contents };
    } finally {
      discard(draft);
    }
  } finally {
    if (isEmpty(target)) rmSync(target);
    unlock();
  }
}

/** Migrates a copy, and ends the codes, auth tokens, sessions and users' keys that have ended or been replaced since. */
async function endRevived(file: string, now: number): Promise<Omit<RestoredDatabase, 'file' | 'bytes' | 'kept'>> {
  const database = await openDatabase(file);
  try {
    await migrate(database);
    return await inTransaction(database, async (tx) => {
      await deleteAllSessions(tx);
      await endAllCodes(tx, now);
      return {
        accounts: await countAllAccounts(tx),
        until: await lastEventAt(tx),
        endedTokens: await endOpenTokens(tx, now),
        endedKeys: await deleteUserKeysOfAll(tx),
      };
    });
  } finally {
    await database.close();
  }
}

/** Where no database was, the lock makes an empty file, which a later command would take for a database. */
function isEmpty(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.size === 0;
}

/** `20261128T193615Z`: good in the name of a file. */
function stampOf(at: Date): string {
  return at.toISOString().replace(/[-:]|\.\d+/g, '');
}

async function accountsWithTexts(database: Database, spaces: readonly Space[]): Promise<AccountInSpace[]> {
  const accounts = await listAccountsWithText(database);
  return spaces.flatMap((space) =>
    accounts.filter(({ spaceId }) => spaceId === space.id).map((account) => ({ account, space })),
  );
}

async function withDatabase<T>(
  settings: Pick<Settings, 'databaseUrl' | 'dataDir'>,
  work: (database: Database) => Promise<T>,
): Promise<T> {
  const database = await openDatabase(databaseLocation(settings));
  try {
    // `check` and `migrate` refuse what `serve` refuses.
    await database.requireSafe();
    return await work(database);
  } finally {
    await database.close();
  }
}
