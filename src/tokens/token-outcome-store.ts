import type { Db } from '../storage/tables.ts';
import { lostAnswersKeptMs, type Outcome } from './token.ts';

const outcomesAtOnce = 100;

/** Writes down how answers fared; `attempt` keeps a late report from touching a newer claim. */
export async function recordOutcome(
  db: Db,
  outcome: Outcome,
  attempt: number,
  tokenIds: readonly number[],
): Promise<void> {
  await db.transaction().execute(async (all) => {
    for (let start = 0; start < tokenIds.length; start += outcomesAtOnce) {
      // Always so many, the last ones twice: each other number would be another statement to prepare and to keep.
      const chunk = tokenIds.slice(start, start + outcomesAtOnce);
      const ids = chunk.concat(Array(outcomesAtOnce - chunk.length).fill(chunk[0]));
      await all
        .updateTable('tokens')
        .set({ outcome })
        .where('id', 'in', ids)
        .where('attempts', '=', attempt)
        .where('outcome', '=', 'answering')
        .execute();
    }
  });
}

/** How long tokens that can never be answered again are kept for whoever asks what became of them. */
const endedTokensKeptMs = 90 * 24 * 60 * 60_000;

/** Forgets auth and setup tokens as they end, and provisioning tokens long after. */
export async function deleteEndedTokens(db: Db, now: number): Promise<void> {
  const lostAnswersOver = now - lostAnswersKeptMs;
  await db
    .deleteFrom('tokens')
    .where('kind', '!=', 'provisioning')
    .where((row) =>
      row.or([
        row.and([row('expires_at', '<=', now), row('claimed_at', 'is', null)]),
        row.and([row('expires_at', '<=', now), row('claimed_at', '<=', lostAnswersOver)]),
      ]),
    )
    .execute();
  await db
    .deleteFrom('tokens')
    .where((row) =>
      row.or([
        row('revoked_at', '<', now - endedTokensKeptMs),
        row('claimed_at', '<', now - endedTokensKeptMs),
        row('expires_at', '<', now - endedTokensKeptMs),
      ]),
    )
    .execute();
}
