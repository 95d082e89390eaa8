import { type Kysely, sql } from 'kysely';

// Frozen: what a released version has applied is never edited. It imports nothing of ours for the same reason.

/** When an account was mailed a code for the last time, which the outbox forgets after a month; mails by their state. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table account_states add column invited_at bigint`.execute(db);
  await sql`update account_states set invited_at = (select max(m.ended_at) from mails m
    where m.account_id = account_states.account_id and m.kind = 'invitation' and m.state = 'sent')`.execute(db);
  await sql`create index mails_state on mails (space_id, state, id) where kind = 'invitation'`.execute(db);
}
