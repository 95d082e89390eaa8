import type { Db, Transaction } from '../storage/tables.ts';

/** The part of an account that its card shows. */
export interface ListedAccount {
  readonly id: number;
  readonly username: string;
  readonly displayName: string | null;
  readonly phone: string | null;
  readonly dtmfProtocol: string;
}

/** Lists the accounts of a space that are not blocked, ordered by id. */
export async function listListedAccounts(
  db: Db,
  spaceId: number,
  { limit, after }: { readonly limit: number; readonly after: number },
): Promise<ListedAccount[]> {
  return db
    .selectFrom('accounts')
    .select(['id', 'username', 'display_name as displayName', 'phone', 'dtmf_protocol as dtmfProtocol'])
    .where('space_id', '=', spaceId)
    .where('blocked_at', 'is', null)
    .where('id', '>', after)
    .orderBy('id')
    .limit(limit)
    .execute();
}

/** Returns a text that changes whenever the content of the space's directory changes. */
export async function readDirectoryRevision(db: Db, spaceId: number): Promise<string> {
  const { count, sum } = await db
    .selectFrom('directory_changes')
    .where('space_id', '=', spaceId)
    // Both are needed: on PostgreSQL, a row may become visible after one with a higher id.
    .select((row) => [row.fn.countAll().as('count'), row.fn.sum('id').as('sum')])
    .executeTakeFirstOrThrow();
  return `${count}/${sum ?? 0}`;
}

export async function noteDirectoryChange(tx: Transaction, spaceId: number): Promise<void> {
  await tx.insertInto('directory_changes').values({ space_id: spaceId }).execute();
}

/** Replaces the rows of each space that has several by one new row, so that no earlier revision can occur again. */
export async function condenseDirectoryChanges(tx: Transaction): Promise<void> {
  const crowded = await tx
    .selectFrom('directory_changes')
    .groupBy('space_id')
    .having((row) => row.fn.countAll(), '>', 1)
    .select((row) => ['space_id', row.fn.max('id').as('last')])
    .execute();
  for (const { space_id, last } of crowded) {
    await noteDirectoryChange(tx, space_id);
    await tx.deleteFrom('directory_changes').where('space_id', '=', space_id).where('id', '<=', Number(last)).execute();
  }
}
