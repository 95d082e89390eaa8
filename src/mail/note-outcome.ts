import { noteMailFailed, noteMailSent } from '../accounts/account-state-store.ts';
import { findLockedAccount } from '../accounts/account-store.ts';
import { recordEvent } from '../events/event-store.ts';
import { type Database, inTransaction } from '../storage/database.ts';
import type { Mail } from './mail.ts';
import { deleteReplacedMail, endClaim, type Outcome } from './mail-store.ts';

/** Writes down what became of an attempt to send a mail. A mail whose account was deleted meanwhile is gone. */
export async function noteOutcome(
  { database, bootId }: { readonly database: Database; readonly bootId: string },
  mail: Mail,
  outcome: Outcome,
): Promise<void> {
  const { id, kind, accountId, spaceId, tokenId, recipient } = mail;
  const { state, answer, reason, at } = outcome;
  await inTransaction(database, async (tx) => {
    if ((await findLockedAccount(tx, accountId)) === undefined) return;
    if (!(await endClaim(tx, id, bootId, outcome))) return;
    if (state === 'waiting') return deleteReplacedMail(tx, mail);
    const detail = {
      mail: kind,
      to: recipient,
      ...(reason === null ? {} : { reason }),
      ...(answer === null ? {} : { answer }),
    };
    const event = { at, spaceId, accountId, tokenId, detail };
    await recordEvent(tx, { ...event, kind: state === 'sent' ? 'mail-sent' : 'mail-failed' });
    if (kind !== 'invitation') return;
    if (state === 'sent') await noteMailSent(tx, accountId, at);
    // Whoever has used their code needs no mail any more.
    else if (reason !== 'code-used') await noteMailFailed(tx, accountId, at, reason ?? answer ?? '');
  });
}
