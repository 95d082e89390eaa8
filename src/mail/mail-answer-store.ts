import { sql } from 'kysely';
import type { Db } from '../storage/tables.ts';

/** What a mail server said to a mail of a space. */
export interface MailAnswer {
  /** Its address, without user and password. */
  readonly server: string;
  readonly answeredAt: number;
  /** Whether it took the mail. */
  readonly taken: boolean;
  /** What it said, or the `UnsentReason` for which it got no mail. */
  readonly answer: string;
}

/**
 * Keeps the answer in place of the one before. With `onlyNews`, an answer of a server that has taken a mail changes
 * nothing.
 */
export async function keepMailAnswer(
  db: Db,
  spaceId: number,
  { server, answeredAt, taken, answer }: MailAnswer,
  { onlyNews = false } = {},
): Promise<void> {
  const isNews = onlyNews ? sql`mail_answers.taken = 0 or mail_answers.server <> excluded.server` : sql`1 = 1`;
  // The space may have been deleted while the mail was on its way.
  await sql`insert into mail_answers (space_id, server, answered_at, taken, answer)
    select id, cast(${server} as text), cast(${answeredAt} as bigint), cast(${taken ? 1 : 0} as integer), cast(${answer} as text)
    from spaces where id = ${spaceId}
    on conflict (space_id) do update set server = excluded.server, answered_at = excluded.answered_at,
      taken = excluded.taken, answer = excluded.answer
    where ${isNews}`.execute(db);
}

export async function findMailAnswer(db: Db, spaceId: number): Promise<MailAnswer | undefined> {
  const row = await db.selectFrom('mail_answers').selectAll().where('space_id', '=', spaceId).executeTakeFirst();
  if (row === undefined) return undefined;
  const { server, answered_at: answeredAt, taken, answer } = row;
  return { server, answeredAt, taken: taken === 1, answer };
}
