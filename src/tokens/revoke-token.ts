import type { Account } from '../accounts/account.ts';
import { noteCodeEnded } from '../accounts/account-state-store.ts';
import { lockAccount } from '../accounts/account-store.ts';
import type { Actor, By } from '../events/actor.ts';
import { type ChangeContext, change } from '../events/change.ts';
import { recordEvent } from '../events/event-store.ts';
import type { Transaction } from '../storage/tables.ts';
import { getListedToken, hasCodeToEnd, type ListedToken } from './token-list-store.ts';
import { revokeCodes, revokeTokenRow } from './token-store.ts';

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

/** Revokes all codes of an account, used ones too, so that none of them is answered again. */
export function revokeAllTokens(context: ChangeContext, actor: Actor, { id }: Account): Promise<void> {
  return change(context, actor, async (tx, by) => {
    await recordEndOfCodes(tx, by, await lockAccount(tx, id));
    await revokeCodes(tx, id, by.at);
    await noteCodeEnded(tx, id, by.at);
  });
}

/** Records that the codes of a locked account are about to be revoked. Does nothing if no phone could use one. */
export async function recordEndOfCodes(tx: Transaction, by: By, { id: accountId, spaceId }: Account): Promise<void> {
  if (!(await hasCodeToEnd(tx, accountId, by.at))) return;
  await recordEvent(tx, { ...by, kind: 'token-revoked', spaceId, accountId, detail: { codes: 'all' } });
}
