import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { sql } from 'kysely';
import type { Database } from '../../src/storage/database.ts';
import { isShared } from '../../src/storage/dialect.ts';
import { SqliteWriter } from '../../src/storage/sqlite-driver.ts';
import { waitUntil } from './wait-until.ts';

/**
 * Starts to watch for lock requests. The returned function resolves when somebody has to wait for a lock that the
 * caller holds.
 */
export function watchLocks(database: Database): () => Promise<void> {
  if (isShared(database)) return async () => assert.ok(await waitUntil(() => hasWaiting(database)), 'nobody waits');
  // On SQLite, every request waits while the caller writes.
  const acquire = mock.method(SqliteWriter.prototype, 'acquire');
  return async () => {
    assert.ok(await waitUntil(() => acquire.mock.callCount() > 0), 'nobody waits');
    acquire.mock.restore();
  };
}

async function hasWaiting(database: Database): Promise<boolean> {
  const { rows } = await sql`
    select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`.execute(database);
  return rows.length > 0;
}
