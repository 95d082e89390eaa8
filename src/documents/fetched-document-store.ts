import { sql } from 'kysely';
import { rows } from '../storage/database.ts';
import { locking } from '../storage/dialect.ts';
import { type Step, statement, step } from '../storage/statement.ts';
import type { Db } from '../storage/tables.ts';

export interface FetchedRow {
  readonly accountId: number;
  /** Epoch milliseconds. */
  readonly fetchedAt: number;
  readonly entries: string;
}

// Selects from the account's row and locks it, so that nothing is stored for an account that is deleted before or
// meanwhile.
const upsert = statement<{ accountId: number; fetchedAt: number; entries: string }>()((db, at) => {
  const account = db
    .selectFrom('accounts')
    .where('id', '=', at.accountId)
    .select((row) => [
      'id',
      sql<number>`cast(${row.val(at.fetchedAt)} as bigint)`.as('fetched_at'),
      sql<string>`cast(${row.val(at.entries)} as text)`.as('entries'),
    ]);
  return db
    .insertInto('fetched_documents')
    .columns(['account_id', 'fetched_at', 'entries'])
    .expression(locking(db, account, 'key share'))
    .onConflict((conflict) =>
      conflict.column('account_id').doUpdateSet((row) => ({
        fetched_at: row.ref('excluded.fetched_at'),
        entries: row.ref('excluded.entries'),
      })),
    );
});

/** Stores the last document of an account, unless the account has been deleted. */
export function fetchedDocumentStep({ accountId, fetchedAt, entries }: FetchedRow): Step {
  return step(upsert, { accountId, fetchedAt, entries });
}

const byAccount = statement<{ accountId: number }>()((db, at) =>
  db.selectFrom('fetched_documents').where('account_id', '=', at.accountId).select(['fetched_at', 'entries']),
);

export async function findFetchedDocument(
  db: Db,
  accountId: number,
): Promise<{ fetched_at: number; entries: string } | undefined> {
  const [row] = await rows(db, byAccount, {
    accountId,
  });
  return row;
}
