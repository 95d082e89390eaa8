import { type RawBuilder, sql } from 'kysely';
import type { ListFilterName } from '../accounts/account-state.ts';
import { type Search, searchOf } from '../accounts/search-text.ts';
import { forReason, hitsOf, inGroup } from '../storage/search-index.ts';
import type { Db } from '../storage/tables.ts';

/** Which accounts of a space a list shows. */
export interface ListFilter {
  readonly spaceId: number;
  /** Part of a name, user name, mail address or number. Fewer than three characters must be the beginning of a word. */
  readonly search?: string;
  /** `to-invite`: the accounts in the states `never` and `waiting`. */
  readonly filter?: ListFilterName | 'to-invite' | undefined;
  readonly group?: string | undefined;
  /** The `failure` in the state of the account. */
  readonly failure?: string | undefined;
  /** Accounts that failed at this moment or later, in epoch milliseconds. */
  readonly failedSince?: number | undefined;
  /** Set to leave out blocked accounts. */
  readonly isOpen?: true;
  /** The id of an account to leave out. */
  readonly except?: number;
  /** Accounts that were blocked at exactly this moment. */
  readonly blockedAt?: number;
}

/** Returns the ids of up to `limit` matching accounts after the one with this id, ordered by id. */
export async function idsAfter(
  db: Db,
  filter: ListFilter,
  { limit, after }: { readonly limit: number; readonly after: number },
): Promise<number[]> {
  const found = await (await matchingIds(db, filter, { limit, after })).execute(db);
  return found.rows.map(({ id }) => id);
}

const noLimit = 2_147_483_647;

/** Returns how many accounts match, and how many unrevoked phones they have. */
export async function countMatching(
  db: Db,
  filter: ListFilter,
): Promise<{ readonly accounts: number; readonly phones: number }> {
  const ids = await matchingIds(db, filter, { limit: noLimit, after: 0 });
  const { rows } = await sql<{ accounts: number; phones: number }>`with found (id) as (${ids})
    select (select count(*) from found) as accounts,
      (select count(*) from devices where revoked_at is null and account_id in (select id from found)) as phones`.execute(
    db,
  );
  return { accounts: Number(rows[0]?.accounts ?? 0), phones: Number(rows[0]?.phones ?? 0) };
}

interface Slice {
  readonly limit: number;
  readonly after: number;
}

async function matchingIds(db: Db, filter: ListFilter, slice: Slice): Promise<Query> {
  const search = searchOf(filter.spaceId, filter.search ?? '');
  if (search === undefined) return listed(filter, slice);
  return (await isFew(db, filter)) ? fewSearched(filter, search, slice) : searched(db, filter, search, slice);
}

type Query = RawBuilder<{ id: number }>;

function listed(filter: ListFilter, { limit, after }: Slice): Query {
  return sql`select account_id as id from account_states
    where ${conditions(filter)} and account_id > ${after} order by account_id limit ${limit}`;
}

/** Selects accounts by the search index, ordered by id, and then applies the filter. */
function searched(db: Db, filter: ListFilter, { tokens, patterns }: Search, { limit, after }: Slice): Query {
  const { from, where, id } = hitsOf(db, tokens);
  const states = isNarrowed(filter)
    ? sql`cross join account_states where account_states.account_id = ${id} and ${conditions(filter)} and`
    : sql`where account_search.space_id = ${filter.spaceId} and`;
  return sql`select ${id} as id from ${from} ${states} ${where} and ${id} > ${after} and ${matches(patterns)}
    order by ${id} limit ${limit}`;
}

/** Selects accounts by the filter, which few of them pass, and then applies the search. */
function fewSearched(filter: ListFilter, { patterns }: Search, { limit, after }: Slice): Query {
  return sql`select account_states.account_id as id
    from account_states cross join account_search
    where account_search.account_id = account_states.account_id and ${conditions(filter)}
      and account_states.account_id > ${after} and ${matches(patterns)}
    order by account_states.account_id limit ${limit}`;
}

const few = 1_000;

/** Returns whether so few accounts pass the filter that the search need not use its index. */
async function isFew(db: Db, filter: ListFilter): Promise<boolean> {
  if (!isNarrowed(filter)) return false;
  const { rows } = await sql`select 1 from account_states where ${conditions(filter)} limit ${few}`.execute(db);
  return rows.length < few;
}

/** Returns whether the filter has more than a space and a search. */
function isNarrowed({ spaceId: _, search: __, ...narrow }: ListFilter): boolean {
  return Object.values(narrow).some((each) => each !== undefined);
}

function conditions(narrow: ListFilter): RawBuilder<boolean> {
  const { spaceId, filter, group, failure, failedSince: since, isOpen, except, blockedAt } = narrow;
  const all = [sql`account_states.space_id = ${spaceId}`];
  if (filter === 'no-mail') all.push(sql`account_states.no_mail = 1`);
  else if (filter === 'to-invite') all.push(sql`account_states.state in ('never', 'waiting')`);
  else if (filter !== undefined) all.push(sql`account_states.state = ${filter}`);
  if (group !== undefined) all.push(inGroup(sql`account_states.group_name`, group));
  if (failure !== undefined) all.push(forReason(sql`account_states.failure`, failure));
  if (since !== undefined) all.push(sql`account_states.failed_at >= ${since}`);
  if (isOpen === true) all.push(sql`account_states.blocked_at is null`);
  if (except !== undefined) all.push(sql`account_states.account_id <> ${except}`);
  if (blockedAt !== undefined)
    all.push(sql`account_states.state = 'blocked' and account_states.blocked_at = ${blockedAt}`);
  return sql<boolean>`${sql.join(all, sql` and `)}`;
}

function matches(patterns: readonly string[]): RawBuilder<boolean> {
  const like = (pattern: string) => sql`account_search.text like ${pattern} escape '\\'`;
  return sql<boolean>`(${sql.join(patterns.map(like), sql` or `)})`;
}

const maxGroups = 500;

/**
 * Returns the groups of a space in order. Finds each with one look-up in the index, instead of reading all accounts.
 */
export async function listGroups(db: Db, spaceId: number): Promise<string[]> {
  const next = (after: RawBuilder<unknown>) =>
    sql`select min(group_name) from account_states where space_id = ${spaceId} and group_name is not null ${after}`;
  const { rows } = await sql<{ name: string | null }>`with recursive groups (name) as (
      select (${next(sql``)})
      union all select (${next(sql`and group_name > groups.name`)}) from groups where groups.name is not null
    ) select name from groups limit ${maxGroups}`.execute(db);
  return rows.flatMap(({ name }) => name ?? []);
}

/** Returns the accounts that failed since a moment and have not recovered, with the reasons. The latest comes first. */
export async function failedSince(
  db: Db,
  spaceId: number,
  { since, limit }: { readonly since: number; readonly limit: number },
): Promise<{ readonly accountId: number; readonly failure: string }[]> {
  const rows = await db
    .selectFrom('account_states')
    .where('space_id', '=', spaceId)
    .where('failed_at', '>=', since)
    .where('state', '=', 'failed')
    .select(['account_id', 'failure'])
    .orderBy('failed_at', 'desc')
    .limit(limit)
    .execute();
  return rows.map(({ account_id, failure }) => ({ accountId: account_id, failure: failure ?? '' }));
}
