import { sql } from 'kysely';
import { searchText, tokensOf } from '../../src/accounts/search-text.ts';
import type { Database } from '../../src/storage/database.ts';
import { inTransaction } from '../../src/storage/database.ts';
import { indexTexts } from '../../src/storage/search-index.ts';
import type { Transaction } from '../../src/storage/tables.ts';

const rowsAtOnce = 1_000;
const rowsPerTransaction = 20_000;
const names = ['Marta', 'Clémence', 'Zoë', 'Łukasz', 'Siobhán', 'Jean-Baptiste', 'Nguyễn', 'Сергей', 'Maria', 'Ahmed'];
const groups = ['Sales', 'Support', 'Lager', 'Buchhaltung'];

/**
 * Search words that find one account of the first space, all accounts of the first space, those of other spaces, and
 * nothing.
 */
export const words = { one: 'needleperson', all: 'ourpeople', others: 'otherpeople', none: 'xqzjkw' } as const;

/**
 * Fills a database with this many accounts: half of them in the first space, the others in turn in the other spaces, so
 * that their ids are mixed. One account of the first space has the word `one`.
 */
export async function populate(database: Database, spaceIds: readonly number[], accounts: number): Promise<void> {
  const [first = 0, ...others] = spaceIds;
  const rowOf = (number: number): Row => {
    const isFirst = number % 2 === 0;
    const spaceId = isFirst ? first : (others[(number >> 1) % others.length] ?? first);
    const word = number === (accounts >> 2) * 2 ? words.one : isFirst ? words.all : words.others;
    const name = `${names[number % names.length]} ${word} ${number}`;
    return {
      number,
      spaceId,
      username: `user${number}`,
      name,
      email: number % 7 === 0 ? null : `u${number}@mail.test`,
    };
  };
  for (let start = 0; start < accounts; start += rowsPerTransaction) {
    await inTransaction(database, async (tx) => {
      const end = Math.min(start + rowsPerTransaction, accounts);
      for (let from = start; from < end; from += rowsAtOnce) {
        const length = Math.min(rowsAtOnce, end - from);
        await insertRows(
          tx,
          Array.from({ length }, (_, index) => rowOf(from + index)),
        );
      }
    });
  }
}

interface Row {
  readonly number: number;
  readonly spaceId: number;
  readonly username: string;
  readonly name: string;
  readonly email: string | null;
}

async function insertRows(tx: Transaction, rows: readonly Row[]): Promise<void> {
  const inserted = await tx
    .insertInto('accounts')
    .values(
      rows.map(({ number, spaceId, username, name, email }) => ({
        space_id: spaceId,
        username,
        display_name: name,
        email,
        phone: null,
        admin: 0,
        dtmf_protocol: 'sipinfo',
        ha1_sha256: null,
        ha1_md5: null,
        group_name: groups[number % groups.length] ?? null,
        activated_at: null,
        blocked_at: null,
        version: 0,
        created_at: number,
        updated_at: number,
      })),
    )
    .returning(['id', 'space_id', 'username', 'display_name', 'email', 'phone', 'group_name'])
    .execute();
  await tx
    .insertInto('account_states')
    .values(
      inserted.map(({ id, space_id, group_name, email }) => ({
        account_id: id,
        space_id,
        group_name,
        no_mail: Number(email === null),
        blocked_at: null,
        used_at: id % 3 === 0 ? null : 1,
        failed_at: id % 1_000 === 0 ? 1 : null,
      })),
    )
    .execute();
  await indexTexts(
    tx,
    inserted.map((row) => {
      const text = searchText(row);
      return { accountId: row.id, spaceId: row.space_id, text, tokens: tokensOf(row.space_id, text) };
    }),
  );
}

/** Updates the statistics of the query planner, as autovacuum does on a PostgreSQL server. */
export async function keepHouse(database: Database, isServer: boolean): Promise<void> {
  await (isServer ? sql`vacuum analyze` : sql`analyze`).execute(database);
}
