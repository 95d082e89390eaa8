import type { Selectable } from 'kysely';
import type { UnsentReason } from '../events/event.ts';
import type { MailTable } from '../storage/mail-tables.ts';

export type MailKind = 'invitation' | 'password-reset';

export type MailState = 'waiting' | 'sent' | 'failed';

/** A mail in the outbox. */
export interface Mail {
  readonly id: number;
  readonly kind: MailKind;
  readonly accountId: number;
  readonly spaceId: number;
  /** The id of the mailed code or the link to a new password. */
  readonly tokenId: number | null;
  readonly recipient: string;
  readonly messageId: string;
  readonly queuedAt: number;
  readonly state: MailState;
  readonly attempts: number;
  /** The last answer of the mail server. */
  readonly answer: string | null;
  /** Why a mail server did not receive the mail. */
  readonly reason: UnsentReason | null;
  readonly endedAt: number | null;
}

/** For this long after it was queued, a mail is tried again. */
export const triedForMs = 24 * 3_600_000;
/** After this long, a mail that has ended is deleted. */
export const keptForMs = 30 * 24 * 3_600_000;

const firstDelayMs = 30_000;
const maxDelayMs = 3_600_000;

/**
 * Returns when to try again a mail that failed at `now` for the `attempts`-th time: after half a minute, then after
 * twice as long each time, but at most an hour, and for the last time a day after it was queued. Returns undefined
 * after that.
 */
export function nextAttemptAt(
  { queuedAt, attempts }: Pick<Mail, 'queuedAt' | 'attempts'>,
  now: number,
): number | undefined {
  const last = queuedAt + triedForMs;
  if (now >= last) return undefined;
  return Math.min(last, now + Math.min(maxDelayMs, firstDelayMs * 2 ** Math.max(0, Math.min(attempts, 20) - 1)));
}

export function mailOf(row: Selectable<MailTable>): Mail {
  return {
    id: row.id,
    kind: row.kind as MailKind,
    accountId: row.account_id,
    spaceId: row.space_id,
    tokenId: row.token_id,
    recipient: row.recipient,
    messageId: row.message_id,
    queuedAt: row.queued_at,
    state: row.state as MailState,
    attempts: row.attempts,
    answer: row.answer,
    reason: row.reason as UnsentReason | null,
    endedAt: row.ended_at,
  };
}
