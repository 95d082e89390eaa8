import type { Compilable } from 'kysely';
import type { Db } from './tables.ts';

export type Values = Readonly<Record<string, string | number | null>>;

/** Represents a value while a statement is compiled. */
class Placeholder {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

/** A frequent query. Kysely builds it once for each database; after that, the driver only gets new values. */
export interface Statement<Parameters extends Values, Row = unknown> {
  build(db: Db): Compilable<Row>;
  /** Exists only to carry the type of the parameters. */
  readonly parameters?: Parameters;
}

/**
 * Defines a frequent query: `statement<{ hash: string }>()((db, at) => db.selectFrom('tokens').where('token_hash', '=',
 * at.hash).select('id'))`
 */
export function statement<Parameters extends Values>() {
  return <Row>(build: (db: Db, at: Parameters) => Compilable<Row>): Statement<Parameters, Row> => {
    const placeholders = new Proxy({}, { get: (_target, name) => new Placeholder(String(name)) });
    // Kysely passes values on without reading them, so a placeholder can represent a value of any type.
    return { build: (db) => build(db, placeholders as Parameters) };
  };
}

export interface CompiledStatement {
  readonly sql: string;
  bind(values: Values): unknown[];
}

export function compileStatement<P extends Values, Row>(statement: Statement<P, Row>, db: Db): CompiledStatement {
  const { sql, parameters } = statement.build(db).compile();
  return {
    sql,
    bind: (values) => parameters.map((each) => (each instanceof Placeholder ? values[each.name] : each)),
  };
}

/** Compiles each statement once for each database, because the SQL differs. */
export class StatementCache {
  readonly #db: Db;
  readonly #compiled = new WeakMap<object, CompiledStatement>();

  constructor(db: Db) {
    this.#db = db;
  }

  get<P extends Values>(statement: Statement<P>): CompiledStatement {
    const known = this.#compiled.get(statement);
    if (known !== undefined) return known;
    const compiled = compileStatement(statement, this.#db);
    this.#compiled.set(statement, compiled);
    return compiled;
  }
}

/** One change in a set that is applied completely or not at all. */
export interface Step {
  readonly statement: Statement<Values>;
  readonly values: Values;
  /** Whether the step must change exactly one row, or the whole set fails. */
  readonly changesOne: boolean;
}

/** Returns one step of a set. The whole set fails unless it changes exactly one row. */
export function step<P extends Values>(statement: Statement<P>, values: P): Step {
  return { statement: statement as Statement<Values>, values, changesOne: true };
}

/** Returns a step that may change any number of rows, including none. */
export function sweep<P extends Values>(statement: Statement<P>, values: P): Step {
  return { statement: statement as Statement<Values>, values, changesOne: false };
}
