import type { Transaction } from '../storage/tables.ts';
import { markDiscarded, updateLockedImport } from './import-lease-store.ts';
import { countDecisions, deleteOpenRows } from './import-row-store.ts';
import { countColumns } from './row-counts.ts';

/**
 * Makes a discarded import done if a part of it is written, and counts only that part: its accounts are there, and
 * still need their codes. The transaction must have locked the import. Returns whether a part is written.
 */
export async function keepWritten(tx: Transaction, id: number, now: number): Promise<boolean> {
  const counts = countColumns(await countDecisions(tx, id, 'written'));
  if (counts.rows === 0) return false;
  await updateLockedImport(tx, id, { state: 'done', failure: null, ended_at: now, ...counts });
  return true;
}

/** Does the same, and deletes the other rows. If nothing is written, all rows stay until they are erased. */
export async function keepOnlyWritten(tx: Transaction, id: number, now: number): Promise<void> {
  if (await keepWritten(tx, id, now)) await deleteOpenRows(tx, id);
}

/** Discards all imports that a worker would continue. Written rows stay. Returns how many imports there were. */
export async function discardUnfinished(tx: Transaction, now: number): Promise<number> {
  const ids = await markDiscarded(tx, now);
  for (const id of ids) await keepOnlyWritten(tx, id, now);
  return ids.length;
}
