import Sqlite from 'better-sqlite3';
import { claimedTokens, insertCopy, type Rows, requireCopied } from './copy-account.ts';

/** Reads and copies the rows of a SQLite file. No server may be running on it while accounts are copied. */
export function sqliteRows(file: string): Rows {
  return {
    async copyAccount({ accountId, tokenHash }, copies) {
      const database = new Sqlite(file);
      database.pragma('synchronous = OFF');
      const columns = database
        .prepare<[string], string>(`select name from pragma_table_info(?) where name <> 'id'`)
        .pluck();
      const copied = (table: string, others: Record<string, string>): string =>
        insertCopy(table, columns.all(table), others);
      const insertAccount = database.prepare(`${copied('accounts', { username: '?' })} where source.id = ?`);
      const insertToken = database.prepare(
        `${copied('tokens', { token_hash: '?', account_id: '?' })} where source.token_hash = ?`,
      );
      const insertState = hasStates(database)
        ? database.prepare(`${copied('account_states', { account_id: '?' })} where source.account_id = ?`)
        : undefined;
      database.transaction(() => {
        for (const copy of copies) {
          const { lastInsertRowid } = insertAccount.run(copy.username, accountId);
          insertState?.run(lastInsertRowid, accountId);
          requireCopied(insertToken.run(copy.tokenHash, lastInsertRowid, tokenHash).changes, 1);
        }
      })();
      database.close();
    },
    async countClaimedTokens() {
      const database = new Sqlite(file, { readonly: true });
      const total = database.prepare(claimedTokens).pluck().get();
      database.close();
      return Number(total);
    },
  };
}

/** Returns whether the version has the table, which earlier versions do not. */
function hasStates(database: Sqlite.Database): boolean {
  return database.prepare(`select 1 from sqlite_master where name = 'account_states'`).get() !== undefined;
}
