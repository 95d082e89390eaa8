import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { AppError } from '../errors.ts';
import { closeToOthers, createPrivately } from '../lib/private-file.ts';

/**
 * Makes this process the only server on the data directory, which is created if necessary. Returns a function that
 * releases the lock. It also ends with the process, however that ends, because it is a lock of the operating system on
 * a file that SQLite holds open.
 */
export function lockDataDirectory(dataDir: string): () => void {
  const file = join(dataDir, 'serve.lock');
  createPrivately(file);
  closeToOthers(file);
  const lock = new Sqlite(file, { timeout: 0 });
  try {
    lock.pragma('locking_mode = EXCLUSIVE');
    lock.exec('begin exclusive');
  } catch (cause) {
    lock.close();
    throw new AppError('database-in-use', { dataDir }, { cause });
  }
  return () => lock.close();
}
