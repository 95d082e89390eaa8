import { type RawBuilder, sql } from 'kysely';
import { findForbidden } from '../lib/forbidden-characters.ts';
import { dialectOfDb } from './dialect.ts';
import type { Db, Transaction } from './tables.ts';

/** The text of an account for searches, and its keys in the index: words of ASCII letters and digits. */
export interface IndexedText {
  readonly accountId: number;
  readonly spaceId: number;
  readonly text: string;
  readonly tokens: readonly string[];
}

/** Inserts the search texts of accounts, or replaces them. */
export async function indexTexts(tx: Transaction, texts: readonly IndexedText[]): Promise<void> {
  if (dialectOfDb(tx) === 'postgres') {
    const rows = texts.map(
      ({ accountId, spaceId, text, tokens }) =>
        sql`(${accountId}, ${spaceId}, ${text}, ${hashesOf(tokens)}::integer[])`,
    );
    await sql`insert into account_search (account_id, space_id, text, tokens) values ${sql.join(rows)}
      on conflict (account_id) do update set text = excluded.text, tokens = excluded.tokens`.execute(tx);
    return;
  }
  for (const { accountId, spaceId, text, tokens } of texts) {
    await sql`insert into account_search (account_id, space_id, text) values (${accountId}, ${spaceId}, ${text})
      on conflict (account_id) do update set text = excluded.text`.execute(tx);
    await sql`insert or replace into account_tokens (rowid, tokens)
      values (${accountId}, ${tokens.join(' ')})`.execute(tx);
  }
}

/** The parts of a query for accounts that have all tokens. The index returns them in the order of `id`. */
export interface IndexHits {
  readonly from: RawBuilder<unknown>;
  readonly where: RawBuilder<boolean>;
  readonly id: RawBuilder<number>;
}

/** Returns the parts of a query for accounts that have all tokens, joined with their rows of `account_search`. */
export function hitsOf(db: Db, tokens: readonly string[]): IndexHits {
  if (dialectOfDb(db) === 'postgres') {
    return {
      from: sql`account_search`,
      where: sql`account_search.tokens @> ${hashesOf(tokens)}::integer[]`,
      id: sql`account_search.account_id`,
    };
  }
  return {
    // The cross join prevents SQLite from reading the tables in another order.
    from: sql`account_tokens cross join account_search on account_search.account_id = account_tokens.rowid`,
    where: sql`account_tokens match ${tokens.join(' AND ')}`,
    id: sql`account_tokens.rowid`,
  };
}

/**
 * Returns the tokens as numbers, which take a third of the space. If two tokens have the same number, the text of the
 * account decides.
 */
function hashesOf(tokens: readonly string[]): string {
  return `{${[...new Set(tokens.map(hashOf))].join(',')}}`;
}

/** Returns the hash of a token (FNV-1a with 32 bits). */
function hashOf(token: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < token.length; at += 1) hash = Math.imul(hash ^ token.charCodeAt(at), 0x01000193);
  return hash | 0;
}

/**
 * Returns the condition for a reason of failure. A reason that ends with a colon and a space matches all that begin
 * with it.
 */
export function forReason(column: RawBuilder<unknown>, reason: string): RawBuilder<boolean> {
  if (findForbidden(reason) !== undefined) return sql<boolean>`1 = 0`;
  return reason.endsWith(': ') ? sql<boolean>`${column} like ${`${reason}%`}` : sql<boolean>`${column} = ${reason}`;
}

/**
 * Returns the condition for a group. It is false for a forbidden character: no stored value contains one, and databases
 * refuse it in queries.
 */
export function inGroup(column: RawBuilder<unknown>, group: string): RawBuilder<boolean> {
  return findForbidden(group) === undefined ? sql<boolean>`${column} = ${group}` : sql<boolean>`1 = 0`;
}
