import { hash } from 'node:crypto';
import Sqlite from 'better-sqlite3';
import { hashSecret } from '../src/lib/hash.ts';
import { randomToken } from '../src/lib/random-token.ts';

/**
 * Adds accounts of the first space that wait for their phones, each with a token, past the API, whose answers would take
 * minutes. Answers the tokens.
 */
export function addWaitingAccounts(file: string, count: number): string[] {
  const database = new Sqlite(file);
  database.pragma('synchronous = OFF');
  const now = Date.now();
  const insertAccount = database.prepare(
    `insert into accounts (space_id, username, display_name, dtmf_protocol, ha1_sha256, created_at, updated_at)
     values ((select min(id) from spaces), ?, 'A Phone', 'sipinfo', ?, ${now}, ${now})`,
  );
  const insertToken = database.prepare(
    `insert into tokens (kind, token_hash, account_id, created_at) values ('provisioning', ?, ?, ${now})`,
  );
  const tokens = Array.from({ length: count }, randomToken);
  const prefix = randomToken().toLowerCase();
  database.transaction(() => {
    tokens.forEach((token, index) => {
      // Names of equal length, so that all answers are equally long.
      const username = `${prefix}-${String(index).padStart(7, '0')}`;
      const { lastInsertRowid } = insertAccount.run(username, hash('sha256', username));
      insertToken.run(hashSecret(token), lastInsertRowid);
    });
  })();
  database.close();
  return tokens;
}

/** How many tokens the file says were used up. */
export function countClaimedTokens(file: string): number {
  const database = new Sqlite(file, { readonly: true });
  const count = database.prepare('select count(*) from tokens where claimed_at is not null').pluck().get();
  database.close();
  return Number(count);
}
