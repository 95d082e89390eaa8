import type { Account } from '../accounts/account.ts';
import type { Db } from '../storage/tables.ts';
import { isExpired } from './token.ts';
import { type ListedToken, listTokenRows } from './token-list-store.ts';

export type { ListedToken } from './token-list-store.ts';

export type TokenState = 'open' | 'used' | 'lost' | 'expired' | 'revoked';

export function stateOf(token: ListedToken, now: number): TokenState {
  if (token.claimedAt !== null && token.outcome !== 'lost') return 'used';
  if (token.revokedAt !== null) return 'revoked';
  if (token.claimedAt !== null) return 'lost';
  return isExpired(token, now) ? 'expired' : 'open';
}

/** Lists the account's provisioning tokens, newest first. */
export function listTokens({ database }: { readonly database: Db }, { id }: Account): Promise<ListedToken[]> {
  return listTokenRows(database, id);
}
