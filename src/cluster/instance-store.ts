import { locking } from '../storage/dialect.ts';
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

/** Changes the address; the one before stays known. */
export async function writeAddress(tx: Transaction, publicUrl: string | null, at: number): Promise<void> {
  await tx
    .updateTable('instance')
    .set((row) => ({ previous_url: row.ref('public_url'), public_url: publicUrl, changed_at: at }))
    .executeTakeFirstOrThrow();
}

/** What an administrator does once, and the server cannot see by itself. When it was done, in epoch milliseconds. */
export interface Checklist {
  readonly backedUpAt: number | null;
  /** When somebody said that the SIP server reads the credentials. */
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
