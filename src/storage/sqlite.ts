import { statSync } from 'node:fs';
import Sqlite from 'better-sqlite3';
import { Kysely, SqliteQueryCompiler } from 'kysely';
import { AppError } from '../errors.ts';
import type { Database } from './database.ts';
import { asDatabaseFailure } from './database-failure.ts';
import { createDatabaseFile } from './file-failure.ts';
import { GroupCommit } from './group-commit.ts';
import { SqliteWriter, sqliteDialect, type Waiting } from './sqlite-driver.ts';
import { requireOnePlace } from './sqlite-place.ts';
import { StatementCache, type Step } from './statement.ts';
import type { Tables } from './tables.ts';

/**
 * For this long, the event loop may block on another process's lock. After that, waiting continues in the background.
 */
const busyTimeoutMs = 20;
const systemWaiting: Waiting = { timeoutMs: 5_000, elapsed: () => performance.now() };
/**
 * How many pages the WAL collects before they are copied to the file, which costs another fsync. A page that is written
 * many times is copied once.
 */
const checkpointPages = 4_000;
/** The writer runs nearly all queries; the reader runs only those that arrive during a transaction. */
const cacheKib = { writer: 16 * 1024, reader: 2 * 1024 };

/**
 * Writes `+?` instead of `?`. If the value of a parameter could affect the plan, SQLite (built with STAT4) would plan
 * each run again, which takes four times as long as the query itself. With the plus, it ignores the value.
 */
class PlannedOnceCompiler extends SqliteQueryCompiler {
  protected override getCurrentParameterPlaceholder(): string {
    return '+?';
  }
}

/** Opens the file. Creates it and its folder if necessary. Every acknowledged commit survives a power loss. */
export function openSqlite(file: string, waiting: Waiting = systemWaiting): Database {
  createDatabaseFile(file);
  const { connection, reader } = connect(file);
  const opened = statSync(file);
  const requireInPlace = (): void => {
    const found = statSync(file, { throwIfNoEntry: false });
    if (found?.ino !== opened.ino || found.dev !== opened.dev) {
      throw new AppError('database-unavailable', { why: 'replaced' });
    }
  };
  const writer = new SqliteWriter(connection, reader, waiting, requireInPlace);
  const dialect = sqliteDialect(writer);
  const db = new Kysely<Tables>({ dialect });
  const statements = new StatementCache(
    new Kysely<Tables>({ dialect: { ...dialect, createQueryCompiler: () => new PlannedOnceCompiler() } }),
  );
  const commits = new GroupCommit(writer, statements);
  return Object.assign(db, {
    async rows<Row>(statement: Parameters<Database['rows']>[0], values: Parameters<Database['rows']>[1]) {
      const { sql, bind } = statements.get(statement);
      return writer.read(sql, bind(values)) as Row[];
    },
    applyAll: (steps: readonly Step[]) => commits.submit(steps),
    requireInPlace,
    requireSafe: async () => requireOnePlace(file),
    withoutTimeLimit: <T>(work: () => Promise<T>) => work(),
    async close() {
      await db.destroy();
      writer.close();
    },
  });
}

function connect(file: string): { readonly connection: Sqlite.Database; readonly reader: Sqlite.Database } {
  try {
    const connection = new Sqlite(file, { timeout: busyTimeoutMs });
    connection.pragma('journal_mode = WAL');
    connection.pragma('synchronous = FULL');
    connection.pragma('foreign_keys = ON');
    // Otherwise, SQLite would use files for temporary tables and the undo data of statements.
    connection.pragma('temp_store = MEMORY');
    connection.pragma(`wal_autocheckpoint = ${checkpointPages}`);
    connection.pragma(`cache_size = -${cacheKib.writer}`);
    const reader = new Sqlite(file, { timeout: busyTimeoutMs });
    reader.pragma('query_only = ON');
    reader.pragma(`cache_size = -${cacheKib.reader}`);
    return { connection, reader };
  } catch (error) {
    throw asDatabaseFailure(error, file);
  }
}
