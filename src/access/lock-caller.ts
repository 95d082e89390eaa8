import { isDeepStrictEqual } from 'node:util';
import type { Account } from '../accounts/account.ts';
import { holdAccount, lockAccount } from '../accounts/account-store.ts';
import { AppError } from '../errors.ts';
import type { Transaction } from '../storage/tables.ts';
import { findApiKeyById } from './api-key-store.ts';
import { type Caller, manages } from './caller.ts';
import { hasSession } from './session-store.ts';

/**
 * Locks the caller's account before a change by which others get the caller's rights. Throws if, since the request was
 * authenticated, the account was blocked, or its password, key or session ended.
 */
export async function lockCaller(tx: Transaction, caller: Caller): Promise<Account> {
  const account = await lockAccount(tx, caller.account.id);
  await requireSignedIn(tx, caller, account);
  return account;
}

/**
 * Keeps others from changing the caller's account. Throws like `lockCaller`, and if the caller no longer manages the
 * space.
 */
export async function holdManager(tx: Transaction, caller: Caller, spaceId: number): Promise<void> {
  const account = await holdAccount(tx, caller.account.id);
  await requireSignedIn(tx, caller, account);
  if (!manages({ ...caller, account }, spaceId)) throw new AppError('not-allowed', { why: 'no-administrator' });
}

async function requireSignedIn(tx: Transaction, caller: Caller, account: Account): Promise<void> {
  if (account.blockedAt !== null) throw new AppError('account-blocked', {});
  if (!(await isStillSignedIn(tx, caller, account))) throw new AppError('authentication-required', { why: 'ended' });
}

async function isStillSignedIn(
  tx: Transaction,
  { by, key, session, account: before }: Caller,
  now: Account,
): Promise<boolean> {
  if (by === 'digest') return isDeepStrictEqual(now.ha1s, before.ha1s);
  if (session !== undefined) return hasSession(tx, session.id);
  return key === undefined || (await findApiKeyById(tx, key.id)) !== undefined;
}
