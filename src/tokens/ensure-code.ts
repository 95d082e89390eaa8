import type { AccountInSpace } from '../accounts/account.ts';
import { lockAccount } from '../accounts/account-store.ts';
import type { Actor, By } from '../events/actor.ts';
import { change } from '../events/change.ts';
import type { Transaction } from '../storage/tables.ts';
import { issueTokenIn, type TokenContext } from './issue-token.ts';
import { tokenExpiry } from './token-expiry.ts';
import { findOpenCode } from './token-list-store.ts';

/** Issues a code if the account has none that is valid. A blocked account gets none. */
export function ensureCode(context: TokenContext, actor: Actor, found: AccountInSpace): Promise<void> {
  return change(context, actor, (tx, by) => ensureCodeIn(tx, by, found, context));
}

/** Does the same inside a transaction. */
export async function ensureCodeIn(
  tx: Transaction,
  by: By,
  { account, space }: AccountInSpace,
  { tokenLifetimeMs, codes }: Pick<TokenContext, 'tokenLifetimeMs' | 'codes'>,
): Promise<void> {
  // The lock comes before the look, so that of many calls at once one issues a code.
  const { blockedAt } = await lockAccount(tx, account.id);
  if (blockedAt !== null || (await findOpenCode(tx, account.id, by.at)) !== undefined) return;
  const expiresAt = tokenExpiry(by.at, space, tokenLifetimeMs, {});
  await issueTokenIn(tx, by, { accountId: account.id, code: codes.make(), expiresAt });
}
