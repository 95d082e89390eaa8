import type { Account } from '../accounts/account.ts';
import { isPasswordOf } from '../accounts/passwords.ts';
import { AppError } from '../errors.ts';
import { clientNetwork } from '../lib/client-address.ts';
import { lowerCaseAscii } from '../lib/fold-text.ts';
import type { Caller } from './caller.ts';
import { isConfirmed, renewConfirmed } from './sessions.ts';
import { isFamiliarTo, type SignInContext } from './sign-in-by-password.ts';

/**
 * Throws `not-allowed` if the caller uses a session and gave the password more than ten minutes ago. All other callers
 * authenticate with each request.
 */
export function requireConfirmed(caller: Caller, now: number): void {
  if (needsPassword(caller, now)) throw new AppError('not-allowed', { why: 'password-needed' });
}

/**
 * Returns whether the caller must give the password again before a change by which somebody could sign in later, or
 * before deleting a space.
 */
export function needsPassword({ session }: Caller, now: number): boolean {
  return session !== undefined && !isConfirmed(session, now);
}

/** Called with a locked account before it changes. Throws if the change needs the caller's password again. */
export type PasswordCheck = (locked: Account) => void;

// The changes below need the password again, so that a person who finds an open browser cannot make them. Creating
// an API key and deleting a space always need it.

/** Returns whether a new account is an administrator. */
export function makesAdministrator({ admin }: { readonly admin?: boolean | undefined }): boolean {
  return admin === true;
}

/** Returns whether an import may write rows that make administrators or decide how they sign in. */
export function importsAdministrators({
  allowAdmin = false,
  dryRun,
}: {
  readonly allowAdmin?: boolean;
  readonly dryRun: boolean;
}): boolean {
  return allowAdmin && !dryRun;
}

/** Returns whether the public URL changes: all codes and all links to new passwords lead to it. */
export function movesLinks({ publicUrl }: { readonly publicUrl: string }, url: string): boolean {
  return url !== publicUrl;
}

/** The fields that change how somebody signs in: the password, and the address that links to a new password go to. */
export const signInFields = ['password', 'email'] as const;

/**
 * Returns whether a change of an account makes an administrator, activates an administrator again, or changes how one
 * signs in.
 */
export function changesAdministrator(
  caller: Caller,
  account: Account,
  changes: {
    readonly admin?: boolean | undefined;
    readonly password?: string | undefined;
    readonly email?: string | null | undefined;
    readonly activated?: boolean | undefined;
  },
): boolean {
  if (changes.admin === true && !account.admin) return true;
  if (changes.activated === true && restoresAdministrator(account, 'activate')) return true;
  if (!account.admin && account.id !== caller.account.id) return false;
  return signInFields.some(
    (field) => changes[field] !== undefined && (field === 'password' || changes[field] !== account[field]),
  );
}

/** Returns whether a change of state gives an account its administrator's rights back. */
export function restoresAdministrator(
  { admin, activatedAt, blockedAt }: Account,
  to: 'activate' | 'deactivate' | 'unblock',
): boolean {
  return admin && ((to === 'activate' && activatedAt === null) || (to === 'unblock' && blockedAt !== null));
}

/**
 * Returns whether a change or a new space decides who sees the links to new passwords (the mail server), where they
 * lead (the host), or makes the space's administrators those of all spaces.
 */
export function changesTrust(
  space: { readonly super: boolean; readonly host: string | null } | undefined,
  changes: {
    readonly smtp_url?: string | null | undefined;
    readonly host?: string | null | undefined;
    readonly super?: boolean | undefined;
  },
): boolean {
  if (changes.smtp_url !== undefined || (changes.super === true && space?.super !== true)) return true;
  const { host } = changes;
  // As it will be stored.
  const stored = typeof host === 'string' ? lowerCaseAscii(host) : host;
  return stored !== undefined && stored !== (space?.host ?? null);
}

/**
 * Confirms the caller's session with the password. Returns the session's new secret, or undefined if the password is
 * wrong. Throws `too-many-sign-ins` while a delay runs, because each attempt counts as a sign-in.
 */
export async function confirmByPassword(
  context: SignInContext,
  { account, space, session }: Caller,
  { password, address }: { readonly password: string; readonly address: string },
): Promise<string | undefined> {
  if (session === undefined) return undefined;
  const succeeded = await admitGuess(context, { account, space }, address);
  if (!isPasswordOf(account, space, password)) return undefined;
  await succeeded();
  return renewConfirmed(context, session);
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
