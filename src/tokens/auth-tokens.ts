import type { Caller } from '../access/caller.ts';
import { type IssuedKey, issueUserKey } from '../access/create-api-key.ts';
import { lockCaller } from '../access/lock-caller.ts';
import { lockAccount } from '../accounts/account-store.ts';
import { bumpRevision } from '../cluster/revision-store.ts';
import { AppError } from '../errors.ts';
import { oneself } from '../events/actor.ts';
import { type ChangeContext, change } from '../events/change.ts';
import { recordEvent } from '../events/event-store.ts';
import { hashSecret } from '../lib/hash.ts';
import { randomToken } from '../lib/random-token.ts';
import type { SpaceDirectory } from '../spaces/space-directory.ts';
import { inTransaction } from '../storage/database.ts';
import { attachAuthTokenRow, countOpenAuthTokens, findAttachedAccountId } from './auth-token-store.ts';
import { claimUnansweredToken } from './claim-store.ts';
import { insertToken } from './token-store.ts';

const lifetimeMs = 10 * 60_000;
const maxOpen = 10_000;

export interface IssuedAuthToken {
  readonly token: string;
  readonly expiresAt: number;
}

/**
 * Issues a token that a new device shows and a signed-in device attaches. Anyone can ask for one, so their number is
 * limited.
 */
export async function issueAuthToken({ database, now }: ChangeContext): Promise<IssuedAuthToken> {
  const createdAt = now();
  const token = randomToken();
  const expiresAt = createdAt + lifetimeMs;
  await inTransaction(database, async (tx) => {
    await bumpRevision(tx, 'auth-tokens');
    if ((await countOpenAuthTokens(tx, createdAt)) >= maxOpen) {
      throw new AppError('too-many-open', {});
    }
    await insertToken(tx, { kind: 'auth', hash: hashSecret(token), accountId: null, createdAt, expiresAt });
  });
  return { token, expiresAt };
}

/** Attaches the token to the caller's account. This works once. */
export function attachAuthToken(context: ChangeContext, caller: Caller, token: string): Promise<void> {
  return change(context, oneself(caller.account), async (tx, by) => {
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
  return inTransaction(database, async (tx) => {
    const hash = hashSecret(token);
    const accountId = await findAttachedAccountId(tx, hash);
    if (accountId === undefined) throw authTokenNotFound();
    // Locked before the token, so that a block or a new password comes either before the key or ends it.
    const account = await lockAccount(tx, accountId);
    if (account.blockedAt !== null || account.activatedAt === null) throw authTokenNotFound();
    if ((await claimUnansweredToken(tx, 'auth', hash, at)) === undefined) throw authTokenNotFound();
    const { bindKeysToAddress } = spaces.getById(account.spaceId);
    return issueUserKey(tx, account, bindKeysToAddress ? address : null, at);
  });
}

function authTokenNotFound(): AppError {
  return new AppError('not-found', { what: 'auth-token' });
}
