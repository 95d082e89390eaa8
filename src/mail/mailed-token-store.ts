import type { Db } from '../storage/tables.ts';

/** The code or link in a mail. */
export interface MailedToken {
  readonly id: number;
  readonly hash: string;
  /** null if the token cannot be shown again. */
  readonly salt: string | null;
  readonly resetsPassword: boolean;
  readonly expiresAt: number | null;
  readonly revokedAt: number | null;
  readonly claimedAt: number | null;
}

/** Finds the token of a mail. Returns undefined if it has been deleted. */
export async function findMailedToken(db: Db, accountId: number, id: number): Promise<MailedToken | undefined> {
  const row = await db
    .selectFrom('tokens')
    .where('id', '=', id)
    .where('account_id', '=', accountId)
    .select([
      'id',
      'token_hash as hash',
      'salt',
      'resets_password',
      'expires_at as expiresAt',
      'revoked_at as revokedAt',
      'claimed_at as claimedAt',
    ])
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const { resets_password: resets, ...token } = row;
  return { ...token, resetsPassword: resets !== 0 };
}
