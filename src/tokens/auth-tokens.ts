import { type IssuedKey, issueUserKey } from '../access/api-keys.ts';
import type { Caller } from '../access/caller.ts';
import { getAccount } from '../accounts/account-store.ts';
import { bumpRevision } from '../cluster/revision-store.ts';
import { AppError } from '../errors.ts';
import { hashSecret } from '../lib/hash.ts';
import { randomToken } from '../lib/random-token.ts';
import type { SpaceDirectory } from '../spaces/space-directory.ts';
import type { Database } from '../storage/database.ts';
import { attachAuthToken, claimUnansweredToken, countOpenAuthTokens } from './accountless-token-store.ts';
import type { IssuedToken } from './issue-token.ts';
import { insertToken } from './token-store.ts';

const lifetimeMs = 10 * 60_000;
const mostOpen = 10_000;

export interface AuthTokenContext {
  readonly database: Database;
  readonly spaces: SpaceDirectory;
  now(): number;
}

/** A token that a new device shows, for a device that is signed in to attach. Anyone may ask, so the number is bounded. */
export async function issueAuthToken(context: AuthTokenContext): Promise<IssuedToken> {
  const now = context.now();
  const token = randomToken();
  const expiresAt = now + lifetimeMs;
  await context.database.transaction().execute(async (db) => {
    await bumpRevision(db, 'auth-tokens');
    if ((await countOpenAuthTokens(db, now)) >= mostOpen) {
      throw new AppError('too-many-open', 'Too many auth tokens are open at the moment: try again in a few minutes.');
    }
    await insertToken(db, { kind: 'auth', hash: hashSecret(token), accountId: null, createdAt: now, expiresAt });
  });
  return { token, expiresAt };
}

/** Makes the token stand for the caller's account; works once. */
export async function attachToCaller(context: AuthTokenContext, caller: Caller, token: string): Promise<void> {
  const attached = await attachAuthToken(context.database, hashSecret(token), caller.account.id, context.now());
  if (!attached) throw authTokenNotFound();
}

/** Uses an attached token up for an API key of its account. */
export async function redeemForKey(context: AuthTokenContext, token: string, address: string): Promise<IssuedKey> {
  const now = context.now();
  return context.database.transaction().execute(async (db) => {
    const accountId = await claimUnansweredToken(db, 'auth', hashSecret(token), now);
    if (accountId === undefined || accountId === null) throw authTokenNotFound();
    const account = await getAccount(db, accountId);
    if (account.blockedAt !== null || account.activatedAt === null) throw authTokenNotFound();
    const { bindKeysToAddress } = context.spaces.getById(account.spaceId);
    return issueUserKey(db, account, bindKeysToAddress ? address : null, now);
  });
}

function authTokenNotFound(): AppError {
  return new AppError('not-found', 'This auth token is unknown, used, expired or not attached to an account.');
}
