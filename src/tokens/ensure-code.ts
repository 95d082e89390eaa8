import type { AccountInSpace } from '../accounts/account.ts';
import { lockAccount } from '../accounts/account-store.ts';
import type { Actor } from '../events/actor.ts';
import { change } from '../events/change.ts';
import { issueTokenIn, type TokenContext } from './issue-token.ts';
import { tokenExpiry } from './token-expiry.ts';
import { findOpenCode } from './token-list-store.ts';

/** Issues a code if the account has none that is valid. A blocked account gets none. */
export function ensureCode(context: TokenContext, actor: Actor, { account, space }: AccountInSpace): Promise<void> {
  return change(context, actor, async (tx, by) => {
    // The lock comes before the look, so that of many calls at once one issues a code.
    const { blockedAt } = await lockAccount(tx, account.id);
    if (blockedAt !== null || (await findOpenCode(tx, account.id, by.at)) !== undefined) return;
    const expiresAt = tokenExpiry(by.at, space, context.tokenLifetimeMs, {});
    await issueTokenIn(tx, by, { accountId: account.id, code: context.codes.make(), expiresAt });
  });
}
