import { noteMailFailed, noteMailSent } from '../accounts/account-state-store.ts';
import { findLockedAccount } from '../accounts/account-store.ts';
import { recordEvent } from '../events/event-store.ts';
import { isSameAddress } from '../lib/mailbox.ts';
import { type Database, inTransaction } from '../storage/database.ts';
import type { Mail } from './mail.ts';
import { deleteMail, deleteReplacedMail, endClaim, type Outcome } from './mail-store.ts';

/** Stores the outcome of an attempt to send a mail. Does nothing if the mail was deleted with its account meanwhile. */
export async function noteOutcome(
  { database, bootId }: { readonly database: Database; readonly bootId: string },
  mail: Mail,
  outcome: Outcome,
): Promise<void> {
  const { id, kind, accountId, spaceId, tokenId, recipient } = mail;
  const { state, answer, reason, at } = outcome;
  await inTransaction(database, async (tx) => {
    const account = await findLockedAccount(tx, accountId);
    if (account === undefined || !(await endClaim(tx, id, bootId, outcome))) return;
    const isCurrent = isSameAddress(recipient, account.email);
    if (state === 'waiting') return isCurrent ? deleteReplacedMail(tx, mail) : deleteMail(tx, id);
    const detail = {
      mail: kind,
      to: recipient,
      ...(reason === null ? {} : { reason }),
      ...(answer === null ? {} : { answer }),
    };
    const event = { at, spaceId, accountId, tokenId, detail };
    await recordEvent(tx, { ...event, kind: state === 'sent' ? 'mail-sent' : 'mail-failed' });
    // The outcome of a mail to an earlier address says nothing about the current one.
    if (kind !== 'invitation' || !isCurrent) return;
    if (state === 'sent') await noteMailSent(tx, accountId, at);
    // An account whose code has been used needs no mail any more, so this is not a failure.
    else if (reason !== 'code-used') await noteMailFailed(tx, accountId, at, reason ?? answer ?? '');
  });
}
