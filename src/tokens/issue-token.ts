import type { Account } from '../accounts/account.ts';
import { getAccount, updateAccountRow } from '../accounts/account-store.ts';
import { AppError } from '../errors.ts';
import { recordEvent } from '../events/event-store.ts';
import { hashSecret } from '../lib/hash.ts';
import { randomToken } from '../lib/random-token.ts';
import { publicUrlOf, type Space } from '../spaces/space.ts';
import type { Db } from '../storage/tables.ts';
import { insertToken, revokeTokens } from './token-store.ts';

/** A token at the only moment when its secret is known. */
export interface IssuedToken {
  readonly token: string;
  readonly expiresAt: number | null;
}

/** Who issues a token, and when it ends; instants in epoch milliseconds. */
export interface TokenTerms {
  /** In words, for whoever asks later where a code came from. */
  readonly issuer: string;
  /** null: never. */
  readonly expiresAt: number | null;
  readonly now: number;
}

/** So many letters of a token are shown in lists, for people to tell codes apart; the rest is as secret as a whole key. */
const shownLetters = 6;

/** Issues a provisioning token and ends the account's older ones. `db` is a transaction. */
export async function issueToken(
  db: Db,
  account: Account,
  { issuer, expiresAt, now }: TokenTerms,
): Promise<IssuedToken> {
  // Also the lock that makes two issues of one account come one after the other.
  await updateAccountRow(db, account.id, {});
  if ((await getAccount(db, account.id)).blockedAt !== null) {
    throw new AppError('conflict', 'The account is blocked: unblock it before issuing a token.');
  }
  await revokeTokens(db, account.id, now, 'provisioning');
  const token = randomToken(shownLetters);
  const tokenId = await insertToken(db, {
    kind: 'provisioning',
    hash: hashSecret(token),
    prefix: token.slice(0, shownLetters),
    issuer,
    accountId: account.id,
    createdAt: now,
    expiresAt,
  });
  await recordEvent(db, {
    at: now,
    kind: 'token-issued',
    spaceId: account.spaceId,
    accountId: account.id,
    tokenId,
    actor: issuer,
    detail: { prefix: token.slice(0, shownLetters), expires_at: expiresAt },
  });
  return { token, expiresAt };
}

/** The address to hand over. */
export function provisioningUrl(
  space: Space,
  instanceUrl: string,
  token: string,
  options: { readonly resetPassword?: boolean } = {},
): string {
  return `${publicUrlOf(space, instanceUrl)}/provisioning/${token}${options.resetPassword === true ? '?reset_password' : ''}`;
}
