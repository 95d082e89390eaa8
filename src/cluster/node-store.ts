import type { ExpressionBuilder } from 'kysely';
import { databaseNow, isShared } from '../storage/dialect.ts';
import type { Db, Tables } from '../storage/tables.ts';

/** A node on a shared database counts as gone after this long without a heartbeat. */
const silenceLimitMs = 15_000;
const forgetAfterMs = 24 * 60 * 60_000;
export const heartbeatMs = 5_000;

/**
 * Records that the process is running. Also deletes the entries of processes that have ended: on SQLite all other
 * entries, on PostgreSQL those without a heartbeat for a day.
 */
export async function registerNode(db: Db, bootId: string): Promise<void> {
  await db
    .insertInto('nodes')
    .values({ boot_id: bootId, seen_at: databaseNow(db) })
    .onConflict((conflict) => conflict.column('boot_id').doUpdateSet({ seen_at: databaseNow(db), ended_at: null }))
    .execute();
  // After the entry above, which a full disk may refuse. If that happens, the entry of the earlier process must stay,
  // because its unwritten data is found by that entry.
  const others = db.deleteFrom('nodes').where('boot_id', '!=', bootId);
  const forgotten = isShared(db)
    ? others.where('seen_at', '<', (row) => row(databaseNow(db), '-', forgetAfterMs))
    : others;
  await forgotten.execute();
}

/** Records at which address phones reach a node. */
export async function locateNode(db: Db, bootId: string, publicUrl: string): Promise<void> {
  await db.updateTable('nodes').set({ public_url: publicUrl }).where('boot_id', '=', bootId).execute();
}

/** Records that the process has ended. The entry stays, because it says where the last server was. */
export async function unregisterNode(db: Db, bootId: string): Promise<void> {
  const now = databaseNow(db);
  await db.updateTable('nodes').set({ seen_at: now, ended_at: now }).where('boot_id', '=', bootId).execute();
}

/** Returns whether the process ran on this database and never recorded that it has ended. */
export async function isNodeKnown(db: Db, bootId: string): Promise<boolean> {
  const named = db.selectFrom('nodes').select('boot_id').where('boot_id', '=', bootId);
  return (await named.where('ended_at', 'is', null).executeTakeFirst()) !== undefined;
}

/**
 * Returns whether the process may still answer. On SQLite, a killed process counts as alive until the next one starts.
 */
export async function isNodeAlive(db: Db, bootId: string): Promise<boolean> {
  const named = db.selectFrom('nodes').select('boot_id').where('boot_id', '=', bootId);
  const alive = isShared(db) ? named.where(isHeardOf(db)) : named.where('ended_at', 'is', null);
  return (await alive.executeTakeFirst()) !== undefined;
}

/** Returns whether the process has not ended and has sent a heartbeat recently. */
export async function isNodeHeardOf(db: Db, bootId: string): Promise<boolean> {
  const heard = db.selectFrom('nodes').select('boot_id').where('boot_id', '=', bootId).where(isHeardOf(db));
  return (await heard.executeTakeFirst()) !== undefined;
}

/** Returns the address of the node with the latest heartbeat, preferably of a running one. */
export async function lastNode(
  db: Db,
): Promise<{ readonly publicUrl: string; readonly isRunning: boolean } | undefined> {
  const node = await db
    .selectFrom('nodes')
    .select(['public_url', (row) => isHeardOf(db)(row).as('is_heard_of')])
    .where('public_url', 'is not', null)
    .orderBy('is_heard_of', 'desc')
    .orderBy('seen_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  return node === undefined || node.public_url === null
    ? undefined
    : { publicUrl: node.public_url, isRunning: Boolean(node.is_heard_of) };
}

function isHeardOf(db: Db) {
  return (row: ExpressionBuilder<Tables, 'nodes'>) =>
    row.and([row('ended_at', 'is', null), row('seen_at', '>', row(databaseNow(db), '-', silenceLimitMs))]);
}
