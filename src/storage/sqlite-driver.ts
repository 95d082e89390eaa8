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
import { asDatabaseFailure } from './database-failure.ts';

const retryPauseMs = 10;
const maxStatements = 500;

/** The limit for waiting for other processes. */
export interface Waiting {
  readonly timeoutMs: number;
  /** Returns milliseconds since an arbitrary moment. */
  elapsed(): number;
}

/** The right to write. */
export interface Turn {
  /** When the holder stops waiting for other processes. The time before it got the turn counts too. */
  readonly deadline: number;
  release(use: { readonly wrote: boolean }): void;
}

/**
 * Two connections: the only one that writes, with a lock that callers take in turn, and one that reads during its
 * transactions.
 */
export class SqliteWriter {
  readonly connection: Sqlite.Database;
  readonly #statements = new Map<string, Sqlite.Statement>();
  readonly #reader: Sqlite.Database;
  readonly #prepared = new Map<string, Sqlite.Statement>();
  readonly #waiting: Waiting;
  readonly #requireInPlace: () => void;
  #lock: Promise<void> = Promise.resolve();

  constructor(connection: Sqlite.Database, reader: Sqlite.Database, waiting: Waiting, requireInPlace: () => void) {
    this.connection = connection;
    this.#reader = reader;
    this.#waiting = waiting;
    this.#requireInPlace = requireInPlace;
  }

  /** Returns the deadline of a caller that starts waiting now. */
  deadlineNow(): number {
    return this.#waiting.elapsed() + this.#waiting.timeoutMs;
  }

  /** Returns the milliseconds until a deadline; negative after it. */
  leftUntil(deadline: number): number {
    return deadline - this.#waiting.elapsed();
  }

  /**
   * Waits for the lock. After a write, the lock is passed on in the next turn of the event loop. A transaction seldom
   * yields to the loop by itself, so a queue of them would otherwise block everything else until its end. Throws if the
   * file is gone: SQLite would go on writing to it, and the changes would be lost.
   */
  async acquire(deadline: number = this.deadlineNow()): Promise<Turn> {
    this.#requireInPlace();
    const before = this.#lock;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#lock = promise;
    if (!(await isOver(before, Math.max(0, this.leftUntil(deadline))))) {
      // A caller that gives up keeps its place in the queue, so that it can pass the lock on.
      void before.then(resolve);
      throw new AppError('database-unavailable', { why: 'locked' });
    }
    return { deadline, release: ({ wrote }) => void (wrote ? setImmediate(resolve) : resolve()) };
  }

  prepare(sql: string): Sqlite.Statement {
    return prepareIn(this.connection, this.#statements, sql);
  }

  /**
   * Returns the rows of a query outside transactions, which neither waits for a transaction nor sees its changes.
   * Returns undefined if the statement is not a query. If no transaction is open, the writer runs the query: its page
   * cache survives its own commits, which halves the time of a query.
   */
  read(sql: string, parameters: readonly unknown[]): unknown[] | undefined {
    try {
      const prepared = this.connection.inTransaction ? prepareIn(this.#reader, this.#prepared, sql) : this.prepare(sql);
      return prepared.readonly && prepared.reader ? prepared.all(parameters) : undefined;
    } catch (error) {
      throw asDatabaseFailure(error, this.connection.name);
    }
  }

  /** Retries `work` while another process holds the file's write lock, without blocking the event loop. */
  async whenUnlocked<T>({ deadline }: Pick<Turn, 'deadline'>, work: () => T): Promise<T> {
    for (;;) {
      try {
        return work();
      } catch (error) {
        if (!isBusy(error) || this.leftUntil(deadline) < 0) throw asDatabaseFailure(error, this.connection.name);
      }
      await delay(retryPauseMs);
    }
  }

  close(): void {
    this.#reader.close();
    this.connection.close();
  }
}

function prepareIn(connection: Sqlite.Database, known: Map<string, Sqlite.Statement>, sql: string): Sqlite.Statement {
  const found = known.get(sql);
  if (found !== undefined) return found;
  const prepared = connection.prepare(sql);
  if (known.size >= maxStatements) known.clear();
  known.set(sql, prepared);
  return prepared;
}

/** Returns whether the promise is fulfilled before the time is over. */
async function isOver(before: Promise<void>, timeoutMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const timeOver = new Promise<false>((resolve) => {
    timer = setTimeout(resolve, timeoutMs, false);
  });
  const over = await Promise.race([before.then(() => true), timeOver]);
  clearTimeout(timer);
  return over;
}

function isBusy(error: unknown): boolean {
  return error instanceof Sqlite.SqliteError && error.code.startsWith('SQLITE_BUSY');
}

/**
 * A connection that takes the writer's lock with the first statement that needs it. Queries outside transactions do not
 * wait.
 */
class SqliteConnection implements DatabaseConnection {
  readonly #writer: SqliteWriter;
  #turn: Turn | undefined;
  #wrote = false;

  constructor(writer: SqliteWriter) {
    this.#writer = writer;
  }

  release(): void {
    this.#turn?.release({ wrote: this.#wrote });
    this.#turn = undefined;
  }

  async executeQuery<Row>({ sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> {
    if (this.#turn === undefined) {
      const rows = this.#writer.read(sql, parameters);
      if (rows !== undefined) return { rows: rows as Row[] };
    }
    return this.#whenUnlocked(() => {
      const prepared = this.#writer.prepare(sql);
      this.#wrote ||= !prepared.readonly;
      if (prepared.reader) return { rows: prepared.all(parameters) as Row[] };
      const { changes, lastInsertRowid } = prepared.run(parameters);
      return { numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid), rows: [] };
    });
  }

  run(sql: string): Promise<unknown> {
    return this.#whenUnlocked(() => this.#writer.prepare(sql).run());
  }

  /**
   * Does nothing if SQLite has already rolled back after a failure, such as a full disk. Another rollback would hide
   * the first error.
   */
  async rollback(): Promise<void> {
    if (this.#writer.connection.inTransaction) await this.run('rollback');
  }

  /** Kysely requires this method, but Ringup never streams. */
  streamQuery<Row>(): AsyncIterableIterator<QueryResult<Row>> {
    throw new Error('streaming is not supported on SQLite');
  }

  async #whenUnlocked<T>(work: () => T): Promise<T> {
    this.#turn ??= await this.#writer.acquire();
    return this.#writer.whenUnlocked(this.#turn, work);
  }
}

class SqliteDriver implements Driver {
  readonly #writer: SqliteWriter;
  constructor(writer: SqliteWriter) {
    this.#writer = writer;
  }
  async init(): Promise<void> {}
  async acquireConnection(): Promise<SqliteConnection> {
    return new SqliteConnection(this.#writer);
  }
  // Immediate, because a transaction that reads first and then finds the file locked cannot continue.
  async beginTransaction(connection: SqliteConnection): Promise<void> {
    await connection.run('begin immediate');
  }
  async commitTransaction(connection: SqliteConnection): Promise<void> {
    await connection.run('commit');
  }
  rollbackTransaction(connection: SqliteConnection): Promise<void> {
    return connection.rollback();
  }
  async releaseConnection(connection: SqliteConnection): Promise<void> {
    connection.release();
  }
  // Kysely does not call this if no query was made, so the file is closed separately.
  async destroy(): Promise<void> {}
}

class OurAdapter extends SqliteAdapter {
  /**
   * By default, Kysely runs no migrations in a transaction on SQLite. Ours can run in one, and simultaneous starts need
   * it.
   */
  override get supportsTransactionalDdl(): boolean {
    return true;
  }

  /**
   * By default, Kysely runs one query at a time. Ours wait for the writer's lock instead, and reading queries do not
   * wait.
   */
  override get supportsMultipleConnections(): boolean {
    return true;
  }
}

/**
 * Returns a Kysely dialect for a writer. It caches statements, and waits for a locked file without blocking the event
 * loop.
 */
export function sqliteDialect(writer: SqliteWriter): Dialect {
  return {
    createDriver: () => new SqliteDriver(writer),
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createAdapter: () => new OurAdapter(),
    createIntrospector: (db) => new SqliteIntrospector(db),
  };
}
