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
  /** Of the instance; 0: for ever. */
  readonly tokenLifetimeMs: number;
}

/** A token at the only moment when its secret is known. */
export interface IssuedToken {
  readonly token: string;
  /** null: never. */
  readonly expiresAt: number | null;
}

/** So many letters of a token are shown in lists, for people to tell codes apart; the rest is as secret as a whole key. */
const shownLetters = 6;

/** A secret for a provisioning token that is not issued yet. */
export function newToken(): string {
  return randomToken(shownLetters);
}

/** Issues a provisioning token and ends the account's older ones. */
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

/** The same inside a transaction. */
export async function issueTokenIn(
  tx: Transaction,
  { actor, at }: By,
  accountId: number,
  expiresAt: number | null,
  token: string = newToken(),
): Promise<IssuedToken> {
  // The lock makes two issues for one account come one after the other.
  const { blockedAt, spaceId } = await lockAccount(tx, accountId);
  if (blockedAt !== null) throw new AppError('conflict', { why: 'account-blocked' });
  await revokeTokens(tx, accountId, at, 'provisioning');
  const prefix = token.slice(0, shownLetters);
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
