import type { Account } from '../accounts/account.ts';
import { AppError } from '../errors.ts';
import type { Actor, By } from '../events/actor.ts';
import { isSameAddress } from '../lib/mailbox.ts';
import { isConfirmed } from './sessions.ts';

// The changes below need the password again, so that a person who finds an open browser cannot make them. Use cases
// ask, where possible about the row that they have locked. Creating an API key and deleting a space always need it.

/**
 * Returns whether a person in the panel must give the password again before such a change. All other actors
 * authenticate with each request.
 */
export function needsPassword({ confirmedAt }: Pick<Actor, 'confirmedAt'>, now: number): boolean {
  return confirmedAt !== undefined && !isConfirmed({ confirmedAt }, now);
}

/** Throws `not-allowed` if the actor must give the password again. */
export function requireConfirmed({ actor, at }: By): void {
  if (needsPassword(actor, at)) throw new AppError('not-allowed', { why: 'password-needed' });
}

export function isPasswordNeeded(error: AppError): boolean {
  return error.factsOf('not-allowed')?.why === 'password-needed';
}

/** Asks if a new account is an administrator. */
export function askAboutNewAccount(by: By, { admin }: { readonly admin?: boolean | undefined }): void {
  if (admin === true) requireConfirmed(by);
}

/** The fields that change how somebody signs in: the password, and the address that links to a new password go to. */
export const signInFields = ['password', 'email'] as const;

/** The fields of an account that decide who has an administrator's rights. */
interface AccountChanges {
  readonly admin?: boolean | undefined;
  readonly password?: string | undefined;
  readonly email?: string | null | undefined;
  readonly activated?: boolean | undefined;
}

/**
 * Asks if a change of an account makes an administrator, activates an administrator again, or changes how an
 * administrator or the actor signs in.
 */
export function askAboutAccount(by: By, account: Account, changes: AccountChanges): void {
  if (changes.admin === true && !account.admin) requireConfirmed(by);
  if (changes.activated === true) askAboutState(by, account, 'activate');
  if (!account.admin && !isOwn(by, account)) return;
  const { password, email } = changes;
  if (password !== undefined || (email !== undefined && !isSameAddress(email, account.email))) requireConfirmed(by);
}

function isOwn({ actor: { kind, id } }: By, account: Account): boolean {
  return (kind === 'account' || kind === 'self') && id === account.id;
}

/** Asks if a change of state gives an account its administrator's rights back. */
export function askAboutState(
  by: By,
  { admin, activatedAt, blockedAt }: Account,
  to: 'activate' | 'deactivate' | 'block' | 'unblock',
): void {
  if (!admin) return;
  if ((to === 'activate' && activatedAt === null) || (to === 'unblock' && blockedAt !== null)) requireConfirmed(by);
}

/**
 * Asks if a change or a new space decides who sees the links to new passwords (the mail server), where they lead (the
 * host), or makes the space's administrators those of all spaces.
 */
export function askAboutSpace(
  by: By,
  space: { readonly super: boolean; readonly host: string | null } | undefined,
  changes: {
    readonly smtp_url?: string | null | undefined;
    readonly host?: string | null | undefined;
    readonly super?: boolean | undefined;
  },
): void {
  const isRaised = changes.super === true && space?.super !== true;
  const isMoved = changes.host !== undefined && changes.host !== (space?.host ?? null);
  if (changes.smtp_url !== undefined || isRaised || isMoved) requireConfirmed(by);
}

/** Asks if an import may write rows that make administrators or decide how they sign in. */
export function askAboutImport(
  by: By,
  { allowAdmin, dryRun }: { readonly allowAdmin: boolean; readonly dryRun: boolean },
): void {
  if (allowAdmin && !dryRun) requireConfirmed(by);
}

/** Asks if the public URL changes: all codes and all links to new passwords lead to it. */
export function askAboutAddress(by: By, from: string, to: string): void {
  if (to !== from) requireConfirmed(by);
}
