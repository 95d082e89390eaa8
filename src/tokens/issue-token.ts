import type { AccountInSpace } from '../accounts/account.ts';
import { lockAccount } from '../accounts/account-store.ts';
import { AppError } from '../errors.ts';
import type { Actor, By } from '../events/actor.ts';
import { type ChangeContext, change } from '../events/change.ts';
import { recordEvent } from '../events/event-store.ts';
import { hashSecret } from '../lib/hash.ts';
import { randomToken } from '../lib/random-token.ts';
import type { Transaction } from '../storage/tables.ts';
import { tokenExpiry, type WishedExpiry } from './token-expiry.ts';
import { insertToken, revokeTokens } from './token-store.ts';

export interface TokenContext extends ChangeContext {
  /** The default of the instance; 0 means that tokens do not expire. */
  readonly tokenLifetimeMs: number;
}

/** A new token with its secret, which is not stored. */
export interface IssuedToken {
  readonly token: string;
  /** null if it never expires. */
  readonly expiresAt: number | null;
}

/**
 * How many characters of a token are shown in lists, so that people can tell codes apart. The rest is as secret as a
 * whole key.
 */
const shownLength = 6;

/** Returns the secret for a provisioning token that is issued later. */
export function newToken(): string {
  return randomToken(shownLength);
}

/** Issues a provisioning token and revokes the account's earlier ones. */
export function issueToken(
  context: TokenContext,
  actor: Actor,
  { account, space }: AccountInSpace,
  wish: WishedExpiry = {},
  token: string = newToken(),
): Promise<IssuedToken> {
  return change(context, actor, (tx, by) =>
    issueTokenIn(tx, by, account.id, tokenExpiry(by.at, space, context.tokenLifetimeMs, wish), token),
  );
}

/** Does the same as `issueToken` inside a transaction. */
export async function issueTokenIn(
  tx: Transaction,
  { actor, at }: By,
  accountId: number,
  expiresAt: number | null,
  token: string = newToken(),
): Promise<IssuedToken> {
  // The lock serializes concurrent calls for one account.
  const { blockedAt, spaceId } = await lockAccount(tx, accountId);
  if (blockedAt !== null) throw new AppError('conflict', { why: 'account-blocked' });
  await revokeTokens(tx, accountId, at, 'provisioning');
  const prefix = token.slice(0, shownLength);
  const tokenId = await insertToken(tx, {
    kind: 'provisioning',
    hash: hashSecret(token),
    prefix,
    issuer: actor,
    accountId,
    createdAt: at,
    expiresAt,
  });
  const detail = { prefix, expires_at: expiresAt };
  await recordEvent(tx, { at, actor, kind: 'token-issued', spaceId, accountId, tokenId, detail });
  return { token, expiresAt };
}
