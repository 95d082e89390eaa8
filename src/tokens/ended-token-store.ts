import type { Db, Transaction } from '../storage/tables.ts';
import { lostAnswersKeptMs } from './token.ts';

/** How long ended tokens are kept, so that people can find out what happened to them. */
const endedTokensKeptMs = 90 * 24 * 60 * 60_000;

/** Deletes auth and setup tokens soon after they end, and all other tokens much later. */
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

/** Ends all open tokens of every kind. Returns how many there were. */
export async function endOpenTokens(tx: Transaction, now: number): Promise<number> {
  // Deleted instead of revoked, because attaching an auth token does not check `revoked_at`.
  const { numDeletedRows } = await tx
    .deleteFrom('tokens')
    .where('kind', '=', 'auth')
    .where('claimed_at', 'is', null)
    .executeTakeFirst();
  const { numUpdatedRows } = await tx
    .updateTable('tokens')
    .set({ revoked_at: now })
    .where('claimed_at', 'is', null)
    .where('revoked_at', 'is', null)
    .where((row) => row.or([row('expires_at', 'is', null), row('expires_at', '>', now)]))
    .executeTakeFirst();
  return Number(numDeletedRows) + Number(numUpdatedRows);
}
