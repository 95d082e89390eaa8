import type { Insertable, Selectable } from 'kysely';
import type { StoredFailure } from '../errors/import-complaints.ts';
import type { Actor } from '../events/actor.ts';
import type { ImportTable } from '../storage/import-tables.ts';
import type { Db, Transaction } from '../storage/tables.ts';
import type { Import, ImportFormat, ImportOptions, ImportState } from './import.ts';
import type { Lease } from './import-lease-store.ts';
import { wishColumns, wishOfColumns } from './import-wish.ts';

export interface NewImport {
  readonly spaceId: number;
  readonly name: string;
  readonly actor: Actor;
  readonly options: ImportOptions;
  readonly format: ImportFormat;
  readonly header: readonly string[];
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

/** Replaces the stored header and format of an import. */
export async function updateHeader(
  tx: Transaction,
  id: number,
  { header, format }: Pick<Import, 'header' | 'format'>,
): Promise<void> {
  const changes = { header: JSON.stringify(header), format: JSON.stringify(format) };
  await tx.updateTable('imports').set(changes).where('id', '=', id).execute();
}

/** Returns whether all rows of an import are stored, so that it can be checked. */
export async function isReceived(db: Db, id: number): Promise<boolean> {
  const row = await db.selectFrom('imports').select('received').where('id', '=', id).executeTakeFirst();
  return row?.received === 1;
}
