import { setTimeout as delay } from 'node:timers/promises';
import Sqlite from 'better-sqlite3';
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import { AppError } from '../errors.ts';

const retryPauseMs = 10;
const maxStatements = 500;

type Release = (use: { readonly wrote: boolean }) => void;

/** The only connection that writes, behind a lock that callers take in turn. */
export class SqliteWriter {
  readonly connection: Sqlite.Database;
  readonly #statements = new Map<string, Sqlite.Statement>();
  readonly #timeoutMs: number;
  #lock: Promise<void> = Promise.resolve();

  constructor(connection: Sqlite.Database, timeoutMs: number) {
    this.connection = connection;
    this.#timeoutMs = timeoutMs;
  }

  /**
   * Waits for the lock and returns a function that releases it. After a write, the lock is passed on in the next turn
   * of the event loop: a transaction never yields to the loop by itself, so a queue of them would block everything else
   * until its end.
   */
  async acquire(): Promise<Release> {
    const before = this.#lock;
    let next = (): void => {};
    this.#lock = new Promise((resolve) => {
      next = resolve;
    });
    await before;
    return ({ wrote }) => void (wrote ? setImmediate(next) : next());
  }

  prepare(sql: string): Sqlite.Statement {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    if (this.#statements.size >= maxStatements) this.#statements.clear();
    const prepared = this.connection.prepare(sql);
    this.#statements.set(sql, prepared);
    return prepared;
  }

  /** Retries `work` while another process holds the file's write lock, without blocking the event loop. */
  async whenUnlocked<T>(work: () => T): Promise<T> {
    const deadline = performance.now() + this.#timeoutMs;
    for (;;) {
      try {
        return work();
      } catch (error) {
        if (!isBusy(error)) throw error;
        if (performance.now() > deadline) {
          throw new AppError('database-unavailable', { why: 'locked' }, { cause: error });
        }
      }
      await delay(retryPauseMs);
    }
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof Sqlite.SqliteError && error.code.startsWith('SQLITE_BUSY');
}

class SqliteConnection implements DatabaseConnection {
  readonly writer: SqliteWriter;
  readonly #release: Release;
  #wrote = false;

  constructor(writer: SqliteWriter, release: Release) {
    this.writer = writer;
    this.#release = release;
  }

  release(): void {
    this.#release({ wrote: this.#wrote });
  }

  executeQuery<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
    return this.writer.whenUnlocked(() => {
      const prepared = this.writer.prepare(query.sql);
      this.#wrote ||= !prepared.readonly;
      if (prepared.reader) return { rows: prepared.all(query.parameters) as Row[] };
      const { changes, lastInsertRowid } = prepared.run(query.parameters);
      return { numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid), rows: [] };
    });
  }

  /** Kysely requires this method, but Ringup never streams. */
  streamQuery<Row>(): AsyncIterableIterator<QueryResult<Row>> {
    throw new Error('streaming is not supported on SQLite');
  }
}

class SqliteDriver implements Driver {
  readonly #writer: SqliteWriter;
  constructor(writer: SqliteWriter) {
    this.#writer = writer;
  }
  async init(): Promise<void> {}
  async acquireConnection(): Promise<SqliteConnection> {
    return new SqliteConnection(this.#writer, await this.#writer.acquire());
  }
  // Immediate, because a transaction that reads first and then finds the file locked cannot continue.
  async beginTransaction(connection: SqliteConnection): Promise<void> {
    await this.#run(connection, 'begin immediate');
  }
  async commitTransaction(connection: SqliteConnection): Promise<void> {
    await this.#run(connection, 'commit');
  }
  async rollbackTransaction(connection: SqliteConnection): Promise<void> {
    // SQLite rolls back by itself after some failures, such as a full disk. A second rollback would hide the first
    // error.
    if (connection.writer.connection.inTransaction) await this.#run(connection, 'rollback');
  }
  async releaseConnection(connection: SqliteConnection): Promise<void> {
    connection.release();
  }
  async destroy(): Promise<void> {
    this.#writer.connection.close();
  }
  async #run(connection: SqliteConnection, sql: string): Promise<void> {
    await connection.writer.whenUnlocked(() => connection.writer.prepare(sql).run());
  }
}

/**
 * By default, Kysely does not run migrations in a transaction on SQLite. Ours can run in one, and simultaneous starts
 * need it.
 */
class TransactionalAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

/** Returns Kysely's dialect over one writer. It caches statements and waits for a locked file without blocking. */
export function sqliteDialect(writer: SqliteWriter): Dialect {
  return {
    createDriver: () => new SqliteDriver(writer),
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createAdapter: () => new TransactionalAdapter(),
    createIntrospector: (db) => new SqliteIntrospector(db),
  };
}
