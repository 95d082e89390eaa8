import { realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { AppError } from '../errors.ts';
import { closeToOthers, createPrivately } from '../lib/private-file.ts';
import { createDatabaseFile, fileFailure } from './file-failure.ts';
import { requireOnePlace } from './sqlite-place.ts';

/**
 * Makes this process the only server on a SQLite file, which is created if necessary. Returns a function that releases
 * the lock. It is a lock on a file that SQLite has open, so the operating system also releases it whenever the process
 * ends. The file is beside the real database file, because symbolic links to the database may be in other folders.
 */
export function lockSqliteFile(database: string): () => void {
  createDatabaseFile(database);
  requireOnePlace(database);
  const file = realpathSync(database);
  const folder = dirname(file);
  const lockFile = join(folder, 'serve.lock');
  let lock: Sqlite.Database | undefined;
  try {
    createPrivately(lockFile);
    closeToOthers(lockFile);
    lock = new Sqlite(lockFile, { timeout: 0 });
    lock.pragma('locking_mode = EXCLUSIVE');
    lock.exec('begin exclusive');
  } catch (cause) {
    lock?.close();
    if (isBusy(cause)) throw new AppError('database-in-use', { dataDir: folder }, { cause });
    throw fileFailure(lockFile, cause);
  }
  const held = lock;
  return () => held.close();
}

function isBusy(error: unknown): boolean {
  return error instanceof Sqlite.SqliteError && error.code.startsWith('SQLITE_BUSY');
}
