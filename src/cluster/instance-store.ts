import { locking } from '../storage/dialect.ts';
import type { Db, Transaction } from '../storage/tables.ts';

/** The public URL that was set in the panel. */
export interface StoredAddress {
  /** null: none was set, so the default applies. */
  readonly publicUrl: string | null;
  /** The URL before the latest change; null: the default. */
  readonly previousUrl: string | null;
  readonly changedAt: number | null;
}

export async function readAddress(db: Db): Promise<StoredAddress> {
  return selectAddress(db).executeTakeFirstOrThrow();
}

/** Returns the address and locks it until the transaction ends. */
export async function lockAddress(tx: Transaction): Promise<StoredAddress> {
  return locking(tx, selectAddress(tx), 'update').executeTakeFirstOrThrow();
}

function selectAddress(db: Db) {
  return db
    .selectFrom('instance')
    .select(['public_url as publicUrl', 'previous_url as previousUrl', 'changed_at as changedAt']);
}

/** Changes the address, and keeps the earlier one. */
export async function writeAddress(tx: Transaction, publicUrl: string | null, at: number): Promise<void> {
  await tx
    .updateTable('instance')
    .set((row) => ({ previous_url: row.ref('public_url'), public_url: publicUrl, changed_at: at }))
    .executeTakeFirstOrThrow();
}

/** Steps that an administrator does once and the server cannot detect. Times are in epoch milliseconds. */
export interface Checklist {
  readonly backedUpAt: number | null;
  /** When an administrator confirmed that the SIP server reads the credentials. */
  readonly credentialsReadAt: number | null;
}

const columns = { backup: 'backed_up_at', credentials: 'credentials_read_at' } as const;

export type ChecklistItem = keyof typeof columns;

export async function readChecklist(db: Db): Promise<Checklist> {
  return db
    .selectFrom('instance')
    .select(['backed_up_at as backedUpAt', 'credentials_read_at as credentialsReadAt'])
    .executeTakeFirstOrThrow();
}

export async function tickOff(db: Db, item: ChecklistItem, at: number): Promise<void> {
  await db
    .updateTable('instance')
    .set({ [columns[item]]: at })
    .execute();
}
