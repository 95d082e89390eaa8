import { updateAccountRow } from '../accounts/account-store.ts';
import { AppError } from '../errors.ts';
import type { Db } from '../storage/tables.ts';
import { isExpired } from './token.ts';
import { findListedToken, type ListedToken, setTokenExpiry } from './token-list-store.ts';
import { revokeToken } from './token-store.ts';

export type TokenState = 'open' | 'used' | 'lost' | 'expired' | 'revoked';

export function stateOf(token: ListedToken, now: number): TokenState {
  if (token.usedAt !== null && token.outcome !== 'lost') return 'used';
  if (token.revokedAt !== null) return 'revoked';
  if (token.usedAt !== null) return 'lost';
  return isExpired(token, now) ? 'expired' : 'open';
}

/** Ends one token; of one that ended before nothing changes. `db` is a transaction. */
export async function revokeTokenOf(db: Db, accountId: number, id: string, now: number): Promise<ListedToken> {
  const { id: known } = await lockedToken(db, accountId, id);
  await revokeToken(db, known, now);
  return tokenOf(db, accountId, id);
}

/** Gives an unused token, even an expired one, another end; null: none. `db` is a transaction. */
export async function extendToken(
  db: Db,
  accountId: number,
  id: string,
  expiresAt: number | null,
): Promise<ListedToken> {
  const token = await lockedToken(db, accountId, id);
  if (token.usedAt !== null || token.revokedAt !== null) {
    throw new AppError('conflict', 'Only a token that was neither used nor revoked can be extended: issue a new one.');
  }
  await setTokenExpiry(db, token.id, expiresAt);
  return { ...token, expiresAt };
}

/** The account first, as everywhere; its version also fails a redemption that is under way. */
async function lockedToken(db: Db, accountId: number, id: string): Promise<ListedToken> {
  await updateAccountRow(db, accountId, {});
  return tokenOf(db, accountId, id);
}

async function tokenOf(db: Db, accountId: number, id: string): Promise<ListedToken> {
  const token = /^[1-9]\d{0,8}$/.test(id) ? await findListedToken(db, accountId, Number(id)) : undefined;
  if (token === undefined)
    throw new AppError('not-found', 'This account has no such token: its list shows the ids of those it has.');
  return token;
}
