import type { Generated } from 'kysely';
import type { Flag, Instant } from './columns.ts';

/** The last answer of each space's mail server. */
interface MailAnswerTable {
  space_id: number;
  /** The address of the server, without user and password. */
  server: string;
  answered_at: Instant;
  /** 1 if the server accepted the mail. */
  taken: Flag;
  /** What the server said, or an `UnsentReason`. */
  answer: string;
}

/** Waiting mails, and for 30 days those that were sent or failed. */
export interface MailTable {
  id: Generated<number>;
  /** `invitation`, or `password-reset`. */
  kind: string;
  account_id: number;
  space_id: number;
  /** The id of the mailed code or the link to a new password. */
  token_id: number | null;
  recipient: string;
  /** The same in each attempt, so that mail servers recognize copies. */
  message_id: string;
  queued_at: Instant;
  /** When the first mail of the batch was queued. */
  batch: Instant;
  /** `waiting`, `sent` or `failed`. */
  state: string;
  attempts: number;
  next_at: Instant;
  /** The process that is sending the mail. */
  claimed_by: string | null;
  /** The last answer of the mail server. */
  answer: string | null;
  /** Why a mail server did not receive the mail: an `UnsentReason`. */
  reason: string | null;
  /** When the mail was sent or failed for good. */
  ended_at: Instant | null;
}

export interface MailTables {
  mails: MailTable;
  mail_answers: MailAnswerTable;
}
