import { type Kysely, sql } from 'kysely';

// Frozen: what a released version has applied is never edited. It imports nothing of ours for the same reason.

/**
 * On SQLite, where only one writer writes at a time, the triggers count in place: a row for each change, to be added up
 * and deleted later, made up a tenth of what a redemption costs.
 */
export async function up(db: Kysely<unknown>, dialect: 'sqlite' | 'postgres'): Promise<void> {
  if (dialect === 'postgres') return;
  await sql`insert into account_counts (space_id, state, count)
    select space_id, state, sum(delta) from account_count_changes
    where space_id in (select id from spaces) group by space_id, state
    on conflict (space_id, state) do update set count = account_counts.count + excluded.count`.execute(db);
  await sql`delete from account_count_changes`.execute(db);
  for (const [name, event, change] of [
    ['added', 'insert', more],
    ['removed', 'delete', less],
    ['changed', 'update', `${less} ${more}`],
  ] as const) {
    await sql.raw(`drop trigger account_states_${name}`).execute(db);
    const when = event === 'update' ? 'when old.state <> new.state' : '';
    await sql
      .raw(`create trigger account_states_${name} after ${event} on account_states ${when} begin ${change} end`)
      .execute(db);
  }
}

const more = `insert into account_counts (space_id, state, count) values (new.space_id, new.state, 1)
  on conflict (space_id, state) do update set count = count + 1;`;
const less = 'update account_counts set count = count - 1 where space_id = old.space_id and state = old.state;';
