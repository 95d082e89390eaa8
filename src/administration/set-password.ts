import { actorOf, type Caller, ownSession } from '../access/caller.ts';
import type { AccountInSpace } from '../accounts/account.ts';
import { ensureCodeIn } from '../tokens/ensure-code.ts';
import type { TokenContext } from '../tokens/issue-token.ts';
import { changeOwnPasswordAnd, type OwnPassword, type OwnPasswordContext } from './change-own-password.ts';
import { type AccountUpdate, updateAccountAnd } from './update-account.ts';

/**
 * Changes an account and its password, and makes sure that phones without a key can get the password by a code. If it
 * is the caller's own password, returns the new secret of the caller's session; otherwise undefined.
 */
export function setPassword(
  context: TokenContext,
  caller: Caller,
  found: AccountInSpace,
  changes: Omit<AccountUpdate, 'askedBy'> & { readonly password: string },
): Promise<string | undefined> {
  const { account, space } = found;
  const update = { ...changes, askedBy: { session: ownSession(caller, account)?.id } };
  return updateAccountAnd(context, actorOf(caller), { found, update }, async (tx, by, updated) => {
    await ensureCodeIn(tx, by, { account: updated.account, space }, context);
    return updated.session;
  });
}

/** Sets the caller's own password after checking the old one, and makes sure of a code as `setPassword` does. */
export function setOwnPassword(
  context: TokenContext & OwnPasswordContext,
  wish: OwnPassword,
): Promise<string | undefined> {
  return changeOwnPasswordAnd(context, wish, async (tx, by, { account, session }) => {
    await ensureCodeIn(tx, by, { account, space: wish.caller.space }, context);
    return session;
  });
}
