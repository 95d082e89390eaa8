import { Kysely } from 'kysely';
import { type Database, repeatingConflicts } from './database.ts';
import { asDatabaseFailure } from './database-failure.ts';
import { connectTo, postgresDialect } from './postgres-driver.ts';
import { openPool, type PoolLimits } from './postgres-pool.ts';
import { requireSessions } from './postgres-pooler.ts';
import { type CompiledStatement, StatementCache, type Step } from './statement.ts';
import type { Tables } from './tables.ts';

/** Opens a pool of connections. Whether the server can be reached shows at the first query. */
export function openPostgres(url: string, onIdleError: (error: unknown) => void, limits?: PoolLimits): Database {
  const pool = openPool(url, onIdleError, limits);
  const db = new Kysely<Tables>({ dialect: postgresDialect(pool) });
  const statements = new StatementCache(db);
  const names = new Map<string, string>();
  const query = ({ sql, bind }: CompiledStatement, values: Parameters<Database['rows']>[1]) => {
    const name = names.get(sql) ?? `ringup_${names.size}`;
    names.set(sql, name);
    return { name, text: sql, values: bind(values) };
  };
  return Object.assign(db, {
    async rows<Row>(statement: Parameters<Database['rows']>[0], values: Parameters<Database['rows']>[1]) {
      try {
        return (await pool.query(query(statements.get(statement), values))).rows as Row[];
      } catch (error) {
        throw asDatabaseFailure(error);
      }
    },
    applyAll: (steps: readonly Step[]) =>
      repeatingConflicts(async () => {
        const connection = await connectTo(pool);
        try {
          await connection.begin();
          for (const { statement, values, changesOne } of steps) {
            const { rowCount } = await connection.query(query(statements.get(statement), values));
            if (changesOne && rowCount !== 1) {
              await connection.rollback();
              return false;
            }
          }
          await connection.commit();
          return true;
        } catch (error) {
          await connection.rollback();
          throw error;
        } finally {
          connection.release();
        }
      }),
    requireInPlace: () => {},
    requireSafe: () => requireSessions(pool),
    withoutTimeLimit: <T>(work: () => Promise<T>) => pool.withoutTimeLimit(work),
    async close() {
      await db.destroy();
      await pool.close();
    },
  });
}
