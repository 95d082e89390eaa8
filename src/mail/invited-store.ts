import { sql } from 'kysely';
import type { Db } from '../storage/tables.ts';

const hasNoWaitingMail = sql<boolean>`not exists (select 1 from mails
  where mails.account_id = account_states.account_id and mails.kind = 'invitation' and mails.state = 'waiting')`;

/**
 * The condition that no code was mailed to the present address of the account of a row of `account_states`, and that no
 * mail with a code waits.
 */
export const isUninvited = sql<boolean>`account_states.invited_at is null and ${hasNoWaitingMail}`;

/**
 * Returns the ids of the uninvited among these accounts. With `sentBy`, returns instead the ids of those whose last
 * mail with a code was sent by then, if none waits.
 */
export async function stillToInviteAmong(
  db: Db,
  ids: readonly number[],
  sentBy: number | undefined,
): Promise<ReadonlySet<number>> {
  if (ids.length === 0) return new Set();
  const isMeant =
    sentBy === undefined ? isUninvited : sql<boolean>`account_states.invited_at <= ${sentBy} and ${hasNoWaitingMail}`;
  const among = db.selectFrom('account_states').where('account_id', 'in', ids);
  const rows = await among.where(isMeant).select('account_id').execute();
  return new Set(rows.map(({ account_id }) => account_id));
}
