import type { Db } from '../storage/tables.ts';
import { lostAnswersKeptMs } from './token.ts';

/** How long ended tokens are kept, so that people can find out what happened to them. */
const endedTokensKeptMs = 90 * 24 * 60 * 60_000;

/** Deletes auth and setup tokens soon after they end, and all other tokens long after. */
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
