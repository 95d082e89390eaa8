import { CompiledQuery } from 'kysely';
import type { Statement, Step, Values } from './statement.ts';
import { compileStatement } from './statement.ts';
import type { Db, Transaction } from './tables.ts';

/** An open database, whichever it is. */
export interface Database extends Db {
  /** The rows of a prepared query; sees what is committed, never an open transaction of this process. */
  rows<P extends Values, Row>(statement: Statement<P, Row>, values: P): Promise<Row[]>;
  /** Applies all steps durably, or none: false when one of them did not change exactly one row. */
  applyAll(steps: readonly Step[]): Promise<boolean>;
  close(): Promise<void>;
}

/** Runs `work` in a transaction, which is rolled back if it throws. Inside, only the transaction may be used. */
export function inTransaction<T>(database: Db, work: (tx: Transaction) => Promise<T>): Promise<T> {
  return database.transaction().execute(work);
}

/** The rows of a query of a hot path: prepared where `db` is the database, as part of the transaction where it is one. */
export async function rows<P extends Values, Row>(db: Db, statement: Statement<P, Row>, values: P): Promise<Row[]> {
  if (isDatabase(db)) return db.rows(statement, values);
  const { sql, bind } = compileStatement(statement, db);
  return (await db.executeQuery<Row>(CompiledQuery.raw(sql, bind(values)))).rows;
}

function isDatabase(db: Db): db is Database {
  return 'applyAll' in db;
}
