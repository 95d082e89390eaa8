import type { ExpressionBuilder } from 'kysely';
import { maxRetryWindow } from '../spaces/space-settings.ts';
import type { Db, Tables, Transaction } from '../storage/tables.ts';
import { lostAnswersKeptMs } from './token.ts';

/** How long ended codes are kept, so that people can find out what happened to them. */
const endedCodesKeptMs = 90 * 24 * 60 * 60_000;
/** No answer is repeated this long after its token was used: retry windows begin when the answer ends. */
const repeatableMs = lostAnswersKeptMs + maxRetryWindow * 1_000;

/** Only codes are kept after they end. */
function isOver(now: number) {
  const before = now - endedCodesKeptMs;
  return ({ and, eb, or }: ExpressionBuilder<Tables, 'tokens'>) =>
    or([
      and([
        eb('kind', '!=', 'provisioning'),
        eb('expires_at', '<=', now),
        or([eb('claimed_at', 'is', null), eb('claimed_at', '<=', now - repeatableMs)]),
      ]),
      eb('revoked_at', '<', before),
      eb('claimed_at', '<', before),
      eb('expires_at', '<', before),
    ]);
}

/**
 * Looks at the first `limit` tokens after an id, and deletes those that nobody needs any more: codes long after they
 * end, and all other tokens soon. Returns the last id that it looked at, or undefined if there are no later tokens.
 */
export async function deleteEndedTokens(
  db: Db,
  { now, after }: { readonly now: number; readonly after: number },
  limit: number,
): Promise<number | undefined> {
  const page = await db
    .selectFrom('tokens')
    .select(['id', (of) => isOver(now)(of).as('is_over')])
    .where('id', '>', after)
    .orderBy('id')
    .limit(limit)
    .execute();
  const last = page.at(-1)?.id;
  if (last === undefined) return undefined;
  if (page.some(({ is_over }) => is_over)) {
    await db.deleteFrom('tokens').where('id', '>', after).where('id', '<=', last).where(isOver(now)).execute();
  }
  return page.length === limit ? last : undefined;
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
