import type { UnsentReason } from '../events/event.ts';
import type { Db, Transaction } from '../storage/tables.ts';
import { type Mail, type MailKind, type MailState, mailOf } from './mail.ts';

export interface NewMail {
  readonly kind: MailKind;
  readonly accountId: number;
  readonly spaceId: number;
  readonly tokenId: number | null;
  readonly recipient: string;
  readonly messageId: string;
  readonly queuedAt: number;
  readonly batch: number;
}

export async function insertMail(tx: Transaction, mail: NewMail): Promise<void> {
  await tx
    .insertInto('mails')
    .values({
      kind: mail.kind,
      account_id: mail.accountId,
      space_id: mail.spaceId,
      token_id: mail.tokenId,
      recipient: mail.recipient,
      message_id: mail.messageId,
      queued_at: mail.queuedAt,
      batch: mail.batch,
      state: 'waiting',
      attempts: 0,
      next_at: mail.queuedAt,
    })
    .execute();
}

/**
 * Deletes a mail that could not be sent yet if a newer one was queued meanwhile, so that nobody gets the same mail
 * twice.
 */
export async function deleteReplacedMail(tx: Transaction, { id, accountId, kind }: Mail): Promise<void> {
  if (kind === 'password-reset') return;
  const newer = tx
    .selectFrom('mails')
    .select('id')
    .where('account_id', '=', accountId)
    .where('kind', '=', kind)
    .where('id', '>', id);
  await tx
    .deleteFrom('mails')
    .where('id', '=', id)
    .where((of) => of.exists(newer))
    .execute();
}

export async function deleteMail(tx: Transaction, id: number): Promise<void> {
  await tx.deleteFrom('mails').where('id', '=', id).execute();
}

/** Deletes all mails that were not sent yet. No process may be sending mails. Returns how many there were. */
export async function deleteAllWaitingMails(tx: Transaction): Promise<number> {
  const { numDeletedRows } = await tx.deleteFrom('mails').where('state', '=', 'waiting').executeTakeFirst();
  return Number(numDeletedRows);
}

/** A mail that is due, and the process that claimed it, if there is one. */
export interface DueMail {
  readonly id: number;
  readonly claimedBy: string | null;
}

/** Returns the ids of the spaces that have due mails. */
export async function spacesWithDueMails(db: Db, now: number): Promise<number[]> {
  const rows = await db
    .selectFrom('mails')
    .select('space_id')
    .distinct()
    .where('state', '=', 'waiting')
    .where('next_at', '<=', now)
    .execute();
  return rows.map(({ space_id }) => space_id);
}

/** Returns due mails of these spaces. Those that have waited longest come first. */
export async function listDueMails(
  db: Db,
  now: number,
  { spaceIds, limit }: { readonly spaceIds: readonly number[]; readonly limit: number },
): Promise<DueMail[]> {
  const rows = await db
    .selectFrom('mails')
    .select(['id', 'claimed_by'])
    .where('state', '=', 'waiting')
    .where('next_at', '<=', now)
    .where('space_id', 'in', spaceIds)
    .orderBy('next_at')
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map(({ id, claimed_by }) => ({ id, claimedBy: claimed_by }));
}

/**
 * Claims the mail, from the process that had claimed it or from none. Returns undefined if another process was faster.
 */
export async function claimMail(db: Db, due: DueMail, bootId: string): Promise<Mail | undefined> {
  const row = await db
    .updateTable('mails')
    .set((of) => ({ claimed_by: bootId, attempts: of('attempts', '+', 1) }))
    .where('id', '=', due.id)
    .where('state', '=', 'waiting')
    .where('claimed_by', due.claimedBy === null ? 'is' : '=', due.claimedBy)
    .returningAll()
    .executeTakeFirst();
  return row === undefined ? undefined : mailOf(row);
}

/** The result of one attempt. */
export interface Outcome {
  readonly state: MailState;
  readonly answer: string | null;
  readonly reason: UnsentReason | null;
  /** When the mail is tried again, or when it ended. */
  readonly at: number;
}

/** Stores an outcome. Returns false if the process no longer has the mail, or the mail was deleted. */
export async function endClaim(
  tx: Transaction,
  id: number,
  bootId: string,
  { state, answer, reason, at }: Outcome,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('mails')
    .set({ state, answer, reason, claimed_by: null, ...(state === 'waiting' ? { next_at: at } : { ended_at: at }) })
    .where('id', '=', id)
    .where('claimed_by', '=', bootId)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/**
 * Deletes mails that were queued before a time and that no process is sending, at most `limit` of them. Returns whether
 * there may be more.
 */
export async function deleteMailsBefore(db: Db, before: number, limit: number): Promise<boolean> {
  const rows = await db
    .selectFrom('mails')
    .select('id')
    .where('queued_at', '<', before)
    .where('claimed_by', 'is', null)
    .orderBy('queued_at')
    .limit(limit)
    .execute();
  if (rows.length === 0) return false;
  const ids = rows.map(({ id }) => id);
  await db.deleteFrom('mails').where('id', 'in', ids).where('claimed_by', 'is', null).execute();
  return rows.length === limit;
}

/** Returns the last invitation of each of these accounts, by account id. Accounts without one are left out. */
export async function lastInvitations(db: Db, accountIds: readonly number[]): Promise<Map<number, Mail>> {
  if (accountIds.length === 0) return new Map();
  const rows = await db
    .selectFrom('mails')
    .selectAll()
    .where('id', 'in', (from) =>
      from
        .selectFrom('mails')
        .select((of) => of.fn.max('id').as('id'))
        .where('account_id', 'in', accountIds)
        .where('kind', '=', 'invitation')
        .groupBy('account_id'),
    )
    .execute();
  return new Map(rows.map((row) => [row.account_id, mailOf(row)]));
}

/** Returns how many mails of a kind were queued for the account since a time. */
export async function countMailsSince(db: Db, accountId: number, kind: MailKind, since: number): Promise<number> {
  const { count } = await db
    .selectFrom('mails')
    .select((of) => of.fn.countAll<number>().as('count'))
    .where('account_id', '=', accountId)
    .where('kind', '=', kind)
    .where('queued_at', '>', since)
    .executeTakeFirstOrThrow();
  return Number(count);
}
