import Sqlite from 'better-sqlite3';
import { dialectOf } from '../../src/storage/dialect.ts';
import { executeSql } from './postgres.ts';

const eachTable = (sql: string) => `do $do$ declare name text; begin
  for name in select tablename from pg_tables where schemaname = 'public' loop execute format('${sql}', name); end loop;
end $do$`;

/**
 * Makes every write fail, but not reading, until the returned function is called: by a lock on SQLite, and by triggers
 * on PostgreSQL.
 */
export async function breakWrites(url: string): Promise<() => Promise<void>> {
  if (dialectOf(url) === 'sqlite') {
    const other = new Sqlite(url);
    other.exec('begin immediate');
    return async () => void other.close();
  }
  await executeSql(
    url,
    `create or replace function refuse() returns trigger language plpgsql
       as $$ begin raise exception 'no writes for now'; end $$;
     ${eachTable('create trigger refuse before insert or update or delete on %I for each statement execute function refuse()')}`,
  );
  return () => executeSql(url, eachTable('drop trigger refuse on %I'));
}

/** Makes the database refuse a new account with this user name, as if with a fault that nobody has foreseen. */
export async function refuseAccount(url: string, username: string): Promise<void> {
  if (dialectOf(url) === 'sqlite') {
    const other = new Sqlite(url);
    other.exec(`create trigger refuse_account before insert on accounts when new.username = '${username}'
      begin select raise(abort, 'no such account'); end`);
    other.close();
    return;
  }
  await executeSql(
    url,
    `create function refuse_account() returns trigger language plpgsql
       as $$ begin raise exception 'no such account'; end $$;
     create trigger refuse_account before insert on accounts for each row when (new.username = '${username}')
       execute function refuse_account()`,
  );
}
