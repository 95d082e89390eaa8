import { noteMailFailed, noteMailSent } from '../accounts/account-state-store.ts';
import { findLockedAccount } from '../accounts/account-store.ts';
import { recordEvent } from '../events/event-store.ts';
import { isSameAddress } from '../lib/mailbox.ts';
import { type Database, inTransaction } from '../storage/database.ts';
import type { Mail } from './mail.ts';
import { deleteMail, deleteReplacedMail, endClaim, type Outcome } from './mail-store.ts';

/** Writes down what became of an attempt to send a mail. A mail whose account was deleted meanwhile is gone. */
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
    // What became of a mail to a former address says nothing about the present one.
    if (kind !== 'invitation' || !isCurrent) return;
    if (state === 'sent') await noteMailSent(tx, accountId, at);
    // Whoever has used their code needs no mail any more.
    else if (reason !== 'code-used') await noteMailFailed(tx, accountId, at, reason ?? answer ?? '');
  });
}
