import { type Actor, actorColumns, actorOfColumns, type By } from '../events/actor.ts';
import type { Db, Transaction } from '../storage/tables.ts';

/** A linphonerc text of a space, the current or an earlier one. */
export interface LinphonercVersion {
  /** Counted from 1 in each space. */
  readonly number: number;
  /** Epoch milliseconds. */
  readonly at: number;
  /** Who published the text; null if unknown. */
  readonly actor: Actor | null;
}

/** How many versions are kept for each space. */
const maxKept = 100;
const columns = ['number', 'at', 'actor_kind', 'actor_id', 'actor_name'] as const;

/** Lists the versions of a space, the newest first. */
export async function listVersionRows(db: Db, spaceId: number): Promise<LinphonercVersion[]> {
  const rows = await db
    .selectFrom('linphonerc_versions')
    .select(columns)
    .where('space_id', '=', spaceId)
    .orderBy('number', 'desc')
    .execute();
  return rows.map((row) => ({ number: row.number, at: row.at, actor: actorOfColumns(row) }));
}

export async function findVersionRow(
  db: Db,
  spaceId: number,
  number: number,
): Promise<(LinphonercVersion & { readonly text: string }) | undefined> {
  const row = await db
    .selectFrom('linphonerc_versions')
    .select([...columns, 'text'])
    .where('space_id', '=', spaceId)
    .where('number', '=', number)
    .executeTakeFirst();
  return row && { number: row.number, at: row.at, actor: actorOfColumns(row), text: row.text };
}

/** Returns the number of the newest version, or 0 if the space has none. */
export async function findNewestNumber(db: Db, spaceId: number): Promise<number> {
  const newest = await db
    .selectFrom('linphonerc_versions')
    .select((row) => row.fn.max('number').as('number'))
    .where('space_id', '=', spaceId)
    .executeTakeFirstOrThrow();
  return Number(newest.number ?? 0);
}

/** Inserts the text as the newest version, and deletes the oldest above the limit. The space must be locked. */
export async function insertVersion(tx: Transaction, spaceId: number, text: string, by: By): Promise<void> {
  const number = (await findNewestNumber(tx, spaceId)) + 1;
  await tx
    .insertInto('linphonerc_versions')
    .values({ space_id: spaceId, number, text, at: by.at, ...actorColumns(by.actor) })
    .execute();
  await tx
    .deleteFrom('linphonerc_versions')
    .where('space_id', '=', spaceId)
    .where('number', '<=', number - maxKept)
    .execute();
}
