import type { Generated } from 'kysely';
import type { Flag, Instant } from './columns.ts';

/** What the mail server of a space said last. */
interface MailAnswerTable {
  space_id: number;
  /** Its address, without user and password. */
  server: string;
  answered_at: Instant;
  /** 1: it took the mail. */
  taken: Flag;
  /** Or an `UnsentReason`. */
  answer: string;
}

/** Mails that wait, and for 30 days those that were sent or failed. */
export interface MailTable {
  id: Generated<number>;
  /** `invitation`, or `password-reset`. */
  kind: string;
  account_id: number;
  space_id: number;
  /** The code, or the link to a new password. */
  token_id: number | null;
  recipient: string;
  /** The same in each attempt, so that a mail server can tell a copy. */
  message_id: string;
  queued_at: Instant;
  /** When the first of the mails that were asked for together was queued. */
  batch: Instant;
  /** `waiting`, `sent` or `failed`. */
  state: string;
  attempts: number;
  next_at: Instant;
  /** The process that sends it now. */
  claimed_by: string | null;
  /** What the mail server said last. */
  answer: string | null;
  /** Why a mail server did not get it: an `UnsentReason`. */
  reason: string | null;
  /** When it was sent, or failed for good. */
  ended_at: Instant | null;
}

export interface MailTables {
  mails: MailTable;
  mail_answers: MailAnswerTable;
}
