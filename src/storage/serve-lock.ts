import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { AppError } from '../errors.ts';

/**
 * Makes this process the only server on the data directory, which is made if need be, until the answer is called or the
 * process ends, however it ends: the lock is the operating system's, on a file that SQLite holds for us.
 */
export function lockDataDirectory(dataDir: string): () => void {
  // On the very first start there is no folder yet.
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const lock = new Sqlite(join(dataDir, 'serve.lock'), { timeout: 0 });
  try {
    lock.pragma('locking_mode = EXCLUSIVE');
    lock.exec('begin exclusive');
  } catch (cause) {
    lock.close();
    throw new AppError('database-in-use', { dataDir }, { cause });
  }
  return () => lock.close();
}
