import { databaseNow, dialectOfDb } from '../storage/dialect.ts';
import type { Db } from '../storage/tables.ts';

/** A node on a shared database counts as gone after this long without a heartbeat. */
const silenceLimitMs = 15_000;
const forgetAfterMs = 24 * 60 * 60_000;
export const heartbeatMs = 5_000;

/**
 * Records that the process is running. A SQLite file has only one server at a time, so all other entries belong to dead
 * processes.
 */
export async function registerNode(db: Db, bootId: string): Promise<void> {
  const others = db.deleteFrom('nodes').where('boot_id', '!=', bootId);
  await (dialectOfDb(db) === 'sqlite'
    ? others
    : others.where('seen_at', '<', (row) => row(databaseNow(db), '-', forgetAfterMs))
  ).execute();
  await db
    .insertInto('nodes')
    .values({ boot_id: bootId, seen_at: databaseNow(db) })
    .onConflict((conflict) => conflict.column('boot_id').doUpdateSet({ seen_at: databaseNow(db) }))
    .execute();
}

/** Records that the process has ended. */
export async function unregisterNode(db: Db, bootId: string): Promise<void> {
  await db.deleteFrom('nodes').where('boot_id', '=', bootId).execute();
}

export async function isNodeAlive(db: Db, bootId: string): Promise<boolean> {
  const named = db.selectFrom('nodes').select('boot_id').where('boot_id', '=', bootId);
  const recent =
    dialectOfDb(db) === 'sqlite'
      ? named
      : named.where('seen_at', '>', (row) => row(databaseNow(db), '-', silenceLimitMs));
  return (await recent.executeTakeFirst()) !== undefined;
}
