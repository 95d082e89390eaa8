import type { Db } from '../storage/tables.ts';

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
