import type { AccountInSpace } from '../accounts/account.ts';
import { lockAccount } from '../accounts/account-store.ts';
import type { Actor, By } from '../events/actor.ts';
import { change } from '../events/change.ts';
import type { Transaction } from '../storage/tables.ts';
import { issueTokenIn, type TokenContext } from './issue-token.ts';
import { tokenExpiry } from './token-expiry.ts';
import { findOpenCode } from './token-list-store.ts';

/** Issues a code if the account has no valid one. Does nothing for a blocked account. */
export function ensureCode(context: TokenContext, actor: Actor, found: AccountInSpace): Promise<void> {
  return change(context, actor, (tx, by) => ensureCodeIn(tx, by, found, context));
}

/** Issues a code like `ensureCode`, inside a transaction. */
export async function ensureCodeIn(
  tx: Transaction,
  by: By,
  { account, space }: AccountInSpace,
  { tokenLifetimeMs, codes }: Pick<TokenContext, 'tokenLifetimeMs' | 'codes'>,
): Promise<void> {
  // Locked before the check, so that only one of several concurrent calls issues a code.
  const { blockedAt } = await lockAccount(tx, account.id);
  if (blockedAt !== null || (await findOpenCode(tx, account.id, by.at)) !== undefined) return;
  const expiresAt = tokenExpiry(by.at, space, tokenLifetimeMs, {});
  await issueTokenIn(tx, by, { accountId: account.id, code: codes.make(), expiresAt });
}
