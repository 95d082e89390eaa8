import type { Account } from '../accounts/account.ts';
import { updateAccountRow } from '../accounts/account-store.ts';
import type { ChangedBy } from '../administration/account-events.ts';
import { AppError } from '../errors.ts';
import type { NewEvent } from '../events/event.ts';
import { recordEvent } from '../events/event-store.ts';
import type { Db } from '../storage/tables.ts';
import { isExpired } from './token.ts';
import { findListedToken, type ListedToken, setTokenExpiry } from './token-list-store.ts';
import { revokeToken, revokeTokens } from './token-store.ts';

export type TokenState = 'open' | 'used' | 'lost' | 'expired' | 'revoked';

export function stateOf(token: ListedToken, now: number): TokenState {
  if (token.usedAt !== null && token.outcome !== 'lost') return 'used';
  if (token.revokedAt !== null) return 'revoked';
  if (token.usedAt !== null) return 'lost';
  return isExpired(token, now) ? 'expired' : 'open';
}

/** Ends one token; of one that ended before nothing changes. `db` is a transaction. */
export async function revokeTokenOf(db: Db, account: Account, id: string, by: ChangedBy): Promise<ListedToken> {
  const token = await lockedToken(db, account.id, id);
  if (token.revokedAt !== null) return token;
  await revokeToken(db, token.id, by.at);
  await recordTokenEvent(db, account, by, { kind: 'token-revoked', tokenId: token.id });
  return tokenOf(db, account.id, id);
}

/** Ends all provisioning tokens of the account. `db` is a transaction. */
export async function revokeAllTokens(db: Db, account: Account, by: ChangedBy): Promise<void> {
  const ended = await revokeTokens(db, account.id, by.at, 'provisioning');
  if (ended > 0) await recordTokenEvent(db, account, by, { kind: 'token-revoked', detail: { codes: 'all' } });
}

function recordTokenEvent(
  db: Db,
  { id: accountId, spaceId }: Account,
  by: ChangedBy,
  event: Pick<NewEvent, 'kind' | 'tokenId' | 'detail'>,
): Promise<void> {
  return recordEvent(db, { ...by, spaceId, accountId, ...event });
}

/** Gives an unused token, even an expired one, another end; null: none. `db` is a transaction. */
export async function extendToken(
  db: Db,
  account: Account,
  id: string,
  expiresAt: number | null,
  by: ChangedBy,
): Promise<ListedToken> {
  const token = await lockedToken(db, account.id, id);
  if (token.usedAt !== null || token.revokedAt !== null) {
    throw new AppError('conflict', 'Only a token that was neither used nor revoked can be extended: issue a new one.');
  }
  await setTokenExpiry(db, token.id, expiresAt);
  const detail = { expires_at: expiresAt };
  await recordTokenEvent(db, account, by, { kind: 'token-extended', tokenId: token.id, detail });
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
