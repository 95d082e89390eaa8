import type { Db, Transaction } from '../storage/tables.ts';

/** The address for phones that was set in the panel. */
export interface StoredAddress {
  /** null: none was set; the default counts. */
  readonly publicUrl: string | null;
  /** Before the latest change; null: the default counted. */
  readonly previousUrl: string | null;
  readonly changedAt: number | null;
}

export async function readAddress(db: Db): Promise<StoredAddress> {
  return db
    .selectFrom('instance')
    .select(['public_url as publicUrl', 'previous_url as previousUrl', 'changed_at as changedAt'])
    .executeTakeFirstOrThrow();
}

/** Changes the address; the one before stays known. */
export async function writeAddress(tx: Transaction, publicUrl: string | null, at: number): Promise<void> {
  await tx
    .updateTable('instance')
    .set((row) => ({ previous_url: row.ref('public_url'), public_url: publicUrl, changed_at: at }))
    .executeTakeFirstOrThrow();
}
