import type { Db, Transaction } from '../storage/tables.ts';

/** An account as far as its card shows it. */
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

/** Returns a text that differs after every change of what the space's directory says. */
export async function readDirectoryRevision(db: Db, spaceId: number): Promise<string> {
  const { count, sum } = await db
    .selectFrom('directory_changes')
    .where('space_id', '=', spaceId)
    // Both: on PostgreSQL, a row may become visible after one with a higher id.
    .select((row) => [row.fn.countAll().as('count'), row.fn.sum('id').as('sum')])
    .executeTakeFirstOrThrow();
  return `${count}/${sum ?? 0}`;
}

export async function noteDirectoryChange(tx: Transaction, spaceId: number): Promise<void> {
  await tx.insertInto('directory_changes').values({ space_id: spaceId }).execute();
}

/** Leaves one row, which is new, for each space that has several, so that no earlier revision comes back. */
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
