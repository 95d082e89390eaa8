import type { Account } from '../accounts/account.ts';
import type { Db } from '../storage/tables.ts';
import { isExpired } from './token.ts';
import { getListedToken, type ListedToken, listTokenRows } from './token-list-store.ts';

export type { ListedToken } from './token-list-store.ts';

export type TokenState = 'open' | 'used' | 'lost' | 'expired' | 'revoked';

export function stateOf(token: ListedToken, now: number): TokenState {
  if (token.claimedAt !== null && token.outcome !== 'lost') return 'used';
  if (token.revokedAt !== null) return 'revoked';
  if (token.claimedAt !== null) return 'lost';
  return isExpired(token, now) ? 'expired' : 'open';
}

interface TokenContext {
  readonly database: Db;
}

export function listTokens({ database }: TokenContext, { id }: Account): Promise<ListedToken[]> {
  return listTokenRows(database, id);
}

/** Returns the account's provisioning token with this decimal id. Throws `not-found` if there is none. */
export function getToken({ database }: TokenContext, { id }: Account, tokenId: string): Promise<ListedToken> {
  return getListedToken(database, id, tokenId);
}
