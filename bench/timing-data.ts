import Sqlite from 'better-sqlite3';
import { hashSecret } from '../src/lib/hash.ts';
import { randomToken } from '../src/lib/random-token.ts';
import { addWaitingAccounts } from './fill-database.ts';

/** How a stored token came to an end, as SQL that ends it; `superseded` gets a newer one besides. */
const ends = {
  used: `claimed_at = created_at, outcome = 'delivered', attempts = 1, boot_id = 'before', client_address = '192.0.2.1',
    client_agent = 'Linphone'`,
  expired: 'expires_at = created_at',
  revoked: 'revoked_at = created_at',
  superseded: 'revoked_at = created_at',
  open: 'expires_at = null',
} as const;

export type TokenEnd = keyof typeof ends;
export const tokenEnds = Object.keys(ends) as TokenEnd[];

/** So many tokens of each kind, each of an account of its own; `unknown` and `unknown too` are in no database. */
export function makeTokensOfEachKind(file: string, count: number): Map<string, string[]> {
  const tokens = new Map<string, string[]>();
  for (const kind of ['unknown', 'unknown too'])
    tokens.set(
      kind,
      Array.from({ length: count }, () => randomToken()),
    );
  // Made together and dealt out in turn, so that no kind has pages of its own in the file.
  const made = addWaitingAccounts(file, count * tokenEnds.length);
  tokenEnds.forEach((kind, index) => {
    tokens.set(
      kind,
      made.filter((_, position) => position % tokenEnds.length === index),
    );
  });
  const database = new Sqlite(file);
  const supersede = database.prepare(
    `insert into tokens (kind, token_hash, account_id, created_at)
     select kind, ?, account_id, revoked_at from tokens where token_hash = ?`,
  );
  database.transaction(() => {
    for (const kind of tokenEnds) {
      const end = database.prepare(`update tokens set ${ends[kind]} where token_hash = ?`);
      for (const token of tokens.get(kind) ?? []) {
        end.run(hashSecret(token));
        if (kind === 'superseded') supersede.run(hashSecret(randomToken()), hashSecret(token));
      }
    }
  })();
  database.close();
  return tokens;
}
