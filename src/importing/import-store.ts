import type { Insertable, Selectable, Updateable } from 'kysely';
import type { StoredFailure } from '../errors/import-complaints.ts';
import type { Actor } from '../events/actor.ts';
import type { ImportTable } from '../storage/import-tables.ts';
import type { Db, Transaction } from '../storage/tables.ts';
import type { Import, ImportFormat, ImportOptions, ImportState } from './import.ts';
import { wishColumns, wishOfColumns } from './import-wish.ts';

export interface NewImport {
  readonly spaceId: number;
  readonly name: string;
  readonly actor: Actor;
  readonly options: ImportOptions;
  readonly format: ImportFormat;
  readonly header: readonly string[];
}

/** The worker that has an import, and the end of its lease. */
export interface Lease {
  readonly worker: string;
  readonly until: number;
}

/** Inserts an import without its rows. Returns its id. */
export async function insertImport(db: Db, given: NewImport, now: number, lease: Lease): Promise<number> {
  const row: Insertable<ImportTable> = {
    space_id: given.spaceId,
    name: given.name,
    ...wishColumns(given),
    state: 'checking',
    format: JSON.stringify(given.format),
    header: JSON.stringify(given.header),
    ignored: '[]',
    worker: lease.worker,
    lease_until: lease.until,
    created_at: now,
  };
  const { id } = await db.insertInto('imports').values(row).returning('id').executeTakeFirstOrThrow();
  return id;
}

export async function findImport(db: Db, id: number): Promise<Import | undefined> {
  const row = await db.selectFrom('imports').selectAll().where('id', '=', id).executeTakeFirst();
  return row === undefined ? undefined : importOf(row);
}

/** Returns the latest imports of a space. */
export async function listImports(db: Db, spaceId: number, limit: number): Promise<Import[]> {
  const rows = await db
    .selectFrom('imports')
    .selectAll()
    .where('space_id', '=', spaceId)
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
  return rows.map(importOf);
}

function importOf(row: Selectable<ImportTable>): Import {
  return {
    id: row.id,
    spaceId: row.space_id,
    name: row.name,
    ...wishOfColumns(row),
    state: row.state as ImportState,
    format: JSON.parse(row.format) as ImportFormat,
    header: JSON.parse(row.header) as string[],
    ignored: JSON.parse(row.ignored) as string[],
    rows: row.rows,
    counts: {
      create: row.to_create,
      update: row.to_update,
      unchanged: row.unchanged,
      skipped: row.skipped,
      refused: row.refused,
    },
    written: row.written,
    failure: row.failure === null ? undefined : (JSON.parse(row.failure) as StoredFailure),
    createdAt: row.created_at,
    endedAt: row.ended_at,
    erasedAt: row.erased_at,
  };
}

export type ImportChanges = Omit<Updateable<ImportTable>, 'id' | 'space_id'>;

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

/** Changes an import that no worker has and that is in one of these states. Returns whether this was so. */
export async function updateIdleImport(
  db: Db,
  id: number,
  states: readonly ImportState[],
  changes: ImportChanges,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('imports')
    .set(changes)
    .where('id', '=', id)
    .where('worker', 'is', null)
    .where('state', 'in', states)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Replaces the stored header and format of an import. */
export async function updateHeader(
  tx: Transaction,
  id: number,
  { header, format }: Pick<Import, 'header' | 'format'>,
): Promise<void> {
  const changes = { header: JSON.stringify(header), format: JSON.stringify(format) };
  await tx.updateTable('imports').set(changes).where('id', '=', id).execute();
}

/** Takes an import that no worker has or whose lease has expired. Returns whether that succeeded. */
export async function claimImport(db: Db, id: number, now: number, { worker, until }: Lease): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('imports')
    .set({ worker, lease_until: until })
    .where('id', '=', id)
    .where('state', 'in', ['checking', 'running'])
    .where(({ or, eb }) => or([eb('worker', 'is', null), eb('lease_until', '<', now)]))
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Returns the ids of unfinished imports that no worker has. */
export async function findIdleImports(db: Db, now: number): Promise<number[]> {
  const rows = await db
    .selectFrom('imports')
    .select('id')
    .where('state', 'in', ['checking', 'running'])
    .where(({ or, eb }) => or([eb('worker', 'is', null), eb('lease_until', '<', now)]))
    .orderBy('id')
    .execute();
  return rows.map(({ id }) => id);
}

/** Returns whether all rows of an import are stored, so that it can be checked. */
export async function isReceived(db: Db, id: number): Promise<boolean> {
  const row = await db.selectFrom('imports').select('received').where('id', '=', id).executeTakeFirst();
  return row?.received === 1;
}

/**
 * Deletes the rows of imports that began before this moment and that no worker has. The imports are marked first, so
 * that no worker takes or gives up one between the two statements.
 */
export async function eraseRowsBefore(tx: Transaction, before: number, now: number): Promise<void> {
  const marked = await tx
    .updateTable('imports')
    .set((row) => ({
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
    .where('worker', 'is', null)
    .returning('id')
    .execute();
  if (marked.length === 0) return;
  const ids = marked.map(({ id }) => id);
  await tx.deleteFrom('import_rows').where('import_id', 'in', ids).execute();
}
