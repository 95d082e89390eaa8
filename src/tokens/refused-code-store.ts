import type { Refusal } from '../events/event.ts';
import type { RecordedEvent } from '../events/event-log.ts';
import type { Transaction } from '../storage/tables.ts';

/**
 * Reasons that say nothing about the last code, because an earlier code was requested or another request received the
 * account.
 */
const aboutOthers: readonly unknown[] = ['used', 'answering-elsewhere', 'superseded', 'blocked'] satisfies Refusal[];

/** Marks accounts whose last code was refused as failed, unless a phone has received the account with it meanwhile. */
export async function noteRefusedCodes(tx: Transaction, events: readonly RecordedEvent[]): Promise<void> {
  for (const event of events) {
    const { kind, accountId, tokenId, at, detail = {} } = event;
    if (kind !== 'refused' || accountId === null || aboutOthers.includes(detail.reason)) continue;
    await tx
      .updateTable('account_states')
      .set({ failed_at: at, failure: String(detail.reason) })
      .where('account_id', '=', accountId)
      .where(({ exists, selectFrom }) => {
        const last = selectFrom('tokens')
          .where('account_id', '=', accountId)
          .where('kind', '=', 'provisioning')
          .select((of) => of.fn.max('id').as('id'));
        const unused = selectFrom('tokens').select('tokens.id').where('tokens.claimed_at', 'is', null);
        const refused = unused.where('tokens.id', '=', tokenId ?? 0).where('tokens.id', '=', last);
        // The event may be written only after somebody has extended the code.
        const lastAt = 'lastAt' in event ? event.lastAt : at;
        return exists(detail.reason === 'expired' ? refused.where('tokens.expires_at', '<=', lastAt) : refused);
      })
      .execute();
  }
}
