import type { Db } from '../storage/tables.ts';

/** Longer than a running process needs to store how an answer ended. */
const settledWithinMs = 10 * 60_000;

/** Marks accounts as failed whose last code was claimed by a process that ended before it could store the outcome. */
export async function noteOrphanedClaims(db: Db, now: number): Promise<void> {
  await db
    .updateTable('account_states')
    .set({ code_at: null, code_ends_at: null, failed_at: now - settledWithinMs, failure: 'lost' })
    .where('code_ends_at', 'is not', null)
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('tokens')
          .whereRef('tokens.account_id', '=', 'account_states.account_id')
          .where('tokens.kind', '=', 'provisioning')
          .where('tokens.outcome', '=', 'answering')
          .where('tokens.claimed_at', '<', now - settledWithinMs)
          .where(({ not, exists: anyOf, selectFrom: from }) => {
            const newer = from('tokens as newer').whereRef('newer.account_id', '=', 'tokens.account_id');
            return not(
              anyOf(
                newer
                  .where('newer.kind', '=', 'provisioning')
                  .whereRef('newer.id', '>', 'tokens.id')
                  .select('newer.id'),
              ),
            );
          })
          .select('tokens.id'),
      ),
    )
    .execute();
}
