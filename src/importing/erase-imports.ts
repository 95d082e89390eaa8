import { inTransaction } from '../storage/database.ts';
import type { ImportContext } from './import-context.ts';
import { eraseRowsBefore } from './import-store.ts';

const keptMs = 86_400_000;

/** Erases the rows of imports after a day, with the names and secrets in them. An import that was not written ends so. */
export function eraseImports({ database, now }: Pick<ImportContext, 'database' | 'now'>): Promise<void> {
  return inTransaction(database, (tx) => eraseRowsBefore(tx, now() - keptMs, now()));
}
