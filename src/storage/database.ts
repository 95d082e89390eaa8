import type { Statement, Step } from './statement.ts';
import type { Db } from './tables.ts';

type Values = Readonly<Record<string, string | number | null>>;

/** An open database, whichever it is. */
export interface Database {
  /** Ordinary queries and `db.transaction()`. Inside a transaction's callback use only the `Db` handed to it. */
  readonly db: Db;
  /** The rows of a prepared query; sees what is committed, never an open transaction of this process. */
  rows<P extends Values, Row>(statement: Statement<P, Row>, values: P): Promise<Row[]>;
  /** Applies all steps durably, or none: false when one of them did not change exactly one row. */
  applyAll(steps: readonly Step[]): Promise<boolean>;
  close(): Promise<void>;
}
