import type { Import, ImportRow } from './import.ts';
import type { ImportContext } from './import-context.ts';
import { listRows } from './import-row-store.ts';

/** The rows that would change who is an administrator. */
export interface NewAdministrators {
  readonly names: readonly string[];
  /** Whether there are more such rows than names. */
  readonly hasMore: boolean;
}

const maxNamed = 50;

/**
 * Returns the names in rows that are not written and create or remove administrators. A new administrator has as much
 * power as the person who imports.
 */
export async function newAdministrators(
  { database, rowSeal }: Pick<ImportContext, 'database' | 'rowSeal'>,
  { id, options, state }: Import,
): Promise<NewAdministrators> {
  if (!options.allowAdmin || state === 'done') return { names: [], hasMore: false };
  const changing = { decisions: ['create', 'update'], changing: 'admin' } as const;
  const filter = { ...changing, open: true, after: 0, limit: maxNamed + 1 };
  const rows = await listRows(database, rowSeal, id, filter);
  return { names: rows.slice(0, maxNamed).map(nameOf), hasMore: rows.length > maxNamed };
}

function nameOf({ fields }: ImportRow): string {
  return fields?.name ?? fields?.username ?? '';
}
