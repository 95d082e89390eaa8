import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { AppError } from '../errors.ts';

/**
 * Makes this process the only server on the data directory, which is created if necessary. Returns a function that
 * releases the lock. It also ends with the process, however that ends, because it is a lock of the operating system on
 * a file that SQLite holds open.
 */
export function lockDataDirectory(dataDir: string): () => void {
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
