import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
} from 'kysely';
import type pg from 'pg';
import { askFate, askLater, transactionId } from './confirm-commit.ts';
import { repeatingConflicts } from './database.ts';
import { asCommitFailure, asDatabaseFailure, isUnconfirmed } from './database-failure.ts';
import type { Pool } from './postgres-pool.ts';

/**
 * The queries are written for this isolation level: conditional updates wait for each other and see each other's
 * changes. The server's default may differ.
 */
const begin = 'begin isolation level read committed';

/** A connection in use. If the connection itself fails, it is discarded. */
export class PostgresConnection implements DatabaseConnection {
  readonly #client: pg.PoolClient;
  #broken: Error | undefined;
  #isInTransaction = false;
  #isReleased = false;

  constructor(client: pg.PoolClient) {
    this.#client = client;
  }

  async query<Row extends pg.QueryResultRow>(
    query: string | pg.QueryConfig,
    values?: unknown[],
  ): Promise<pg.QueryResult<Row>> {
    try {
      return await this.#client.query<Row>(query, values);
    } catch (error) {
      throw asDatabaseFailure(error);
    }
  }

  /**
   * Runs a query. Outside a transaction, a statement that changes several rows can deadlock by itself, so it is
   * repeated here. Inside one, the whole transaction is repeated.
   */
  async executeQuery<Row>({ sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> {
    const ask = () => this.query(sql, [...parameters]);
    const { rows, rowCount } = await (this.#isInTransaction ? ask() : repeatingConflicts(ask));
    return { rows: rows as Row[], numAffectedRows: BigInt(rowCount ?? 0) };
  }

  async begin(): Promise<void> {
    await this.query(begin);
    this.#isInTransaction = true;
  }

  async commit(): Promise<void> {
    this.#isInTransaction = false;
    try {
      await this.#client.query('commit');
    } catch (error) {
      const failure = asCommitFailure(error);
      if (isUnconfirmed(failure) && failure instanceof Error) this.#broken = failure;
      throw failure;
    }
  }

  /** Never throws. If the rollback fails, the transaction ends together with its connection. */
  async rollback(): Promise<void> {
    this.#isInTransaction = false;
    if (this.#isReleased) return;
    try {
      await this.#client.query('rollback');
    } catch (error) {
      this.#broken = error instanceof Error ? error : new Error(String(error));
    }
  }

  /** Does nothing if it is already released. */
  release(): void {
    if (this.#isReleased) return;
    this.#isReleased = true;
    this.#client.release(this.#broken);
  }

  /** Kysely requires this method, but Ringup never streams. */
  streamQuery<Row>(): AsyncIterableIterator<QueryResult<Row>> {
    throw new Error('streaming is not supported');
  }
}

export async function connectTo(pool: Pool): Promise<PostgresConnection> {
  try {
    return new PostgresConnection(await pool.connect());
  } catch (error) {
    throw asDatabaseFailure(error);
  }
}

class PostgresDriver implements Driver {
  readonly #pool: Pool;
  constructor(pool: Pool) {
    this.#pool = pool;
  }
  async init(): Promise<void> {}
  acquireConnection(): Promise<PostgresConnection> {
    return connectTo(this.#pool);
  }
  beginTransaction(connection: PostgresConnection): Promise<void> {
    return connection.begin();
  }
  /**
   * If the answer to the COMMIT is lost, asks the server for the outcome, because a change that was made must not be
   * reported as failed.
   */
  async commitTransaction(connection: PostgresConnection): Promise<void> {
    const id = await transactionId((text) => connection.query(text));
    try {
      await connection.commit();
    } catch (error) {
      if (!isUnconfirmed(error) || !(error instanceof Error)) throw error;
      // If a failover breaks all connections of the pool at once, none of them would be left to ask on.
      connection.release();
      const query = (text: string, values: string[] = []) => this.#pool.query({ text, values });
      const fate = id === null ? 'aborted' : await askFate(query, id);
      if (id === null || fate === 'aborted') throw asDatabaseFailure(error.cause);
      if (fate === 'committed') return;
      askLater(error, query, id);
      throw error;
    }
  }
  rollbackTransaction(connection: PostgresConnection): Promise<void> {
    return connection.rollback();
  }
  async releaseConnection(connection: PostgresConnection): Promise<void> {
    connection.release();
  }
  // Kysely does not call this if no query was made, so the pool is closed separately.
  async destroy(): Promise<void> {}
}

/** Returns a Kysely dialect for a pool. It translates failures, and its transactions are *read committed*. */
export function postgresDialect(pool: Pool): Dialect {
  return {
    createDriver: () => new PostgresDriver(pool),
    createQueryCompiler: () => new PostgresQueryCompiler(),
    createAdapter: () => new PostgresAdapter(),
    createIntrospector: (db) => new PostgresIntrospector(db),
  };
}
