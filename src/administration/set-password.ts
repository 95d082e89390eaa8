import { actorOf, type Caller, ownSession } from '../access/caller.ts';
import type { AccountInSpace } from '../accounts/account.ts';
import { ensureCodeIn } from '../tokens/ensure-code.ts';
import type { TokenContext } from '../tokens/issue-token.ts';
import { changeOwnPasswordAnd, type OwnPassword, type OwnPasswordContext } from './change-own-password.ts';
import { type AccountUpdate, updateAccountAnd } from './update-account.ts';

/**
 * Changes an account and its password as a person does in the panel. Phones without a key then need a code. If it is
 * the caller's own password, the session goes on with another secret, which is returned; otherwise this returns
 * undefined.
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

/** Does the same where people give their old password to set their own. */
export function setOwnPassword(
  context: TokenContext & OwnPasswordContext,
  wish: OwnPassword,
): Promise<string | undefined> {
  return changeOwnPasswordAnd(context, wish, async (tx, by, { account, session }) => {
    await ensureCodeIn(tx, by, { account, space: wish.caller.space }, context);
    return session;
  });
}
