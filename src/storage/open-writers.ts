import { sql } from 'kysely';
import { dialectOfDb } from './dialect.ts';
import type { Db, Tables } from './tables.ts';

/**
 * Returns the open transactions that have written to a table, or are about to, and began at most `maxAgeMs` ago. On
 * SQLite there are none: only one transaction writes at a time, so rows become visible in the order of their ids.
 */
export async function openWriters(db: Db, table: keyof Tables, maxAgeMs: number): Promise<readonly string[]> {
  if (dialectOfDb(db) === 'sqlite') return [];
  // A transaction takes this lock before it takes an id, and keeps it until its rows are visible. Transactions of other
  // users do not count: the server hides when they began, unless this user may read all statistics. With
  // `track_activities` off, it tells this of nobody.
  const { rows } = await sql<{ writer: string }>`
    select held.virtualtransaction as writer
    from pg_locks as held join pg_stat_activity as session on session.pid = held.pid
    where held.locktype = 'relation' and held.mode = 'RowExclusiveLock' and held.granted
      and held.relation = to_regclass(${table}) and session.datname = current_database()
      and held.database = session.datid
      and (session.xact_start > clock_timestamp() - ${maxAgeMs} * interval '1 millisecond'
        or session.xact_start is null and session.usename = current_user)`.execute(db);
  return rows.map(({ writer }) => writer);
}
