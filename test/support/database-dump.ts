import { sql } from 'kysely';
import type { Db } from '../../src/storage/tables.ts';

const tables = ['spaces', 'accounts', 'external_accounts', 'contacts', 'tokens', 'api_keys', 'revisions'] as const;

/**
 * Returns every row of every table except heartbeats, to compare before and after. Leaves out last uses of keys and
 * outcomes of answers, because they are written some time after the request.
 */
export async function dumpDatabase(db: Db): Promise<Record<string, readonly string[]>> {
  const dump: Record<string, readonly string[]> = {};
  for (const table of tables) {
    const { rows } = await sql<Record<string, unknown>>`select * from ${sql.table(table)}`.execute(db);
    dump[table] = rows.map(({ last_used_at: _, outcome: __, ended_at: ___, ...row }) => JSON.stringify(row)).sort();
  }
  return dump;
}
