import type { Transaction } from '../storage/tables.ts';

// Here and not in `mail/`, which stands above: changes of an account end its mails.

/** Deletes the account's waiting mails of one kind, or of all kinds, except those that a process is sending. */
export async function deleteWaitingMails(tx: Transaction, accountId: number, kind?: string): Promise<void> {
  const waiting = tx
    .deleteFrom('mails')
    .where('account_id', '=', accountId)
    .where('state', '=', 'waiting')
    .where('claimed_by', 'is', null);
  await (kind === undefined ? waiting : waiting.where('kind', '=', kind)).execute();
}
