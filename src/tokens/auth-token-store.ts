import { type Step, statement, sweep } from '../storage/statement.ts';
import type { Db, Transaction } from '../storage/tables.ts';
import type { TokenKind } from './token.ts';

// Auth and setup tokens are created before their account is known.

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

/**
 * Attaches an open auth token to an account. Returns false if the token is unknown, has ended or is already attached.
 */
export async function attachAuthTokenRow(
  tx: Transaction,
  hash: string,
  accountId: number,
  now: number,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
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

/** Returns the account that an auth token is attached to. */
export async function findAttachedAccountId(db: Db, hash: string): Promise<number | undefined> {
  const of = db.selectFrom('tokens').select('account_id').where('token_hash', '=', hash).where('kind', '=', 'auth');
  return (await of.executeTakeFirst())?.account_id ?? undefined;
}

function revokingAttached(db: Db, at: { readonly accountId: number; readonly now: number }) {
  return db
    .updateTable('tokens')
    .set({ revoked_at: at.now })
    .where('account_id', '=', at.accountId)
    .where('kind', '=', 'auth')
    .where('claimed_at', 'is', null)
    .where('revoked_at', 'is', null);
}

const revokeAttached = statement<{ accountId: number; now: number }>()(revokingAttached);

export function attachedAuthTokensStep(accountId: number, now: number): Step {
  return sweep(revokeAttached, { accountId, now });
}

/** Revokes the auth tokens that are attached to an account and not used yet. */
export async function revokeAttachedAuthTokens(tx: Transaction, accountId: number, now: number): Promise<void> {
  await revokingAttached(tx, { accountId, now }).execute();
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

/** Revokes all tokens of a kind that belong to no account. */
export async function revokeUnowned(tx: Transaction, kind: TokenKind, now: number): Promise<void> {
  await tx
    .updateTable('tokens')
    .set({ revoked_at: now })
    .where('kind', '=', kind)
    .where('account_id', 'is', null)
    .where('revoked_at', 'is', null)
    .execute();
}
