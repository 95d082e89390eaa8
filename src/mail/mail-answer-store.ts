import { sql } from 'kysely';
import type { Db } from '../storage/tables.ts';

/** The answer of a mail server to a mail of a space. */
export interface MailAnswer {
  /** The address of the server, without user and password. */
  readonly server: string;
  readonly answeredAt: number;
  /** Whether the server accepted the mail. */
  readonly taken: boolean;
  /** What the server said, or the `UnsentReason` why it received no mail. */
  readonly answer: string;
}

/**
 * Stores an answer, replacing the earlier one. With `onlyNews`, does nothing if the same server has accepted a mail
 * before.
 */
export async function keepMailAnswer(
  db: Db,
  spaceId: number,
  { server, answeredAt, taken, answer }: MailAnswer,
  { onlyNews = false } = {},
): Promise<void> {
  const isNews = onlyNews ? sql`mail_answers.taken = 0 or mail_answers.server <> excluded.server` : sql`1 = 1`;
  // The space may have been deleted while the mail was being sent.
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
