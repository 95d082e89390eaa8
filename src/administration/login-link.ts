import { rememberNetwork } from '../access/familiar-network-store.ts';
import { type Browser, startSessionIn } from '../access/sessions.ts';
import type { Account, AccountInSpace } from '../accounts/account.ts';
import { findLockedAccount, lockAccount } from '../accounts/account-store.ts';
import { AppError } from '../errors.ts';
import type { Actor } from '../events/actor.ts';
import { type ChangeContext, change } from '../events/change.ts';
import { recordEvent } from '../events/event-store.ts';
import { clientNetwork } from '../lib/client-address.ts';
import { hashSecret, randomToken } from '../lib/random-token.ts';
import { inTransaction } from '../storage/database.ts';
import { isTokenOpen } from '../tokens/auth-token-store.ts';
import { claimUnansweredToken } from '../tokens/claim-store.ts';
import { isOpen } from '../tokens/token.ts';
import { findToken, insertToken, revokeTokens } from '../tokens/token-store.ts';
import { loginUrl } from '../tokens/token-urls.ts';

const lifetimeMs = 10 * 60_000;

export interface LoginLinkContext extends ChangeContext {
  readonly publicUrl: string;
}

export interface LoginLink {
  readonly url: string;
  readonly expiresAt: number;
}

/** Issues a link that signs in once and is valid for ten minutes. Revokes the account's earlier links. */
export function issueLoginLink(
  context: LoginLinkContext,
  actor: Actor,
  { account: { id }, space }: AccountInSpace,
): Promise<LoginLink> {
  const token = randomToken();
  return change(context, actor, async (tx, by) => {
    const { blockedAt, spaceId } = await lockAccount(tx, id);
    if (blockedAt !== null) throw new AppError('conflict', { why: 'account-blocked' });
    await revokeTokens(tx, id, by.at, 'login');
    const expiresAt = by.at + lifetimeMs;
    await insertToken(tx, { kind: 'login', hash: hashSecret(token), accountId: id, createdAt: by.at, expiresAt });
    await recordEvent(tx, { ...by, kind: 'login-link-issued', spaceId, accountId: id });
    return { url: loginUrl(space, context.publicUrl, token), expiresAt };
  });
}

/** Returns whether the link still works, without using it up. */
export function isLoginLinkOpen({ database, now }: ChangeContext, token: string): Promise<boolean> {
  return isTokenOpen(database, 'login', hashSecret(token), now());
}

/** Returns whether the link was issued for this account, even if it no longer works. */
export async function isLoginLinkOf(
  { database }: ChangeContext,
  token: string,
  { account }: AccountInSpace,
): Promise<boolean> {
  const found = await findToken(database, 'login', hashSecret(token));
  return found?.account.id === account.id;
}

/**
 * Uses up the link. Returns the account and the secret of its new session, or throws `not-found`. Records no event, as
 * no sign-in does: issuing the link has recorded one.
 */
export async function signInByLink(
  { database, now }: ChangeContext,
  token: string,
  browser: Browser,
): Promise<{ readonly account: Account; readonly secret: string }> {
  const hash = hashSecret(token);
  const found = await findToken(database, 'login', hash);
  // Strangers can send any text. It must not take the lock that a write takes.
  if (found === undefined || !isOpen(found.token, now()) || found.account.blockedAt !== null) throw loginLinkNotFound();
  return inTransaction(database, async (tx) => {
    const at = now();
    const account = await findLockedAccount(tx, found.account.id);
    if (account === undefined || account.blockedAt !== null) throw loginLinkNotFound();
    if ((await claimUnansweredToken(tx, 'login', hash, at)) === undefined) throw loginLinkNotFound();
    await rememberNetwork(tx, account.id, clientNetwork(browser.address), at);
    return { account, secret: await startSessionIn(tx, account.id, at, browser) };
  });
}

/** Returns the failure of a link that does not sign in. It is the same for every reason. */
export function loginLinkNotFound(): AppError {
  return new AppError('not-found', { what: 'login-link' });
}
