import { setTimeout as delay } from 'node:timers/promises';
import type { Import } from './import.ts';
import type { ImportContext } from './import-context.ts';
import { findImport } from './import-store.ts';

const lookEveryMs = 500;

/** Returns whether a worker has the import or will continue it. */
export function isUnderWay({ state }: Pick<Import, 'state'>): boolean {
  return state === 'checking' || state === 'running';
}

/**
 * Returns the progress of a running import as `done/total`. While it is being checked, `done` is 0. The last row counts
 * only after the import has ended, so that the end always changes what a page shows.
 */
export function progressOf({
  state,
  written,
  rows,
  counts,
}: Pick<Import, 'state' | 'written' | 'rows' | 'counts'>): string {
  if (state === 'checking') return `0/${rows}`;
  const total = rows - counts.refused;
  return `${Math.max(0, Math.min(written, total - 1))}/${total}`;
}

/** Yields the progress of an import, and each further step, until no worker has it any more. */
export async function* watchImport(
  { database }: Pick<ImportContext, 'database'>,
  id: number,
  signal: AbortSignal,
): AsyncGenerator<{ readonly state: string }> {
  let said = '';
  while (!signal.aborted) {
    const found = await findImport(database, id);
    if (found === undefined) return;
    const state = isUnderWay(found) ? progressOf(found) : `${found.rows}/${found.rows}`;
    if (state !== said) yield { state };
    if (!isUnderWay(found)) return;
    said = state;
    await delay(lookEveryMs, undefined, { ref: false });
  }
}
