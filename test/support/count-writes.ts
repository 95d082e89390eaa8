import { mock } from 'node:test';
import pg from 'pg';
import type { Database } from '../../src/storage/database.ts';
import { isShared } from '../../src/storage/dialect.ts';
import { SqliteWriter } from '../../src/storage/sqlite-driver.ts';

export interface WriteCount {
  /** Returns how many transactions began, and how many changes were made outside of them. */
  count(): number;
  stop(): void;
}

/**
 * Counts the writes of this process from now on, including those that are rolled back. On SQLite, counts how often the
 * lock is taken.
 */
export function countWrites(database: Database): WriteCount {
  if (!isShared(database)) {
    const acquire = mock.method(SqliteWriter.prototype, 'acquire');
    return { count: () => acquire.mock.callCount(), stop: () => acquire.mock.restore() };
  }
  const query = mock.method(pg.Client.prototype, 'query');
  return { count: () => countIn(query.mock.calls), stop: () => query.mock.restore() };
}

interface Call {
  readonly this: unknown;
  readonly arguments: readonly unknown[];
}

function countIn(calls: readonly Call[]): number {
  const inTransaction = new Set<unknown>();
  let count = 0;
  for (const { this: client, arguments: asked } of calls) {
    const [word = ''] = textOf(asked[0]).trimStart().toLowerCase().split(/\s/);
    if (word === 'commit' || word === 'rollback') inTransaction.delete(client);
    if (inTransaction.has(client)) continue;
    if (word === 'begin') inTransaction.add(client);
    if (['begin', 'insert', 'update', 'delete'].includes(word)) count += 1;
  }
  return count;
}

function textOf(asked: unknown): string {
  return typeof asked === 'string' ? asked : String((asked as { text?: unknown }).text);
}
