import type { AccountInSpace } from '../accounts/account.ts';
import { noteCode } from '../accounts/account-state-store.ts';
import { lockAccount } from '../accounts/account-store.ts';
import { AppError } from '../errors.ts';
import type { Actor } from '../events/actor.ts';
import { change } from '../events/change.ts';
import { recordEvent } from '../events/event-store.ts';
import type { TokenContext } from './issue-token.ts';
import { isExpiryOf, tokenExpiry, type WishedExpiry } from './token-expiry.ts';
import { getListedToken, type ListedToken, setTokenExpiry } from './token-list-store.ts';

/**
 * Sets a new expiry for an unused token, even if it has expired. By default, it expires like a token that is issued
 * now. Records nothing if the token has this expiry already.
 */
export function extendToken(
  context: TokenContext,
  actor: Actor,
  { account: { id: accountId }, space }: AccountInSpace,
  { id, wish }: { readonly id: string; readonly wish: WishedExpiry },
): Promise<ListedToken> {
  return change(context, actor, async (tx, by) => {
    await lockAccount(tx, accountId);
    const token = await getListedToken(tx, accountId, id);
    if (token.claimedAt !== null || token.revokedAt !== null) {
      throw new AppError('conflict', { why: 'token-ended' });
    }
    if (isExpiryOf(token, wish)) return token;
    const expiresAt = tokenExpiry(by.at, space, context.tokenLifetimeMs, wish);
    await setTokenExpiry(tx, token.id, expiresAt);
    await noteCode(tx, accountId, { at: token.createdAt, expiresAt });
    const event = { ...by, kind: 'token-extended', spaceId: space.id, accountId, tokenId: token.id } as const;
    await recordEvent(tx, { ...event, detail: { expires_at: expiresAt } });
    return { ...token, expiresAt };
  });
}
