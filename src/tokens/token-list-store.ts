import type { Db } from '../storage/tables.ts';

/** What an administrator may know of a provisioning token: not enough to use it. Instants in epoch milliseconds. */
export interface ListedToken {
  readonly id: number;
  /** The first letters of the secret. null: issued by a version that did not keep them, nor who issued. */
  readonly prefix: string | null;
  /** Who issued it, in words. */
  readonly issuer: string | null;
  readonly createdAt: number;
  readonly expiresAt: number | null;
  readonly revokedAt: number | null;
  readonly usedAt: number | null;
  readonly outcome: string | null;
}

function ofAccount(db: Db, accountId: number) {
  return db
    .selectFrom('tokens')
    .where('account_id', '=', accountId)
    .where('kind', '=', 'provisioning')
    .select([
      'id',
      'prefix',
      'issuer',
      'created_at as createdAt',
      'expires_at as expiresAt',
      'revoked_at as revokedAt',
      'claimed_at as usedAt',
      'outcome',
    ]);
}

/** The newest first. */
export function listTokens(db: Db, accountId: number): Promise<ListedToken[]> {
  return ofAccount(db, accountId).orderBy('id', 'desc').execute();
}

export function findListedToken(db: Db, accountId: number, id: number): Promise<ListedToken | undefined> {
  return ofAccount(db, accountId).where('id', '=', id).executeTakeFirst();
}

export async function setTokenExpiry(db: Db, id: number, expiresAt: number | null): Promise<void> {
  await db.updateTable('tokens').set({ expires_at: expiresAt }).where('id', '=', id).execute();
}
