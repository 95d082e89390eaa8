import type { Insertable, Selectable } from 'kysely';
import type { Complaint } from '../errors/complaints.ts';
import { AppError } from '../errors.ts';
import type { CsvRow } from '../lib/read-csv.ts';
import type { Seal } from '../lib/seal-text.ts';
import type { ImportRowTable } from '../storage/import-tables.ts';
import type { Db, Transaction } from '../storage/tables.ts';
import type { CheckedFields, DecisionKind, ImportRow } from './import.ts';
import type { RowComplaint } from './read-row.ts';

/** Stores rows as they are in the file. The first one gets the position `first`. */
export async function insertRows(
  db: Db,
  seal: Seal,
  importId: number,
  { first, rows }: { readonly first: number; readonly rows: readonly CsvRow[] },
): Promise<void> {
  if (rows.length === 0) return;
  const values: Insertable<ImportRowTable>[] = rows.map(({ line, cells }, index) => ({
    import_id: importId,
    position: first + index,
    line,
    cells: seal.seal(JSON.stringify(cells)),
    problems: '[]',
    changes: '[]',
  }));
  await db.insertInto('import_rows').values(values).execute();
}

export async function deleteRows(db: Db, importId: number): Promise<void> {
  await db.deleteFrom('import_rows').where('import_id', '=', importId).execute();
}

/**
 * Deletes the first rows behind a position that are not written, at most `limit` of them. Returns the position of the
 * last one, or undefined if there are no more.
 */
export async function deleteOpenRowsAfter(
  db: Db,
  importId: number,
  { position, limit }: { readonly position: number; readonly limit: number },
): Promise<number | undefined> {
  const rows = await db
    .selectFrom('import_rows')
    .select('position')
    .where('import_id', '=', importId)
    .where('position', '>', position)
    .where('written_at', 'is', null)
    .orderBy('position')
    .limit(limit)
    .execute();
  const last = rows.at(-1)?.position;
  if (last === undefined) return undefined;
  await db
    .deleteFrom('import_rows')
    .where('import_id', '=', importId)
    .where('position', '>', position)
    .where('position', '<=', last)
    .where('written_at', 'is', null)
    .execute();
  return last;
}

export interface RowFilter {
  readonly decisions?: readonly DecisionKind[];
  /** Only rows that begin on these lines. */
  readonly lines?: readonly number[];
  /** Only rows that change this column. */
  readonly changing?: string;
  /** Only rows that are not written yet; if false, only those that are. By default, both. */
  readonly open?: boolean;
  readonly after: number;
  readonly limit: number;
}

/** Returns rows, ordered by their positions in the file. */
export async function listRows(db: Db, seal: Seal, importId: number, filter: RowFilter): Promise<ImportRow[]> {
  const { decisions, lines, changing, open, after, limit } = filter;
  let query = db
    .selectFrom('import_rows')
    .selectAll()
    .where('import_id', '=', importId)
    .where('position', '>', after)
    .orderBy('position')
    .limit(limit);
  if (decisions !== undefined) query = query.where('decision', 'in', decisions);
  if (lines !== undefined) query = query.where('line', 'in', lines);
  if (changing !== undefined) query = query.where('changes', 'like', `%"${changing}"%`);
  if (open !== undefined) query = query.where('written_at', open ? 'is' : 'is not', null);
  return (await query.execute()).map((row) => rowOf(seal, row));
}

export async function findRowByLine(
  db: Db,
  seal: Seal,
  importId: number,
  line: number,
): Promise<ImportRow | undefined> {
  const row = await db
    .selectFrom('import_rows')
    .selectAll()
    .where('import_id', '=', importId)
    .where('line', '=', line)
    .executeTakeFirst();
  return row === undefined ? undefined : rowOf(seal, row);
}

/** Throws if the row cannot be decrypted. If it counted as empty, it would be stored as empty. */
function opened(seal: Seal, sealed: string): string {
  const text = seal.open(sealed);
  if (text === undefined) throw new AppError('conflict', { why: 'import-of-other-secret' });
  return text;
}

function rowOf(seal: Seal, row: Selectable<ImportRowTable>): ImportRow {
  const cells = row.cells === '' ? undefined : opened(seal, row.cells);
  const fields = row.fields === null ? undefined : opened(seal, row.fields);
  return {
    position: row.position,
    line: row.line,
    cells: cells === undefined ? [] : (JSON.parse(cells) as string[]),
    fields: fields === undefined ? undefined : (JSON.parse(fields) as CheckedFields),
    decision: row.decision === null ? undefined : (row.decision as DecisionKind),
    complaints: JSON.parse(row.problems) as RowComplaint[],
    changes: JSON.parse(row.changes) as string[],
    accountId: row.account_id,
    writtenAt: row.written_at,
  };
}

/** Replaces rows. A row without cells keeps only its decision and the result of it. */
export async function saveRows(db: Db, seal: Seal, importId: number, rows: readonly ImportRow[]): Promise<void> {
  if (rows.length === 0) return;
  const values: Insertable<ImportRowTable>[] = rows.map((row) => ({
    import_id: importId,
    position: row.position,
    line: row.line,
    cells: row.cells.length === 0 ? '' : seal.seal(JSON.stringify(row.cells)),
    fields: row.fields === undefined ? null : seal.seal(JSON.stringify(row.fields)),
    decision: row.decision ?? null,
    problems: JSON.stringify(row.complaints),
    changes: JSON.stringify(row.changes),
    account_id: row.accountId,
    written_at: row.writtenAt,
  }));
  await db
    .insertInto('import_rows')
    .values(values)
    .onConflict((conflict) =>
      conflict.columns(['import_id', 'position']).doUpdateSet((row) => ({
        cells: row.ref('excluded.cells'),
        fields: row.ref('excluded.fields'),
        decision: row.ref('excluded.decision'),
        problems: row.ref('excluded.problems'),
        changes: row.ref('excluded.changes'),
        account_id: row.ref('excluded.account_id'),
        written_at: row.ref('excluded.written_at'),
      })),
    )
    .execute();
}

export async function replaceCells(
  tx: Transaction,
  seal: Seal,
  importId: number,
  { line, cells }: CsvRow,
): Promise<void> {
  await tx
    .updateTable('import_rows')
    .set({ cells: seal.seal(JSON.stringify(cells)) })
    .where('import_id', '=', importId)
    .where('line', '=', line)
    .where('written_at', 'is', null)
    .execute();
}

/** Deletes a row, unless it is written: then it shows what became of it. */
export async function deleteRowAt(tx: Transaction, importId: number, line: number): Promise<void> {
  await tx
    .deleteFrom('import_rows')
    .where('import_id', '=', importId)
    .where('line', '=', line)
    .where('written_at', 'is', null)
    .execute();
}

/** Counts the refused rows that have this complaint. */
export async function countComplaints(db: Db, importId: number, code: Complaint['code']): Promise<number> {
  const { total } = await db
    .selectFrom('import_rows')
    .where('import_id', '=', importId)
    .where('decision', '=', 'refused')
    .where('problems', 'like', `%"code":"${code}"%`)
    .select((of) => of.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow();
  return Number(total);
}

/** Counts rows by what happens to them: all, those that are not written yet, or those that are. */
export async function countDecisions(
  db: Db,
  importId: number,
  which: 'all' | 'open' | 'written' = 'all',
): Promise<Record<DecisionKind, number>> {
  const all = db.selectFrom('import_rows').where('import_id', '=', importId);
  const rows = await (which === 'all' ? all : all.where('written_at', which === 'open' ? 'is' : 'is not', null))
    .groupBy('decision')
    .select((of) => ['decision', of.fn.countAll<number>().as('total')])
    .execute();
  const counts = { create: 0, update: 0, unchanged: 0, skipped: 0, refused: 0 };
  for (const { decision, total } of rows) if (decision !== null) counts[decision as DecisionKind] = Number(total);
  return counts;
}
