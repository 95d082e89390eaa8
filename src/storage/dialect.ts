import Sqlite from 'better-sqlite3';
import { PostgresAdapter, type RawBuilder, type SelectQueryBuilder, sql } from 'kysely';
import { codeOf } from '../lib/code-of.ts';
import type { Database } from './database.ts';
import type { PoolLimits } from './postgres-pool.ts';
import { openSqlite } from './sqlite.ts';
import type { Db } from './tables.ts';

export type DialectName = 'sqlite' | 'postgres';

/**
 * Returns `postgres` for `postgres://…` and `postgresql://…`, otherwise `sqlite`: the text is then the path of a file.
 */
export function dialectOf(location: string): DialectName {
  return /^postgres(ql)?:\/\//.test(location) ? 'postgres' : 'sqlite';
}

/** Returns the path of the SQLite file, or undefined if `location` is the URL of a server. */
export function databaseFile(location: string): string | undefined {
  return dialectOf(location) === 'sqlite' ? location : undefined;
}

/** Returns whether several servers may use the database at the same time. Only one may use a SQLite file. */
export function isShared(db: Db): boolean {
  return dialectOfDb(db) === 'postgres';
}

export function dialectOfDb(db: Db): DialectName {
  return db.getExecutor().adapter instanceof PostgresAdapter ? 'postgres' : 'sqlite';
}

/** Opens the database at `location`. The limits concern PostgreSQL. */
export async function openDatabase(
  location: string,
  onIdleError: (error: unknown) => void = () => {},
  limits?: PoolLimits,
): Promise<Database> {
  if (dialectOf(location) === 'sqlite') return openSqlite(location);
  const { openPostgres } = await import('./postgres.ts');
  return openPostgres(location, onIdleError, limits);
}

/** Returns the database's own clock in epoch milliseconds, so that nodes with different clocks agree. */
export function databaseNow(db: Db): RawBuilder<number> {
  return dialectOfDb(db) === 'postgres'
    ? sql<number>`(extract(epoch from clock_timestamp()) * 1000)::bigint`
    : sql<number>`cast(unixepoch('subsec') * 1000 as integer)`;
}

/** Converts A to Z to lower case, like `lowerCaseAscii`. The index of mail addresses uses the same expression. */
export function lowerAscii(db: Db, text: RawBuilder<unknown>): RawBuilder<string> {
  return dialectOfDb(db) === 'postgres' ? sql<string>`lower(${text} collate "C")` : sql<string>`lower(${text})`;
}

/**
 * Locks the selected rows until the transaction ends: `key share` prevents deletion, `share` prevents changes, `update`
 * also prevents other locks. By default, it locks the rows of all tables in the query. Does nothing on SQLite, where
 * only one transaction writes at a time.
 */
export function locking<DB, Tables extends keyof DB, Row>(
  db: Db,
  query: SelectQueryBuilder<DB, Tables, Row>,
  mode: 'key share' | 'share' | 'update',
  tables?: readonly (Tables & string)[],
): SelectQueryBuilder<DB, Tables, Row> {
  if (dialectOfDb(db) === 'sqlite') return query;
  if (mode === 'key share') return query.forKeyShare(tables);
  return mode === 'share' ? query.forShare(tables) : query.forUpdate(tables);
}

/**
 * Returns a query for a common table expression: the objects of a JSON array as rows. `columns` has the type of each
 * value by its key.
 */
export function rowsOfJson<Columns extends Readonly<Record<string, 'bigint' | 'text'>>>(
  db: Db,
  json: string,
  columns: Columns,
): RawBuilder<{ [Name in keyof Columns]: Columns[Name] extends 'bigint' ? number : string }> {
  const names = Object.keys(columns);
  if (dialectOfDb(db) === 'sqlite') {
    const values = names.map((name) => sql`value ->> ${sql.lit(name)} as ${sql.ref(name)}`);
    return sql`(select ${sql.join(values)} from json_each(${json}))`;
  }
  const typed = names.map((name) => sql`${sql.ref(name)} ${sql.raw(columns[name] ?? 'text')}`);
  return sql`(select * from jsonb_to_recordset(cast(${json} as jsonb)) as given(${sql.join(typed)}))`;
}

/**
 * Returns a text about the unique index that an insert or update violated, or undefined for any other error. PostgreSQL
 * names the index and SQLite its columns, so search the text for column names.
 */
export function violatedUnique(error: unknown): string | undefined {
  if (error instanceof Sqlite.SqliteError && error.code.startsWith('SQLITE_CONSTRAINT_')) {
    return /UNIQUE|PRIMARYKEY/.test(error.code) ? error.message : undefined;
  }
  return isPostgresError(error, '23505') ? (error.constraint ?? '') : undefined;
}

/**
 * Returns whether a change failed because it refers to a row that does not exist, perhaps because it was just deleted.
 */
export function violatedReference(error: unknown): boolean {
  if (error instanceof Sqlite.SqliteError) return error.code === 'SQLITE_CONSTRAINT_FOREIGNKEY';
  return isPostgresError(error, '23503');
}

/** Checks the SQLSTATE, which no other error has as its code. Checking the class would require loading the driver. */
function isPostgresError(error: unknown, sqlState: string): error is Error & { readonly constraint?: string } {
  return codeOf(error) === sqlState;
}
