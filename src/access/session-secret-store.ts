import type { Db, Transaction } from '../storage/tables.ts';

/** Replaces the secret of a session. Earlier secrets no longer work. Returns whether the session still exists. */
export async function renewSession(tx: Transaction, id: number, hash: string, confirmedAt: number): Promise<boolean> {
  const changes = { token_hash: hash, previous_hash: null, confirmed_at: confirmedAt };
  const { numUpdatedRows } = await tx
    .updateTable('sessions')
    .set(changes)
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  return numUpdatedRows > 0n;
}

/**
 * Replaces the secret of a session like `renewSession`, but the one that the browser has works until the new one is
 * used. Returns false, and changes nothing, if the current secret has not been used and is newer than `renewedBefore`.
 */
export async function confirmSession(
  tx: Transaction,
  id: number,
  { hash, now, renewedBefore }: { readonly hash: string; readonly now: number; readonly renewedBefore: number },
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('sessions')
    .set(({ fn }) => ({
      token_hash: hash,
      previous_hash: fn.coalesce('previous_hash', 'token_hash'),
      confirmed_at: now,
    }))
    .where('id', '=', id)
    .where((row) => row.or([row('previous_hash', 'is', null), row('confirmed_at', '<=', renewedBefore)]))
    .executeTakeFirstOrThrow();
  return numUpdatedRows > 0n;
}

/** Ends the previous secret of the session whose current secret has this hash. */
export async function endPreviousSecret(db: Db, hash: string): Promise<void> {
  await db.updateTable('sessions').set({ previous_hash: null }).where('token_hash', '=', hash).execute();
}
