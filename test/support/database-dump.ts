import { sql } from 'kysely';
import type { Db } from '../../src/storage/tables.ts';

const tables = ['spaces', 'accounts', 'external_accounts', 'contacts', 'tokens', 'api_keys', 'revisions'] as const;

/**
 * Every row of every table but the heartbeats, for comparing before and after. Without the last use of keys and
 * without how answers fared: both are written down some time after the request.
 */
export async function dumpDatabase(db: Db): Promise<Record<string, readonly string[]>> {
  const dump: Record<string, readonly string[]> = {};
  for (const table of tables) {
    const { rows } = await sql<Record<string, unknown>>`select * from ${sql.table(table)}`.execute(db);
    dump[table] = rows.map(({ last_used_at: _, outcome: __, ended_at: ___, ...row }) => JSON.stringify(row)).sort();
  }
  return dump;
}
