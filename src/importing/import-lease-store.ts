import type { ExpressionBuilder, Updateable } from 'kysely';
import type { ImportTable } from '../storage/import-tables.ts';
import type { Db, Tables, Transaction } from '../storage/tables.ts';
import type { ImportState } from './import.ts';

/** The worker that has an import, and the end of its lease. */
export interface Lease {
  readonly worker: string;
  readonly until: number;
}

/** The columns of an import that no worker has. */
export const noLease = { worker: null, lease_until: null } as const;

export type ImportChanges = Omit<Updateable<ImportTable>, 'id' | 'space_id'>;

/** Changes an import that this transaction has locked by changing it before. */
export async function updateLockedImport(tx: Transaction, id: number, changes: ImportChanges): Promise<void> {
  await tx.updateTable('imports').set(changes).where('id', '=', id).execute();
}

/** Changes an import if this worker has it. Returns false if another worker has taken it over. */
export async function updateOwnImport(db: Db, id: number, worker: string, changes: ImportChanges): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('imports')
    .set(changes)
    .where('id', '=', id)
    .where('worker', '=', worker)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/**
 * Adds rows to the written ones, and extends the worker's lease. Returns false if another worker has taken over the
 * import.
 */
export async function noteProgress(
  tx: Transaction,
  id: number,
  { worker, until }: Lease,
  rows: number,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('imports')
    .set((row) => ({ lease_until: until, written: row('written', '+', rows) }))
    .where('id', '=', id)
    .where('worker', '=', worker)
    .where('state', '=', 'running')
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** No worker has the import, or its worker was not heard of for so long that another may take it over. */
function isIdle(now: number) {
  return ({ or, eb }: ExpressionBuilder<Tables, 'imports'>) =>
    or([eb('worker', 'is', null), eb('lease_until', '<', now)]);
}

interface IdleFilter {
  readonly states: readonly ImportState[];
  /** Whether a done import matches too, if it has refused rows. Without any, its open rows were discarded. */
  readonly orMendable?: boolean;
  readonly now: number;
}

/**
 * Changes an import that no worker has, that is in one of these states, and whose rows are not erased. Returns whether
 * this was so. A worker whose lease has expired loses it.
 */
export async function updateIdleImport(
  db: Db,
  id: number,
  { states, orMendable = false, now }: IdleFilter,
  changes: ImportChanges,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('imports')
    .set({ ...changes, ...noLease })
    .where('id', '=', id)
    .where(({ or, and, eb }) => {
      const isMendable = and([eb('state', '=', 'done'), eb('refused', '>', 0)]);
      return or([eb('state', 'in', states), ...(orMendable ? [isMendable] : [])]);
    })
    .where('erased_at', 'is', null)
    .where(isIdle(now))
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Takes an import that no worker has or whose lease has expired. Returns whether that succeeded. */
export async function claimImport(db: Db, id: number, now: number, { worker, until }: Lease): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('imports')
    .set({ worker, lease_until: until })
    .where('id', '=', id)
    .where('state', 'in', ['checking', 'running'])
    .where(isIdle(now))
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Returns the ids of unfinished imports that no worker has. */
export async function findIdleImports(db: Db, now: number): Promise<number[]> {
  const rows = await db
    .selectFrom('imports')
    .select('id')
    .where('state', 'in', ['checking', 'running'])
    .where(isIdle(now))
    .orderBy('id')
    .execute();
  return rows.map(({ id }) => id);
}

/** Discards all imports that a worker would continue. Returns their ids. */
export async function markDiscarded(tx: Transaction, now: number): Promise<number[]> {
  const discarded = await tx
    .updateTable('imports')
    .set({ state: 'discarded', ended_at: now, ...noLease })
    .where('state', 'in', ['checking', 'running'])
    .returning('id')
    .execute();
  return discarded.map(({ id }) => id);
}

/** Returns the ids of imports that are done, but whose discarded rows are not all deleted yet. */
export async function listHalfDiscarded(db: Db): Promise<number[]> {
  const rows = await db
    .selectFrom('imports')
    .select('id')
    .where('state', '=', 'done')
    .where('ended_at', 'is', null)
    .where('erased_at', 'is', null)
    .execute();
  return rows.map(({ id }) => id);
}

/** Notes that the discarded rows of an import are deleted. */
export async function markEnded(db: Db, id: number, now: number): Promise<void> {
  await db
    .updateTable('imports')
    .set({ ended_at: now })
    .where('id', '=', id)
    .where('state', '=', 'done')
    .where('ended_at', 'is', null)
    .execute();
}

/**
 * Marks imports as erased that began before this moment and that no worker has, so that none takes one while its rows
 * are deleted. A worker whose lease has expired loses its import. Returns the ids of those that are not done, but of
 * which a part is written.
 */
export async function markErased(tx: Transaction, before: number, now: number): Promise<number[]> {
  const erased = await tx
    .updateTable('imports')
    .set((row) => ({
      ...noLease,
      erased_at: now,
      state: row
        .case()
        .when('state', 'in', ['checking', 'checked', 'running'])
        .then('discarded')
        .else(row.ref('state'))
        .end(),
    }))
    .where('created_at', '<', before)
    .where('erased_at', 'is', null)
    .where(isIdle(now))
    .returning(['id', 'state', 'written'])
    .execute();
  return erased.filter(({ state, written }) => state !== 'done' && written > 0).map(({ id }) => id);
}
