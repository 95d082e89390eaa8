import { sql } from 'kysely';
import type { Database } from '../storage/database.ts';
import { statement, step } from '../storage/statement.ts';

export interface FetchedRow {
  readonly accountId: number;
  /** Epoch milliseconds. */
  readonly fetchedAt: number;
  readonly entries: string;
}

// From the account's row, so that nothing is kept of one that was deleted meanwhile.
const upsert = statement<{ accountId: number; fetchedAt: number; entries: string }>()((db, at) =>
  db
    .insertInto('fetched_documents')
    .columns(['account_id', 'fetched_at', 'entries'])
    .expression(
      db
        .selectFrom('accounts')
        .where('id', '=', at.accountId)
        .select((row) => [
          'id',
          sql<number>`cast(${row.val(at.fetchedAt)} as bigint)`.as('fetched_at'),
          sql<string>`cast(${row.val(at.entries)} as text)`.as('entries'),
        ]),
    )
    .onConflict((conflict) =>
      conflict.column('account_id').doUpdateSet((row) => ({
        fetched_at: row.ref('excluded.fetched_at'),
        entries: row.ref('excluded.entries'),
      })),
    ),
);

/** Keeps the last document of an account; of one that was deleted, nothing. */
export async function saveFetchedDocument(database: Database, { accountId, fetchedAt, entries }: FetchedRow) {
  await database.applyAll([step(upsert, { accountId, fetchedAt, entries })]);
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
