import { bumpRevision } from '../cluster/revision-store.ts';
import { type Database, inTransaction } from '../storage/database.ts';
import { defaultSettings } from './setting-values.ts';
import { insertSpace, listSpaces } from './space-store.ts';

/** Creates the first space in a new database. If two processes start at the same time, only one of them does. */
export async function ensureFirstSpace(
  database: Database,
  first: { readonly domain: string; readonly registrar: string | null },
  now: number,
): Promise<void> {
  // Looked at without the lock first: a command that only reads neither writes nor makes servers read the spaces again.
  if ((await listSpaces(database)).length > 0) return;
  await inTransaction(database, async (tx) => {
    await bumpRevision(tx, 'spaces');
    if ((await listSpaces(tx)).length > 0) return;
    await insertSpace(tx, { ...defaultSettings(first.domain), registrar: first.registrar, super: true }, now);
  });
}
