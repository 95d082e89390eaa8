import { actorOf, type Caller } from '../access/caller.ts';
import { renewSessionIn } from '../access/sessions.ts';
import type { AccountInSpace } from '../accounts/account.ts';
import type { AccountChanges } from '../accounts/account-fields.ts';
import type { By } from '../events/actor.ts';
import type { Transaction } from '../storage/tables.ts';
import { ensureCodeIn } from '../tokens/ensure-code.ts';
import type { TokenContext } from '../tokens/issue-token.ts';
import { changeOwnPasswordAnd, type OwnPassword, type OwnPasswordContext } from './change-own-password.ts';
import { updateAccountAnd } from './update-account.ts';

/**
 * Changes an account and its password as a person does in the panel. Phones without a key then need a code. If it is
 * the caller's own password, the session goes on with another secret, which is returned; otherwise this returns
 * undefined.
 */
export function setPassword(
  context: TokenContext,
  caller: Caller,
  found: AccountInSpace,
  changes: AccountChanges & { readonly password: string },
): Promise<string | undefined> {
  const { account, space } = found;
  const session = account.id === caller.account.id ? caller.session : undefined;
  const update = { ...changes, askedBy: { session: session?.id } };
  return updateAccountAnd(context, actorOf(caller), { found, update }, (tx, by, updated) =>
    followIn(tx, by, { context, session, found: { account: updated.account, space } }),
  );
}

/** Does the same where people give their old password to set their own. */
export async function setOwnPassword(
  context: TokenContext & OwnPasswordContext,
  wish: OwnPassword,
): Promise<string | undefined> {
  const { space, session } = wish.caller;
  return changeOwnPasswordAnd(context, wish, (tx, by, { account }) =>
    followIn(tx, by, { context, session, found: { account, space } }),
  );
}

async function followIn(
  tx: Transaction,
  by: By,
  of: { readonly context: TokenContext; readonly session: Caller['session']; readonly found: AccountInSpace },
): Promise<string | undefined> {
  await ensureCodeIn(tx, by, of.found, of.context);
  return of.session === undefined ? undefined : renewSessionIn(tx, of.session.id, by.at);
}
