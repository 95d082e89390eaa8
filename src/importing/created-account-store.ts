import { sql } from 'kysely';
import { hasNoPhone } from '../accounts/account-state-store.ts';
import { isUninvited } from '../mail/invited-store.ts';
import type { Db } from '../storage/tables.ts';
import type { CountedGroups, CreatedGroup, CreatedPortion } from './import.ts';

/** Selects the rows from which an import created accounts, whatever became of these since. */
function createdRows(db: Db, importId: number) {
  return db
    .selectFrom('import_rows')
    .where('import_rows.import_id', '=', importId)
    .where('import_rows.decision', '=', 'create')
    .where('import_rows.written_at', 'is not', null);
}

/** Selects the accounts that an import created and that have no phone yet. */
function created(db: Db, importId: number) {
  return createdRows(db, importId)
    .innerJoin('account_states', 'account_states.account_id', 'import_rows.account_id')
    .where(hasNoPhone);
}

const isIn = {
  all: sql<boolean>`1 = 1`,
  'to-invite': sql<boolean>`account_states.no_mail = 0 and ${isUninvited}`,
  'without-mail': sql<boolean>`account_states.no_mail = 1`,
  'without-code': sql<boolean>`account_states.code_ends_at is null`,
} as const satisfies Record<CreatedGroup, unknown>;

/**
 * Returns the ids of accounts of a group in the order of the file, and the position of the last one. Their positions
 * are after `after` and before `end`.
 */
export async function listCreated(
  db: Db,
  importId: number,
  group: CreatedGroup,
  { after, end, limit }: { readonly after: number; readonly end?: number | undefined; readonly limit: number },
): Promise<{ readonly ids: number[]; readonly last: number | undefined }> {
  const inPortion = created(db, importId).where('import_rows.position', '>', after);
  const rows = await (end === undefined ? inPortion : inPortion.where('import_rows.position', '<', end))
    .where(isIn[group])
    .orderBy('import_rows.position')
    .limit(limit)
    .select(['import_rows.position', 'account_states.account_id'])
    .execute();
  return { ids: rows.map(({ account_id }) => account_id), last: rows.at(-1)?.position };
}

/** Returns the position at which the next portion begins. Returns undefined if this one is the last. */
export async function findEndOfPortion(
  db: Db,
  importId: number,
  { first, size }: { readonly first: number; readonly size: number },
): Promise<number | undefined> {
  const next = await createdRows(db, importId)
    .where('import_rows.position', '>=', first)
    .orderBy('import_rows.position')
    .offset(size)
    .limit(1)
    .select('import_rows.position')
    .executeTakeFirst();
  return next?.position;
}

/** Returns the created accounts in portions of `size`, with the number of those that are in the group. */
export async function listPortions(
  db: Db,
  importId: number,
  group: CreatedGroup,
  size: number,
): Promise<CreatedPortion[]> {
  const place = sql<number>`row_number() over (order by import_rows.position) - 1`;
  const numbered = createdRows(db, importId)
    .select(['import_rows.position', 'import_rows.account_id', place.as('place')])
    // A bound number is no integer in SQLite, and the quotient would have decimals.
    .select(sql<number>`(${place}) / ${sql.lit(size)}`.as('portion'));
  const rows = await db
    .selectFrom(numbered.as('numbered'))
    .leftJoin('account_states', 'account_states.account_id', 'numbered.account_id')
    .groupBy('numbered.portion')
    .orderBy('numbered.portion')
    .select(({ fn }) => [fn.min('position').as('first'), fn.min('place').as('from'), fn.max('place').as('to')])
    .select(sql<number>`sum(case when ${hasNoPhone} and ${isIn[group]} then 1 else 0 end)`.as('accounts'))
    .execute();
  return rows.map(({ first, from, to, accounts }) => ({
    first: Number(first),
    from: Number(from) + 1,
    to: Number(to) + 1,
    accounts: Number(accounts),
  }));
}

export async function countCreated(db: Db, importId: number): Promise<CountedGroups> {
  const total = (group: CreatedGroup) => sql<number>`coalesce(sum(case when ${isIn[group]} then 1 else 0 end), 0)`;
  const row = await created(db, importId)
    .select([
      total('all').as('all'),
      total('to-invite').as('to-invite'),
      total('without-mail').as('without-mail'),
      total('without-code').as('without-code'),
    ])
    .executeTakeFirstOrThrow();
  return {
    all: Number(row.all),
    'to-invite': Number(row['to-invite']),
    'without-mail': Number(row['without-mail']),
    'without-code': Number(row['without-code']),
  };
}
