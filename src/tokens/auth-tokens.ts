import { type Caller, selfOf } from '../access/caller.ts';
import { type IssuedKey, issueUserKey } from '../access/create-api-key.ts';
import { lockCaller } from '../access/lock-caller.ts';
import type { Account } from '../accounts/account.ts';
import { findLockedAccount } from '../accounts/account-store.ts';
import { AppError } from '../errors.ts';
import { type ChangeContext, change } from '../events/change.ts';
import { recordEvent } from '../events/event-store.ts';
import { clientNetwork } from '../lib/client-address.ts';
import { hashSecret, randomToken } from '../lib/random-token.ts';
import type { SpaceDirectory } from '../spaces/space-directory.ts';
import { inTransaction } from '../storage/database.ts';
import { attachAuthTokenRow, storingSteps } from './auth-token-store.ts';
import { claimUnansweredToken } from './claim-store.ts';
import type { OpenAuthTokens } from './open-auth-tokens.ts';
import { isOpen } from './token.ts';
import { findToken } from './token-store.ts';

const lifetimeMs = 10 * 60_000;

export interface IssuedAuthToken {
  readonly token: string;
  readonly expiresAt: number;
}

interface AuthTokenContext extends ChangeContext {
  readonly openAuthTokens: OpenAuthTokens;
}

/**
 * Issues a token that a new device shows and a signed-in device attaches. Anyone can request one, so their number is
 * limited.
 */
export async function issueAuthToken(
  { database, now, openAuthTokens }: AuthTokenContext,
  address: string,
): Promise<IssuedAuthToken> {
  const createdAt = now();
  const secret = randomToken();
  const expiresAt = createdAt + lifetimeMs;
  const token = { hash: hashSecret(secret), network: clientNetwork(address), createdAt, expiresAt };
  const displaced = await openAuthTokens.admit(token, createdAt);
  try {
    const stored = await database.applyAll(storingSteps(token, displaced));
    // The token to displace was claimed meanwhile, so the new one is stored beside it.
    if (!stored) await database.applyAll(storingSteps(token, undefined));
    openAuthTokens.stored(token);
  } catch (error) {
    openAuthTokens.forget(token);
    throw error;
  }
  return { token: secret, expiresAt };
}

/** Attaches the token to the caller's account. This works once. */
export function attachAuthToken(context: ChangeContext, caller: Caller, token: string): Promise<void> {
  return change(context, selfOf(caller), async (tx, by) => {
    const { id: accountId, spaceId } = await lockCaller(tx, caller);
    if (!(await attachAuthTokenRow(tx, hashSecret(token), accountId, by.at))) throw authTokenNotFound();
    await recordEvent(tx, { ...by, kind: 'auth-token-attached', spaceId, accountId });
  });
}

/** Uses up an attached token in exchange for an API key of its account. */
export async function redeemAuthTokenForKey(
  { database, now, spaces }: ChangeContext & { readonly spaces: SpaceDirectory },
  token: string,
  address: string,
): Promise<IssuedKey> {
  const at = now();
  const hash = hashSecret(token);
  const found = await findToken(database, 'auth', hash);
  // Strangers can send any text, or a token that nobody has attached. Neither must take the lock that a write takes.
  if (found === undefined || !isOpen(found.token, at) || !mayFetchKeys(found.account)) throw authTokenNotFound();
  return inTransaction(database, async (tx) => {
    // Locked before the token, so that a block or a new password either prevents the key or ends it.
    const account = await findLockedAccount(tx, found.account.id);
    if (account === undefined || !mayFetchKeys(account)) throw authTokenNotFound();
    if ((await claimUnansweredToken(tx, 'auth', hash, at)) === undefined) throw authTokenNotFound();
    const { bindKeysToAddress } = spaces.getById(account.spaceId);
    return issueUserKey(tx, account, bindKeysToAddress ? address : null, at);
  });
}

function mayFetchKeys({ blockedAt, activatedAt }: Account): boolean {
  return blockedAt === null && activatedAt !== null;
}

function authTokenNotFound(): AppError {
  return new AppError('not-found', { what: 'auth-token' });
}
