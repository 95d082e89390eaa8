import { type Kysely, sql } from 'kysely';

// Frozen: what a released version has applied is never edited. It imports nothing of ours for the same reason.

/** What the SIP server of a space said when it was asked last. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table registrar_answers (
    space_id integer primary key references spaces (id) on delete cascade,
    uri text not null,
    asked_at bigint not null,
    status integer,
    reason text,
    server text,
    certificate text
  )`.execute(db);
}
