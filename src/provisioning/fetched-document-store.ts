import type { Database } from '../storage/database.ts';
import { statement } from '../storage/statement.ts';
import type { Db } from '../storage/tables.ts';

export interface FetchedRow {
  readonly accountId: number;
  /** Epoch milliseconds. */
  readonly fetchedAt: number;
  readonly entries: string;
}

/** Keeps the last document of each account; what a deleted account had fetched is left out. */
export async function saveFetchedDocuments(db: Db, rows: readonly FetchedRow[]): Promise<void> {
  const known = await db
    .selectFrom('accounts')
    .select('id')
    .where(
      'id',
      'in',
      rows.map((row) => row.accountId),
    )
    .execute();
  const ids = new Set(known.map(({ id }) => id));
  const values = rows
    .filter((row) => ids.has(row.accountId))
    .map((row) => ({ account_id: row.accountId, fetched_at: row.fetchedAt, entries: row.entries }));
  if (values.length === 0) return;
  await db
    .insertInto('fetched_documents')
    .values(values)
    .onConflict((conflict) =>
      conflict.column('account_id').doUpdateSet((row) => ({
        fetched_at: row.ref('excluded.fetched_at'),
        entries: row.ref('excluded.entries'),
      })),
    )
    .execute();
}

const byAccount = statement<{ accountId: number }>()((db, at) =>
  db.selectFrom('fetched_documents').where('account_id', '=', at.accountId).select(['fetched_at', 'entries']),
);

export async function findFetchedDocument(
  database: Database,
  accountId: number,
): Promise<{ fetched_at: number; entries: string } | undefined> {
  const [row] = await database.rows<{ accountId: number }, { fetched_at: number; entries: string }>(byAccount, {
    accountId,
  });
  return row;
}
