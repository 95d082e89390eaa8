import type { Import, ImportRow } from '../../importing/import.ts';
import type { ImportContext } from '../../importing/import-context.ts';
import { rowsOfImport } from '../../importing/look-at-import.ts';
import { pageOfRows } from '../../lib/page-of-rows.ts';
import { rowsOnPage } from './paging.ts';

const fewRows = 4;

export interface RowsForPage {
  readonly refused: readonly ImportRow[];
  readonly ready: readonly ImportRow[];
  readonly hasMoreRefused: boolean;
  readonly hasMoreReady: boolean;
}

/**
 * Returns the rows for the page of an import: if it is not done, those that are not written. Below rows to correct, it
 * shows a few correct ones as examples.
 */
export async function rowsForPage(
  context: Pick<ImportContext, 'database' | 'rowSeal'>,
  found: Import,
  { after, max, ready: onlyReady }: { readonly after: number; readonly max: number; readonly ready: boolean },
): Promise<RowsForPage> {
  const hasRefused = found.counts.refused > 0 && !onlyReady && found.state !== 'discarded';
  const open = found.state === 'done' ? {} : { open: true };
  const of = async (
    decisions: readonly ('refused' | 'create' | 'update' | 'unchanged' | 'skipped')[],
    limit: number,
    from: number,
  ) => {
    return pageOfRows(await rowsOfImport(context, found, { decisions, ...open, after: from, limit: limit + 1 }), limit);
  };
  const refused = hasRefused ? await of(['refused'], max, after) : { rows: [], more: false };
  const others = ['create', 'update', 'unchanged', 'skipped'] as const;
  const ready = await of(others, hasRefused ? fewRows : rowsOnPage, hasRefused ? 0 : after);
  return { refused: refused.rows, ready: ready.rows, hasMoreRefused: refused.more, hasMoreReady: ready.more };
}
