import { type RawBuilder, sql } from 'kysely';
import type { ListFilterName } from '../accounts/account-state.ts';
import { type Search, searchOfPart, searchOfSpace } from '../accounts/search-text.ts';
import { findForbidden } from '../lib/forbidden-characters.ts';
import { forReason, hitsOf, inGroup } from '../storage/search-index.ts';
import type { Db } from '../storage/tables.ts';

/** Which accounts a list shows. */
export interface ListFilter {
  readonly spaceIds: readonly number[];
  /** Part of a name, user name, mail address or number. Case and accents are ignored. */
  readonly search?: string;
  /** Whether one or two characters are found anywhere. By default, they must be the beginning of a word. */
  readonly findsShortParts?: boolean;
  readonly filter?: ListFilterName | 'never-or-waiting' | undefined;
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

/** The part of a list to return: up to `limit` accounts after one with this id, or after so many. */
export interface Slice {
  readonly limit: number;
  readonly after?: number;
  readonly offset?: number;
}

/** Returns the ids of matching accounts, ordered by id. */
export async function findMatching(db: Db, filter: ListFilter, slice: Slice): Promise<number[]> {
  const found = await (await matchingIds(db, filter, slice)).execute(db);
  return found.rows.map(({ id }) => id);
}

/** Returns how many accounts match. */
export async function countMatching(db: Db, filter: ListFilter): Promise<number> {
  const ids = await matchingIds(db, filter);
  const { rows } = await sql<{ count: number }>`select count(*) as count from (${ids}) as found`.execute(db);
  return Number(rows[0]?.count ?? 0);
}

/** Returns how many accounts match, and how many unrevoked phones they have. */
export async function countWithPhones(
  db: Db,
  filter: ListFilter,
): Promise<{ readonly accounts: number; readonly phones: number }> {
  const ids = await matchingIds(db, filter);
  const { rows } = await sql<{ accounts: number; phones: number }>`with found (id) as (${ids})
    select (select count(*) from found) as accounts,
      (select count(*) from devices where revoked_at is null and account_id in (select id from found)) as phones`.execute(
    db,
  );
  return { accounts: Number(rows[0]?.accounts ?? 0), phones: Number(rows[0]?.phones ?? 0) };
}

/** Without a slice, returns all ids, in no order. */
async function matchingIds(db: Db, filter: ListFilter, slice?: Slice): Promise<Query> {
  const search = searchOf(filter);
  if (search === undefined) return listed(filter, slice);
  const scans = search.tokens.length === 0 || (await isFew(db, filter));
  return scans ? scanned(filter, search, slice) : searched(db, filter, search, slice);
}

/** The keys in the index contain the space, so it serves only lists of one. */
function searchOf({ spaceIds, search = '', findsShortParts = false }: ListFilter): Search | undefined {
  // No stored value contains such a character, and databases refuse it in queries.
  if (findForbidden(search) !== undefined) return { tokens: [], patterns: [] };
  const [spaceId, ...others] = spaceIds;
  return spaceId === undefined || others.length > 0
    ? searchOfPart(search)
    : searchOfSpace(spaceId, search, { findsShortParts });
}

type Query = RawBuilder<{ id: number }>;

function listed(filter: ListFilter, slice?: Slice): Query {
  const id = sql<number>`account_states.account_id`;
  return sql`select ${id} as id from account_states where ${conditions(filter)} ${sliceOf(id, slice)}`;
}

/** Selects accounts by the search index, ordered by id, and then applies the filter. */
function searched(db: Db, filter: ListFilter, { tokens, patterns }: Search, slice?: Slice): Query {
  const { from, where, id } = hitsOf(db, tokens);
  const states = isNarrowed(filter)
    ? sql`cross join account_states where account_states.account_id = ${id} and ${conditions(filter)} and`
    : sql`where account_search.space_id in (${sql.join(filter.spaceIds)}) and`;
  return sql`select ${id} as id from ${from} ${states} ${where} and ${matches(patterns)} ${sliceOf(id, slice)}`;
}

/** Selects accounts by the filter, and then applies the search. */
function scanned(filter: ListFilter, { patterns }: Search, slice?: Slice): Query {
  const id = sql<number>`account_states.account_id`;
  return sql`select ${id} as id from account_states cross join account_search
    where account_search.account_id = ${id} and ${conditions(filter)} and ${matches(patterns)} ${sliceOf(id, slice)}`;
}

/** Returns the last condition of a query, and what follows it. */
function sliceOf(id: RawBuilder<number>, slice: Slice | undefined): RawBuilder<unknown> {
  if (slice === undefined) return sql``;
  const { limit, after = 0, offset = 0 } = slice;
  return sql`and ${id} > ${after} order by ${id} limit ${limit} offset ${offset}`;
}

const few = 1_000;

/** Returns whether so few accounts pass the filter that the search need not use its index. */
async function isFew(db: Db, filter: ListFilter): Promise<boolean> {
  if (!isNarrowed(filter)) return false;
  const { rows } = await sql`select 1 from account_states where ${conditions(filter)} limit ${few}`.execute(db);
  return rows.length < few;
}

/** Returns whether the filter has more than spaces and a search. */
function isNarrowed({ spaceIds: _, search: __, findsShortParts: ___, ...narrow }: ListFilter): boolean {
  return Object.values(narrow).some((each) => each !== undefined);
}

function conditions(narrow: ListFilter): RawBuilder<boolean> {
  const { spaceIds, filter, group, failure, failedSince: since, isOpen, except, blockedAt } = narrow;
  const all = [sql`account_states.space_id in (${sql.join(spaceIds)})`];
  if (filter === 'no-mail') all.push(sql`account_states.no_mail = 1`);
  else if (filter === 'never-or-waiting') all.push(sql`account_states.state in ('never', 'waiting')`);
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
  if (patterns.length === 0) return sql<boolean>`1 = 0`;
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
