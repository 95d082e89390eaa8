import { setImmediate as turn } from 'node:timers/promises';
import type { Db, Transaction } from '../storage/tables.ts';
import type { ImportContext } from './import-context.ts';
import { markDiscarded, markEnded, updateLockedImport } from './import-lease-store.ts';
import { countDecisions, deleteOpenRowsAfter } from './import-row-store.ts';
import { countColumns } from './row-counts.ts';

/**
 * Makes a discarded import done if a part of it is written, and counts only that part: its accounts are there, and
 * still need their codes. Its other rows then count as deleted (`hasOnlyWritten`). `endedAt` is null if
 * `deleteDiscarded` deletes them. The transaction must have locked the import. Returns whether a part is written.
 */
export async function keepWritten(tx: Transaction, id: number, endedAt: number | null): Promise<boolean> {
  const counts = countColumns(await countDecisions(tx, id, 'written'));
  if (counts.rows === 0) return false;
  await updateLockedImport(tx, id, { state: 'done', failure: null, ended_at: endedAt, ...counts });
  return true;
}

/**
 * Deletes the discarded rows of an import, and then ends it. If `signal` or the end of the process breaks this off, the
 * next `eraseImports` does the rest.
 */
export async function deleteDiscarded(
  { database, now }: Pick<ImportContext, 'database' | 'now'>,
  id: number,
  signal?: AbortSignal,
): Promise<void> {
  await deleteOpenRows(database, id, signal);
  if (signal?.aborted !== true) await markEnded(database, id, now());
}

const rowsAtOnce = 500;

/**
 * Deletes the rows that are not written, in small steps, so that others do not wait. Somebody may wait for the end, so
 * there are no pauses as in `inSmallSteps`.
 */
async function deleteOpenRows(db: Db, id: number, signal?: AbortSignal): Promise<void> {
  for (let last: number | undefined = 0; last !== undefined && signal?.aborted !== true; ) {
    last = await deleteOpenRowsAfter(db, id, { position: last, limit: rowsAtOnce });
    await turn();
  }
}

/**
 * Discards all imports that a worker would continue, in a database that no server uses. Written rows stay. Returns how
 * many imports there were.
 */
export async function discardUnfinished(tx: Transaction, now: number): Promise<number> {
  const ids = await markDiscarded(tx, now);
  for (const id of ids) if (await keepWritten(tx, id, now)) await deleteOpenRows(tx, id);
  return ids.length;
}
