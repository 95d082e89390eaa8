import type { Account, AccountInSpace } from '../accounts/account.ts';
import { AppError } from '../errors.ts';
import { type Actor, oneself } from '../events/actor.ts';
import type { Space } from '../spaces/space.ts';
import type { Session } from './session-store.ts';

/** The account that sends a request, how it was authenticated, and which rights it has. */
export interface Caller {
  readonly account: Account;
  readonly space: Space;
  /** `account`: all rights of the account, including those of an administrator. */
  readonly rights: 'user' | 'account';
  /** `device-address`: a revoked device, which is not authenticated. */
  readonly by: 'api-key' | 'cookie' | 'session' | 'digest' | 'device-key' | 'device-address';
  /** The API key that the caller used, if any. */
  readonly key?: { readonly id: number; readonly name: string | null };
  /** The session that the caller used, if any. */
  readonly session?: Session;
}

/** Who may call. `holder` is a user whose account need not be activated yet. */
export type CallerPolicy = 'anyone' | 'holder' | 'user' | 'admin' | 'super-admin';

/** Returns whether an account has the rights of an administrator. Without activation, it has only those of a user. */
export function administers({ admin, activatedAt }: Account): boolean {
  return admin && activatedAt !== null;
}

/** The part of a caller that decides what it manages. */
export type Rights = Pick<Caller, 'account' | 'space' | 'rights'>;

export function isAdministrator({ rights, account }: Rights): boolean {
  return rights === 'account' && administers(account);
}

export function isSuperAdministrator(caller: Rights): boolean {
  return isAdministrator(caller) && caller.space.super;
}

/** Returns the caller as an actor: its API key if that has a name, otherwise its account. */
export function actorOf({ account, key, session }: Caller): Actor {
  if (key !== undefined && key.name !== null) return { kind: 'api-key', id: key.id, name: key.name };
  return { kind: 'account', id: account.id, name: account.username, ...factsOf(session) };
}

/** Returns the caller as an actor on the caller's own account. */
export function selfOf({ account, session }: Pick<Caller, 'account' | 'session'>): Actor {
  return { ...oneself(account), ...factsOf(session) };
}

function factsOf(session: Session | undefined): Pick<Actor, 'isInPanel' | 'confirmedAt'> {
  return session === undefined ? { isInPanel: false } : { isInPanel: true, confirmedAt: session.confirmedAt };
}

/** Returns the session that the caller uses, if it is one of this account. */
export function ownSession(caller: Caller, { id }: Account): Session | undefined {
  return caller.account.id === id ? caller.session : undefined;
}

/** Returns whether the caller manages the accounts of a space. */
export function manages(caller: Rights, spaceId: number): boolean {
  return isSuperAdministrator(caller) || (isAdministrator(caller) && caller.space.id === spaceId);
}

/** Returns whether an account has pages in the panel: users only if their space gives them, administrators always. */
export function hasPages({ account, space }: AccountInSpace): boolean {
  return administers(account) || space.selfService;
}

/**
 * Throws if the caller uses a session and has no pages. Without this check, the session could do elsewhere what the
 * pages refuse.
 */
export function requirePages(caller: Caller): void {
  if (caller.session === undefined || hasPages(caller)) return;
  throw new AppError('not-allowed', { why: 'no-self-service' });
}

/** Throws if the policy excludes the caller. */
export function requirePolicy(caller: Caller, policy: Exclude<CallerPolicy, 'anyone'>): void {
  if (caller.account.blockedAt !== null) throw new AppError('account-blocked', {});
  if (policy !== 'holder' && caller.account.activatedAt === null) {
    throw new AppError('account-not-active', {});
  }
  if (policy === 'admin' && !isAdministrator(caller)) {
    throw new AppError('not-allowed', { why: 'no-administrator' });
  }
  if (policy === 'super-admin' && !isSuperAdministrator(caller)) {
    throw new AppError('not-allowed', { why: 'no-super-administrator' });
  }
}
