import { AppError } from '../errors.ts';
import { change } from '../events/change.ts';
import { surveyRows } from './check-import.ts';
import { countWritten, type Import, type ImportRow, isWithoutRights } from './import.ts';
import { batchRows, type ImportContext, leaseMs } from './import-context.ts';
import { noLease, noteProgress, updateOwnImport } from './import-lease-store.ts';
import { countDecisions, listRows, saveRows } from './import-row-store.ts';
import { countColumns } from './row-counts.ts';
import { type NamedImport, type WrittenRow, writeRows } from './write-batch.ts';

export interface WriteWatch {
  /** Called after each transaction with the rows that it wrote, because the next one may fail. */
  onWritten?(rows: readonly WrittenRow[]): Promise<void> | void;
  /** Returns whether to stop after the current batch. */
  isStopping(): boolean;
}

/**
 * Writes the unwritten rows of a checked import in batches, each in one transaction together with its progress. Returns
 * false if it was stopped or another worker has taken over the import.
 */
export async function writeImport(
  context: ImportContext,
  found: Import,
  worker: string,
  watch: WriteWatch,
): Promise<boolean> {
  const { database, rowSeal } = context;
  let names: ReadonlySet<string> | undefined;
  for (;;) {
    if (watch.isStopping()) return false;
    const filter = {
      decisions: ['create', 'update', 'unchanged', 'skipped'] as const,
      open: true,
      after: 0,
      limit: batchRows,
    };
    const rows = await listRows(database, rowSeal, found.id, filter);
    if (rows.length === 0) break;
    // If a derived name has been taken since, the next candidate must not be a user name from a later batch.
    if (rows.some(({ fields }) => fields?.derivedFrom !== undefined)) names ??= await namesIn(context, found);
    const of = { found, reserved: names ?? new Set<string>() };
    if (!(await writeOrDivide(context, of, { worker, watch }, rows))) return false;
  }
  const counts = await countDecisions(database, found.id);
  const end = { state: 'done', ...noLease, ended_at: context.now(), ...countColumns(counts) };
  return updateOwnImport(database, found.id, worker, end);
}

async function namesIn(context: ImportContext, found: Import): Promise<ReadonlySet<string>> {
  return (await surveyRows(context, found)).usernames;
}

interface WatchedWorker {
  readonly worker: string;
  readonly watch: WriteWatch;
}

/**
 * If a batch fails, writes its rows one by one, so that one row does not prevent the others. Returns false if another
 * worker has taken over the import.
 */
async function writeOrDivide(
  context: ImportContext,
  of: NamedImport,
  by: WatchedWorker,
  rows: readonly ImportRow[],
): Promise<boolean> {
  const written = await writeUnlessRefused(context, of, by.worker, rows);
  if (written === 'divide') {
    for (const row of rows) if (!(await writeOrDivide(context, of, by, [row]))) return false;
    return true;
  }
  if (written === undefined) return false;
  await by.watch.onWritten?.(written);
  return true;
}

async function writeUnlessRefused(
  context: ImportContext,
  of: NamedImport,
  worker: string,
  rows: readonly ImportRow[],
): Promise<readonly WrittenRow[] | 'divide' | undefined> {
  try {
    return await writeTogether(context, of, worker, rows);
  } catch (error) {
    if (!(error instanceof AppError) || error.kind === 'unavailable' || isWithoutRights(error)) throw error;
    const [only] = rows;
    return rows.length === 1 && only !== undefined ? refuse(context, of.found, worker, { row: only, error }) : 'divide';
  }
}

function writeTogether(
  context: ImportContext,
  of: NamedImport,
  worker: string,
  rows: readonly ImportRow[],
): Promise<readonly WrittenRow[] | undefined> {
  const { found } = of;
  return change(context, found.actor, async (tx, by) => {
    const lease = { worker, until: by.at + leaseMs };
    // First, because this locks the import.
    if (!(await noteProgress(tx, found.id, lease, 0))) return undefined;
    const written = await writeRows({ context, tx, by }, of, rows);
    await noteProgress(tx, found.id, lease, countWritten(written));
    await saveRows(
      tx,
      context.rowSeal,
      found.id,
      written.map(({ row }) => row),
    );
    return written;
  });
}

async function refuse(
  context: ImportContext,
  found: Import,
  worker: string,
  { row, error }: { readonly row: ImportRow; readonly error: AppError },
): Promise<readonly WrittenRow[] | undefined> {
  const failure = { code: error.code, facts: error.facts };
  const complaint = { code: 'not-written', reason: error.message, failure } as const;
  const refused = {
    ...row,
    decision: 'refused',
    complaints: [{ column: '', complaint }],
  } as const;
  return change(context, found.actor, async (tx, by) => {
    if (!(await noteProgress(tx, found.id, { worker, until: by.at + leaseMs }, 0))) return undefined;
    await saveRows(tx, context.rowSeal, found.id, [refused]);
    return [{ row: refused, password: undefined }];
  });
}
