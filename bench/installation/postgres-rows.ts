import pg from 'pg';
import { claimedTokens, insertCopy, type Rows, requireCopied } from './copy-account.ts';

const copiesAtOnce = 10_000;

/** Reads and copies the rows of a database on a PostgreSQL server. */
export function postgresRows(url: string): Rows {
  return {
    copyAccount: (model, copies) =>
      withClient(url, async (client) => {
        const copied = async (table: string, others: Record<string, string>): Promise<string> =>
          insertCopy(table, await columnsOf(client, table), others);
        const insertAccounts = `${await copied('accounts', { username: 'copies.username' })}
          cross join unnest($1::text[]) as copies (username) where source.id = $2`;
        const insertTokens = `${await copied('tokens', { token_hash: 'copies.hash', account_id: 'owners.id' })}
          cross join unnest($1::text[], $2::text[]) as copies (username, hash)
          join accounts as owners on owners.username = copies.username where source.token_hash = $3`;
        // Earlier versions have no such table.
        const hasStates = (await columnsOf(client, 'account_states')).length > 0;
        const insertStates = `${await copied('account_states', { account_id: 'owners.id' })}
          join accounts as owners on owners.username = any($1::text[]) where source.account_id = $2`;
        for (let from = 0; from < copies.length; from += copiesAtOnce) {
          const some = copies.slice(from, from + copiesAtOnce);
          const usernames = some.map(({ username }) => username);
          await client.query(insertAccounts, [usernames, model.accountId]);
          if (hasStates) await client.query(insertStates, [usernames, model.accountId]);
          const hashes = some.map(({ tokenHash }) => tokenHash);
          requireCopied((await client.query(insertTokens, [usernames, hashes, model.tokenHash])).rowCount, some.length);
          // The plan of the next statement depends on how many rows there are.
          if (from === 0) await client.query('analyze');
        }
        await client.query('vacuum analyze');
      }),
    countClaimedTokens: () =>
      withClient(url, async (client) => Number((await client.query(claimedTokens)).rows[0]?.total)),
  };
}

async function columnsOf(client: pg.Client, table: string): Promise<string[]> {
  const columns = await client.query<{ name: string }>(
    `select column_name as name from information_schema.columns
     where table_schema = current_schema() and table_name = $1 and column_name <> 'id' and is_generated = 'NEVER'`,
    [table],
  );
  return columns.rows.map(({ name }) => name);
}

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
