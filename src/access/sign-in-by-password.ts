import type { Account } from '../accounts/account.ts';
import { findAccountByUsername, findLockedAccount } from '../accounts/account-store.ts';
import { parseOwnName } from '../accounts/find-account.ts';
import { isPasswordOf } from '../accounts/passwords.ts';
import { type AppError, invalidFields } from '../errors.ts';
import { clientNetwork } from '../lib/client-address.ts';
import type { Space } from '../spaces/space.ts';
import { inTransaction } from '../storage/database.ts';
import { isFamiliarNetwork, rememberNetwork } from './familiar-network-store.ts';
import { type Browser, type SessionContext, startSessionIn } from './sessions.ts';
import type { SignInLimits } from './sign-in-limits.ts';

export interface SignInContext extends SessionContext {
  readonly signInLimits: SignInLimits;
}

export interface SignIn {
  /** A user name, or a user name with its domain. */
  readonly name: string;
  readonly password: string;
  /** The `Host` of the request. A user name without a domain belongs to the space of this host. */
  readonly host: string | undefined;
  readonly browser: Browser;
}

export interface SignedIn {
  readonly account: Account;
  readonly space: Space;
  /** The secret of the new session. */
  readonly secret: string;
}

/** For this long, a network counts as familiar after a sign-in from it. */
export const familiarForMs = 30 * 86_400_000;

/**
 * Starts a session. Throws the same for an unknown name, a blocked account and a wrong password, after the same time.
 * While a delay runs, throws `too-many-sign-ins` without checking the password.
 */
export async function signInByPassword(context: SignInContext, signIn: SignIn): Promise<SignedIn> {
  const { username, domain } = parseOwnName(signIn.name);
  const space = domain === undefined ? context.spaces.forHost(signIn.host) : context.spaces.findByDomain(domain);
  const network = clientNetwork(signIn.browser.address);
  const account = space === undefined ? undefined : await findAccountByUsername(context.database, space.id, username);
  const attempt = {
    name: space === undefined ? signIn.name.trim().toLowerCase() : `${username}@${space.domain}`,
    network,
    isFamiliar: await isFamiliarTo(context, account, network),
  };
  await context.signInLimits.admit(attempt);
  const isRight = isPasswordOf(account, space ?? context.spaces.first, signIn.password);
  if (!isRight || account === undefined || space === undefined || account.blockedAt !== null) throw wrongSignIn();
  const secret = await startSession(context, account, signIn.browser, network);
  if (secret === undefined) throw wrongSignIn();
  await context.signInLimits.succeeded(attempt);
  return { account, space, secret };
}

function wrongSignIn(): AppError {
  return invalidFields({ password: [{ code: 'wrong-sign-in' }] });
}

/** Returns whether the account signed in from the network recently. It takes as long if there is no account. */
export function isFamiliarTo(
  { database, now }: Pick<SignInContext, 'database' | 'now'>,
  account: Account | undefined,
  network: string,
): Promise<boolean> {
  return isFamiliarNetwork(database, account?.id ?? 0, network, now() - familiarForMs);
}

/** Returns undefined if the account was blocked or deleted, or its password changed, since the password was checked. */
function startSession(
  context: SessionContext,
  checked: Account,
  browser: Browser,
  network: string,
): Promise<string | undefined> {
  return inTransaction(context.database, async (tx) => {
    const account = await findLockedAccount(tx, checked.id);
    if (account === undefined || account.blockedAt !== null || account.ha1s[0]?.ha1 !== checked.ha1s[0]?.ha1)
      return undefined;
    const now = context.now();
    await rememberNetwork(tx, account.id, network, now);
    return startSessionIn(tx, account.id, now, browser);
  });
}
