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
import { discardUnfinished } from './importing/keep-written.ts';
import { findServer, type LastServer } from './instance-address.ts';
import { folderFailure } from './lib/make-folder.ts';
import { closeToStrangers } from './lib/private-file.ts';
import { deleteAllWaitingMails } from './mail/mail-store.ts';
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
import { beforeRestore } from './storage/sqlite-place.ts';
import { endOpenTokens } from './tokens/ended-token-store.ts';

/** Returns where the database is: the URL of a server, or the path of the SQLite file. */
export function databaseLocation(settings: Pick<Settings, 'databaseUrl' | 'dataDir'>): string {
  return settings.databaseUrl ?? join(settings.dataDir, 'ringup.sqlite');
}

/** Closes the SQLite file and the files beside it by `closeToStrangers`. Does nothing on PostgreSQL. */
export function closeDatabaseToOthers(settings: Pick<Settings, 'databaseUrl' | 'dataDir'>): void {
  const file = sqliteFileOf(settings);
  if (file !== undefined) closeToStrangers(file, [`${file}-wal`, `${file}-shm`]);
}

/**
 * Makes this process the only server on a SQLite file until the returned function is called. Does nothing on
 * PostgreSQL, which allows many.
 */
export function lockDatabase(settings: Pick<Settings, 'databaseUrl' | 'dataDir'>): () => void {
  const file = sqliteFileOf(settings);
  if (file === undefined) return () => {};
  const unlock = lockSqliteFile(file);
  // Drafts of the database itself are made only under this lock, so these are from processes that have ended.
  discardDrafts(file);
  return unlock;
}

/**
 * Prepares an open database for an App: its tables have the version of this program, and it has a space. PostgreSQL is
 * migrated only with `migrates`, SQLite always.
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

/** Applies pending migrations. Returns their names, and all that have been applied. */
export function migrateDatabase(settings: Settings): Promise<MigrationStatus & { readonly now: readonly string[] }> {
  return withDatabase(settings, async (database) => {
    const now = await migrate(database);
    return { ...(await migrationStatus(database)), now };
  });
}

/** Returns the state of the migrations. Creates no database: if there is none, all migrations are pending. */
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
 * Returns the pending migrations of a database. If there are none, also returns its spaces, its last server, and the
 * accounts with a linphonerc text. Changes nothing. A SQLite file must exist.
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
 * Throws if a server ran on a SQLite file that no longer exists. Creating an empty database instead would look like a
 * successful start with all accounts missing.
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

/**
 * Throws if the settings name a SQLite file that does not exist. Whether a PostgreSQL database exists shows only when
 * it is opened.
 */
export function requireDatabase(settings: Pick<Settings, 'databaseUrl' | 'dataDir'>): void {
  const missing = missingDatabase(settings);
  if (missing !== undefined) throw missing;
}

/** Returns the failure for a missing database, which says where it should be. */
export function missingDatabase(settings: Pick<Settings, 'databaseUrl' | 'dataDir'>): AppError | undefined {
  const file = sqliteFileOf(settings);
  if (file === undefined || existsSync(file)) return undefined;
  const { dataDir } = settings;
  return folderFailure(dataDir, 'RINGUP_DATA_DIR') ?? new AppError('database-missing', { dataDir });
}

/** What a backup or a restored database contains. */
export interface DatabaseCopy {
  readonly file: string;
  readonly bytes: number;
  readonly accounts: number;
}

/** Copies the SQLite file to a new private file, even while it is in use. */
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
  /** The path to which the replaced database was moved; undefined if there was none. */
  readonly kept: string | undefined;
  /** The time of the last event in the copy, in epoch milliseconds. */
  readonly until: number | undefined;
  readonly endedTokens: number;
  readonly endedKeys: number;
  readonly endedImports: number;
  readonly endedMails: number;
}

/**
 * Replaces the SQLite file, which no server may be using, with a copy, and ends everything in it that must not become
 * valid again. `confirm` is called after the copy was checked; if it throws, everything stays as it is.
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
      const kept = isEmpty(target) ? undefined : `${target}${beforeRestore}${stampOf(new Date(now))}`;
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

/**
 * Migrates a copy. Ends its codes, auth tokens, sessions and users' keys, because they may have ended or been replaced
 * since the copy was made. Ends its unfinished imports and waiting mails, because they may have been finished, sent or
 * discarded since then.
 */
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
        endedImports: await discardUnfinished(tx, now),
        endedMails: await deleteAllWaitingMails(tx),
      };
    });
  } finally {
    await database.close();
  }
}

/**
 * Returns whether the file is empty. The lock creates an empty file if there was no database, and a later command would
 * take it for one.
 */
function isEmpty(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.size === 0;
}

/** Returns a time such as `20261128T193615Z`, which is allowed in file names. */
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
    // `check` and `migrate` refuse everything that `serve` refuses.
    await database.requireSafe();
    return await work(database);
  } finally {
    await database.close();
  }
}
