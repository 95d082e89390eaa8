import type { Account } from '../accounts/account.ts';
import { noteCodeEnded } from '../accounts/account-state-store.ts';
import { lockAccount } from '../accounts/account-store.ts';
import type { Actor } from '../events/actor.ts';
import { type ChangeContext, change } from '../events/change.ts';
import { recordEvent } from '../events/event-store.ts';
import { getListedToken, type ListedToken } from './token-list-store.ts';
import { revokeTokenRow, revokeTokens } from './token-store.ts';

/** Revokes one token. Does nothing if it is already revoked. */
export function revokeToken(
  context: ChangeContext,
  actor: Actor,
  { id: accountId }: Account,
  id: string,
): Promise<ListedToken> {
  return change(context, actor, async (tx, by) => {
    const { spaceId } = await lockAccount(tx, accountId);
    const token = await getListedToken(tx, accountId, id);
    if (token.revokedAt !== null) return token;
    await revokeTokenRow(tx, token.id, by.at);
    if (token.claimedAt === null) await noteCodeEnded(tx, accountId, by.at);
    await recordEvent(tx, { ...by, kind: 'token-revoked', spaceId, accountId, tokenId: token.id });
    return getListedToken(tx, accountId, id);
  });
}

export function revokeAllTokens(context: ChangeContext, actor: Actor, { id: accountId }: Account): Promise<void> {
  return change(context, actor, async (tx, by) => {
    const { spaceId } = await lockAccount(tx, accountId);
    const revoked = await revokeTokens(tx, accountId, by.at, 'provisioning');
    await noteCodeEnded(tx, accountId, by.at);
    if (revoked === 0) return;
    await recordEvent(tx, { ...by, kind: 'token-revoked', spaceId, accountId, detail: { codes: 'all' } });
  });
}
