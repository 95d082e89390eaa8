import type { Account } from '../accounts/account.ts';
import { isPasswordOf } from '../accounts/passwords.ts';
import { AppError } from '../errors.ts';
import { clientNetwork } from '../lib/client-address.ts';
import type { Caller } from './caller.ts';
import { isConfirmed, renewConfirmed } from './sessions.ts';
import { isFamiliarTo, type SignInContext } from './sign-in-by-password.ts';

/**
 * Throws `not-allowed` if the caller is a session whose password was given more than ten minutes ago. Every other
 * caller proves with each request who it is.
 */
export function requireConfirmed(caller: Caller, now: number): void {
  if (needsPassword(caller, now)) throw new AppError('not-allowed', { why: 'password-needed' });
}

/**
 * Returns whether the caller must give the password again before a change by which somebody could sign in later, or that
 * ends a space.
 */
export function needsPassword({ session }: Caller, now: number): boolean {
  return session !== undefined && !isConfirmed(session, now);
}

/** Looks at an account under its lock. Throws if a change of it needs the caller's password again. */
export type PasswordCheck = (locked: Account) => void;

// The changes below need the password again, so that a person who merely finds a browser open cannot make them. Creating
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

/** Returns whether another address for phones is set: all codes lead to it, and all links to new passwords. */
export function movesLinks({ publicUrl }: { readonly publicUrl: string }, url: string): boolean {
  return url !== publicUrl;
}

/** What changes how somebody signs in: the password, and the address that a link for a new one goes to. */
export const signInFields = ['password', 'email'] as const;

/**
 * Returns whether a change of an account makes an administrator, activates one again, or decides how one signs in.
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

/** Returns whether a change of its state gives an account the rights of an administrator back. */
export function restoresAdministrator(
  { admin, activatedAt, blockedAt }: Account,
  to: 'activate' | 'deactivate' | 'unblock',
): boolean {
  return admin && ((to === 'activate' && activatedAt === null) || (to === 'unblock' && blockedAt !== null));
}

/**
 * Returns whether a change of a space, or of one that is being created, decides who sees the links to new passwords or
 * where they lead, or makes its administrators those of all spaces.
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
  return changes.host !== undefined && changes.host !== (space?.host ?? null);
}

/**
 * Confirms the caller's session. Returns its new secret, or undefined if the password is wrong. It counts as a sign-in:
 * throws `too-many-sign-ins` while a delay runs.
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
 * Counts a password that the caller of a session gives as a failed sign-in until the function that it returns is called.
 * Throws `too-many-sign-ins` while a delay runs.
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
