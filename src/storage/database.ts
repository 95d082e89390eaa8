import { CompiledQuery, type DialectAdapter } from 'kysely';
import { onceFor } from '../lib/once-for.ts';
import { isConflict } from './database-failure.ts';
import type { Statement, Step, Values } from './statement.ts';
import { compileStatement } from './statement.ts';
import type { Db, Transaction } from './tables.ts';

/** An open database, on SQLite or PostgreSQL. */
export interface Database extends Db {
  /** Returns the rows of a prepared query. It sees only committed data, never an open transaction of this process. */
  rows<P extends Values, Row>(statement: Statement<P, Row>, values: P): Promise<Row[]>;
  /** Applies all steps durably, or none. Returns false if one of them did not change exactly one row. */
  applyAll(steps: readonly Step[]): Promise<boolean>;
  /** Throws if the database file was deleted or replaced, because everything written after that would be lost. */
  requireInPlace(): void;
  /**
   * Throws if changes could be lost or mixed up: behind a connection pooler that does not keep the session state that
   * Ringup needs, or if the SQLite file has several names or mounts.
   */
  requireSafe(): Promise<void>;
  /** Lifts the time limit for queries until `work` is done. By default, a server has a few seconds for each query. */
  withoutTimeLimit<T>(work: () => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/**
 * Runs `work` in a transaction, which is rolled back if it throws. `work` must use nothing but the transaction, because
 * it runs again if the database rolls it back in favour of another.
 */
export function inTransaction<T>(database: Db, work: (tx: Transaction) => Promise<T>): Promise<T> {
  return repeatingConflicts(() => database.transaction().execute(work));
}

const maxAttempts = 4;

/**
 * Repeats `attempt` if the server rolled it back because of a deadlock. In each round, at least one of the conflicting
 * transactions succeeds.
 */
export async function repeatingConflicts<T>(attempt: () => Promise<T>): Promise<T> {
  for (let count = 1; ; count += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (count === maxAttempts || !isConflict(error)) throw error;
    }
  }
}

/**
 * Returns the rows of a frequent query. It runs as a prepared query if `db` is the database, or inside the transaction
 * if it is one.
 */
export function rows<P extends Values, Row>(db: Db, statement: Statement<P, Row>, values: P): Promise<Row[]> {
  return isDatabase(db) ? db.rows(statement, values) : rowsIn(db, statement, values);
}

async function rowsIn<P extends Values, Row>(db: Db, statement: Statement<P, Row>, values: P): Promise<Row[]> {
  const { sql, bind } = compiledIn(db.getExecutor().adapter)(statement, db);
  return (await db.executeQuery<Row>(CompiledQuery.raw(sql, bind(values)))).rows;
}

/** Compiled once for each kind of database, which is recognized by its adapter. */
const compiledIn = onceFor((_adapter: DialectAdapter) => onceFor(compileStatement));

export function isDatabase(db: Db): db is Database {
  return 'applyAll' in db;
}
