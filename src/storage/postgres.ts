import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import type { Database } from './database.ts';
import { type CompiledStatement, StatementCache, type Step } from './statement.ts';
import type { Tables } from './tables.ts';

const poolSize = 10;
const connectTimeoutMs = 5_000;

// int8 arrives as text by default. All our values are counts and milliseconds, far below 2^53.
pg.types.setTypeParser(pg.types.builtins.INT8, Number);

/** Opens a pool of connections. The first query shows whether the server can be reached. */
export function openPostgres(url: string, onIdleError: (error: Error) => void): Database {
  const pool = new pg.Pool({ connectionString: url, max: poolSize, connectionTimeoutMillis: connectTimeoutMs });
  pool.on('error', onIdleError);
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  const statements = new StatementCache(db);
  const names = new Map<string, string>();
  const query = ({ sql, bind }: CompiledStatement, values: Parameters<Database['rows']>[1]) => {
    const name = names.get(sql) ?? `ringup_${names.size}`;
    names.set(sql, name);
    return { name, text: sql, values: bind(values) };
  };
  return Object.assign(db, {
    async rows<Row>(statement: Parameters<Database['rows']>[0], values: Parameters<Database['rows']>[1]) {
      return (await pool.query(query(statements.get(statement), values))).rows as Row[];
    },
    async applyAll(steps: readonly Step[]) {
      const client = await pool.connect();
      let broken: Error | undefined;
      try {
        await client.query('begin');
        for (const { statement, values, changesOne } of steps) {
          const { rowCount } = await client.query(query(statements.get(statement), values));
          if (changesOne && rowCount !== 1) {
            await client.query('rollback');
            return false;
          }
        }
        await client.query('commit');
        return true;
      } catch (error) {
        broken = error instanceof Error ? error : new Error(String(error));
        throw error;
      } finally {
        // A connection in an unknown state is closed rather than handed to the next caller.
        client.release(broken);
      }
    },
    close: () => db.destroy(),
  });
}
