import type { Db } from '../storage/tables.ts';
import type { TokenKind } from './token.ts';

// Auth and setup tokens: made before anybody knows whose they will be.

export async function countOpenAuthTokens(db: Db, now: number): Promise<number> {
  const { total } = await db
    .selectFrom('tokens')
    .where('kind', '=', 'auth')
    .where('expires_at', '>', now)
    .where('claimed_at', 'is', null)
    .select((of) => of.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow();
  return Number(total);
}

/** Gives an open auth token its account; false when it is unknown, has ended or has one already. */
export async function attachAuthToken(db: Db, hash: string, accountId: number, now: number): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('tokens')
    .set({ account_id: accountId })
    .where('token_hash', '=', hash)
    .where('kind', '=', 'auth')
    .where('account_id', 'is', null)
    .where('claimed_at', 'is', null)
    .where('expires_at', '>', now)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** Uses a token up whose answer is no document; its account id (null: it has none), or undefined if it is not open. */
export async function claimUnansweredToken(
  db: Db,
  kind: TokenKind,
  hash: string,
  now: number,
): Promise<number | null | undefined> {
  const row = await db
    .updateTable('tokens')
    .set((of) => ({ claimed_at: now, outcome: 'delivered', attempts: of('attempts', '+', 1) }))
    .where('token_hash', '=', hash)
    .where('kind', '=', kind)
    .where('claimed_at', 'is', null)
    .where('revoked_at', 'is', null)
    .where('expires_at', '>', now)
    .returning('account_id')
    .executeTakeFirst();
  return row?.account_id;
}

export async function isTokenOpen(db: Db, kind: TokenKind, hash: string, now: number): Promise<boolean> {
  const row = await db
    .selectFrom('tokens')
    .select('id')
    .where('token_hash', '=', hash)
    .where('kind', '=', kind)
    .where('claimed_at', 'is', null)
    .where('revoked_at', 'is', null)
    .where('expires_at', '>', now)
    .executeTakeFirst();
  return row !== undefined;
}

/** Ends all tokens of a kind that belong to no account. */
export async function revokeUnowned(db: Db, kind: TokenKind, now: number): Promise<void> {
  await db
    .updateTable('tokens')
    .set({ revoked_at: now })
    .where('kind', '=', kind)
    .where('account_id', 'is', null)
    .where('revoked_at', 'is', null)
    .execute();
}
