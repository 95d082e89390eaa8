import { CompiledQuery, type DialectAdapter } from 'kysely';
import { onceFor } from '../lib/once-for.ts';
import { isConflict } from './database-failure.ts';
import type { Statement, Step, Values } from './statement.ts';
import { compileStatement } from './statement.ts';
import type { Db, Transaction } from './tables.ts';

/** An open database of either kind. */
export interface Database extends Db {
  /** Returns the rows of a prepared query. It sees committed data, never an open transaction of this process. */
  rows<P extends Values, Row>(statement: Statement<P, Row>, values: P): Promise<Row[]>;
  /** Applies all steps durably, or none. Returns false if one of them did not change exactly one row. */
  applyAll(steps: readonly Step[]): Promise<boolean>;
  /** Throws if the file of the database was deleted or replaced: what is written then would be lost. */
  requireInPlace(): void;
  /**
   * Throws where changes would get lost or mixed up: behind a connection pooler that does not keep what Ringup needs of a
   * session, and in a SQLite file of several names or mounts.
   */
  requireSafe(): Promise<void>;
  /** Lets queries take any time until `work` is done. By default, a server has a few seconds for each. */
  withoutTimeLimit<T>(work: () => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/**
 * Runs `work` in a transaction, which is rolled back if it throws. `work` must use only the transaction: it runs again if
 * the database ends it in favor of another.
 */
export function inTransaction<T>(database: Db, work: (tx: Transaction) => Promise<T>): Promise<T> {
  return repeatingConflicts(() => database.transaction().execute(work));
}

const maxAttempts = 4;

/**
 * Repeats what a server rolled back because of a deadlock. Of several that were rolled back, one succeeds next time.
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
 * Returns the rows of a frequent query: prepared if `db` is the database, or as part of the transaction if it is one.
 */
export async function rows<P extends Values, Row>(db: Db, statement: Statement<P, Row>, values: P): Promise<Row[]> {
  if (isDatabase(db)) return db.rows(statement, values);
  const { sql, bind } = compiledIn(db.getExecutor().adapter)(statement, db);
  return (await db.executeQuery<Row>(CompiledQuery.raw(sql, bind(values)))).rows;
}

/** Compiled once for each kind of database, which the adapter stands for. */
const compiledIn = onceFor((_adapter: DialectAdapter) => onceFor(compileStatement));

export function isDatabase(db: Db): db is Database {
  return 'applyAll' in db;
}
