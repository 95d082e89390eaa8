import { type Database, inTransaction } from '../storage/database.ts';
import { condenseDirectoryChanges } from './directory-store.ts';

/** Keeps the table of what changed in directories short. */
export function condenseDirectories({ database }: { readonly database: Database }): Promise<void> {
  return inTransaction(database, condenseDirectoryChanges);
}
