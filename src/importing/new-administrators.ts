import type { Import, ImportRow } from './import.ts';
import type { ImportContext } from './import-context.ts';
import { listRows } from './import-row-store.ts';

/** Rows that would change who is an administrator. */
export interface NewAdministrators {
  readonly names: readonly string[];
  /** Whether there are more than are named. */
  readonly hasMore: boolean;
}

const maxNamed = 50;

/** Returns the names in rows that make or unmake administrators. A new one is as powerful as whoever imports it. */
export async function newAdministrators(
  { database, rowSeal }: Pick<ImportContext, 'database' | 'rowSeal'>,
  { id, options, state }: Import,
): Promise<NewAdministrators> {
  if (!options.allowAdmin || state === 'done') return { names: [], hasMore: false };
  const filter = { decisions: ['create', 'update'], changing: 'admin', after: 0, limit: maxNamed + 1 } as const;
  const rows = await listRows(database, rowSeal, id, filter);
  return { names: rows.slice(0, maxNamed).map(nameOf), hasMore: rows.length > maxNamed };
}

function nameOf({ fields }: ImportRow): string {
  return fields?.name ?? fields?.username ?? '';
}
