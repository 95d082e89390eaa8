import { isPasswordOf } from '../accounts/passwords.ts';
import { clientNetwork } from '../lib/client-address.ts';
import type { Caller } from './caller.ts';
import { renewConfirmed } from './sessions.ts';
import { isFamiliarTo, type SignInContext } from './sign-in-by-password.ts';

/**
 * Confirms the caller's session with the password. Returns undefined if the password is wrong, otherwise the session's
 * new secret as `renewConfirmed` does. Throws `too-many-sign-ins` while a delay runs, because each attempt counts as a
 * sign-in.
 */
export async function confirmByPassword(
  context: SignInContext,
  { account, space, session }: Caller,
  { password, address }: { readonly password: string; readonly address: string },
): Promise<{ readonly newSecret: string | undefined } | undefined> {
  if (session === undefined) return undefined;
  const succeeded = await admitGuess(context, { account, space }, address);
  if (!isPasswordOf(account, space, password)) return undefined;
  await succeeded();
  return { newSecret: await renewConfirmed(context, session) };
}

/**
 * Counts a failed sign-in before the caller's password is checked. Call the returned function if the password was
 * right. Throws `too-many-sign-ins` while a delay runs.
 */
export async function admitGuess(
  context: Pick<SignInContext, 'database' | 'now' | 'signInLimits'>,
  { account, space }: Pick<Caller, 'account' | 'space'>,
  address: string,
): Promise<() => Promise<void>> {
  const network = clientNetwork(address);
  const attempt = {
    name: `${account.username}@${space.domain}`,
    network,
    isFamiliar: await isFamiliarTo(context, account, network),
  };
  await context.signInLimits.admit(attempt);
  return () => context.signInLimits.succeeded(attempt);
}
