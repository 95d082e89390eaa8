import { type Kysely, sql } from 'kysely';

// Frozen: what a released version has applied is never edited. It imports nothing of ours for the same reason.

type Dialect = 'sqlite' | 'postgres';

interface Row {
  readonly id: number;
  readonly space_id: number;
  readonly texts: readonly (string | null)[];
}

const rowsAtOnce = 1_000;

/**
 * The texts of accounts for searches, with their case and accents folded, and an index of every three characters in a
 * row. Each key of the index contains the space, so that a search never looks at what other spaces have.
 */
export async function up(db: Kysely<unknown>, dialect: Dialect): Promise<void> {
  const tokens = sql.raw(dialect === 'postgres' ? ', tokens integer[] not null' : '');
  await sql`create table account_search (
    account_id integer primary key references accounts (id) on delete cascade,
    space_id integer not null,
    text text not null${tokens}
  )`.execute(db);
  await sql`create index account_search_space on account_search (space_id, account_id)`.execute(db);
  if (dialect === 'sqlite') {
    await sql`create virtual table account_tokens
      using fts5 (tokens, content = '', contentless_delete = 1, tokenize = 'ascii', detail = none)`.execute(db);
    await sql
      .raw(`create trigger account_search_removed after delete on account_search begin
        delete from account_tokens where rowid = old.account_id; end`)
      .execute(db);
  }
  await fill(db, dialect);
  if (dialect === 'postgres') {
    await sql`create index account_search_tokens on account_search using gin (tokens)`.execute(db);
  }
}

async function fill(db: Kysely<unknown>, dialect: Dialect): Promise<void> {
  for (let after = 0; ; ) {
    const found = await sql<{ id: number; space_id: number } & Record<string, string | null>>`
      select id, space_id, display_name, username, email, phone from accounts
      where id > ${after} order by id limit ${sql.lit(rowsAtOnce)}`.execute(db);
    for (const { id, space_id, display_name = null, username = null, email = null, phone = null } of found.rows) {
      await add(db, dialect, { id, space_id, texts: [display_name, username, email, phone] });
      after = id;
    }
    if (found.rows.length < rowsAtOnce) return;
  }
}

async function add(db: Kysely<unknown>, dialect: Dialect, { id, space_id, texts }: Row): Promise<void> {
  const text = `\n${texts.flatMap((each) => (each === null ? [] : [folded(each)])).join('\n')}`;
  const tokens = tokensOf(space_id, text);
  if (dialect === 'postgres') {
    const hashes = `{${[...new Set(tokens.map(hashOf))].join(',')}}`;
    await sql`insert into account_search values (${id}, ${space_id}, ${text}, ${hashes}::integer[])`.execute(db);
    return;
  }
  await sql`insert into account_search values (${id}, ${space_id}, ${text})`.execute(db);
  await sql`insert into account_tokens (rowid, tokens) values (${id}, ${tokens.join(' ')})`.execute(db);
}

const plain: Readonly<Record<string, string>> = {
  ...{ ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', ł: 'l', đ: 'd', ð: 'd', þ: 'th', ħ: 'h', ı: 'i', ς: 'σ' },
};

function folded(text: string): string {
  return text
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[\p{M}\p{Cf}]/gu, '')
    .replace(/[ßæœøłđðþħıς]/g, (letter) => plain[letter] ?? letter)
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
}

function tokensOf(spaceId: number, text: string): string[] {
  const tokens = new Set<string>();
  for (const field of text.split('\n')) {
    const letters = [...field];
    for (let at = 0; at + 3 <= letters.length; at += 1) tokens.add(`${spaceId}x${hex(letters.slice(at, at + 3))}`);
    for (const word of field.split(' ')) {
      const start = [...word].slice(0, 2);
      for (let length = 1; length <= start.length; length += 1) {
        tokens.add(`${spaceId}p${hex(start.slice(0, length))}`);
      }
    }
  }
  return [...tokens];
}

function hex(letters: readonly string[]): string {
  return Buffer.from(letters.join('')).toString('hex');
}

/** FNV-1a with 32 bits. */
function hashOf(token: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < token.length; at += 1) hash = Math.imul(hash ^ token.charCodeAt(at), 0x01000193);
  return hash | 0;
}
