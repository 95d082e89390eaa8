import { type Kysely, sql } from 'kysely';

// Frozen: what a released version has applied is never edited. It imports nothing of ours for the same reason.

/** What the mail server of a space said last, so that a server that is only set does not pass for one that works. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table mail_answers (
    space_id integer primary key references spaces (id) on delete cascade,
    server text not null,
    answered_at bigint not null,
    taken integer not null,
    answer text not null
  )`.execute(db);
}
