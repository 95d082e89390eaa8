import type { AccountInSpace } from '../accounts/account.ts';
import type { AccountContext } from '../accounts/find-account.ts';
import { AppError } from '../errors.ts';
import { oneself } from '../events/actor.ts';
import { change } from '../events/change.ts';
import { hashSecret } from '../lib/random-token.ts';
import { ensureCodeIn } from '../tokens/ensure-code.ts';
import type { TokenContext } from '../tokens/issue-token.ts';
import { isOpen } from '../tokens/token.ts';
import { findToken, useToken } from '../tokens/token-store.ts';
import { lockForPassword, storePasswordIn, type WithNewPassword } from './new-password.ts';

export interface ResetContext extends TokenContext, AccountContext {}

/** Returns the account that a link to a new password is for, or undefined if the link is not valid. */
export async function findPasswordReset(context: ResetContext, secret: string): Promise<AccountInSpace | undefined> {
  const found = await findToken(context.database, 'password-reset', hashSecret(secret));
  if (found === undefined) return undefined;
  const { token, account } = found;
  const space = await context.spaces.findByRow(account);
  const isUsable = isOpen(token, context.now()) && account.blockedAt === null;
  return isUsable && space !== undefined ? { account, space } : undefined;
}

/** For this long after a link was used, it can still lead to the sign-in. */
const justUsedMs = 60_000;

/** Returns whether the link has set a password within the last minute. */
export async function hasJustReset({ database, now }: ResetContext, secret: string): Promise<boolean> {
  const found = await findToken(database, 'password-reset', hashSecret(secret));
  const claimedAt = found?.token.claimedAt ?? null;
  return claimedAt !== null && now() - claimedAt < justUsedMs;
}

/**
 * Uses up the link, sets the password, ends all sign-ins of the account, and makes sure of a code for phones that have
 * the former password. Throws `not-found` if the link is not valid.
 */
export async function resetPassword(context: ResetContext, secret: string, password: string): Promise<WithNewPassword> {
  const found = await findPasswordReset(context, secret);
  if (found === undefined) throw resetLinkNotFound();
  const { account: known } = found;
  return change(context, { ...oneself(known), isInPanel: true }, async (tx, by) => {
    const locked = await lockForPassword(tx, known);
    if (locked.account.blockedAt !== null || !(await useToken(tx, 'password-reset', hashSecret(secret), by.at))) {
      throw resetLinkNotFound();
    }
    const changed = await storePasswordIn(tx, by, locked, { password, revokeDevices: false });
    await ensureCodeIn(tx, by, locked, context);
    return changed;
  });
}

/** Returns the failure of a link that sets no password. It is the same for every reason. */
export function resetLinkNotFound(): AppError {
  return new AppError('not-found', { what: 'reset-link' });
}
