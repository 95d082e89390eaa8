import type { AccountInSpace } from '../accounts/account.ts';
import { noteCodes } from '../accounts/account-state-store.ts';
import { lockAccount } from '../accounts/account-store.ts';
import { AppError } from '../errors.ts';
import type { Actor, By } from '../events/actor.ts';
import { type ChangeContext, change } from '../events/change.ts';
import { recordEvents } from '../events/event-store.ts';
import { hashSecret } from '../lib/random-token.ts';
import { required } from '../lib/required.ts';
import type { Transaction } from '../storage/tables.ts';
import { type Code, type Codes, shownLength } from './codes.ts';
import { tokenExpiry, type WishedExpiry } from './token-expiry.ts';
import { insertTokens, revokeCodes } from './token-store.ts';

export interface TokenContext extends ChangeContext {
  /** The default lifetime of tokens in the instance; 0 means that they never expire. */
  readonly tokenLifetimeMs: number;
  readonly codes: Codes;
}

export interface IssuedToken {
  readonly token: string;
  /** null if it never expires. */
  readonly expiresAt: number | null;
  readonly tokenId: number;
}

/**
 * Issues a provisioning token and revokes the account's earlier ones. Pass `code` to know the token before it is
 * stored.
 */
export function issueToken(
  context: TokenContext,
  actor: Actor,
  { account, space }: AccountInSpace,
  { code = context.codes.make(), ...wish }: WishedExpiry & { readonly code?: Code } = {},
): Promise<IssuedToken> {
  return change(context, actor, (tx, by) => {
    const expiresAt = tokenExpiry(by.at, space, context.tokenLifetimeMs, wish);
    return issueTokenIn(tx, by, { accountId: account.id, code, expiresAt });
  });
}

/** Issues a token like `issueToken`, inside a transaction. */
export async function issueTokenIn(
  tx: Transaction,
  by: By,
  { accountId, code, expiresAt }: CodeOfAccount & { readonly expiresAt: number | null },
): Promise<IssuedToken> {
  // The lock makes concurrent calls for the same account take turns.
  const { blockedAt, spaceId } = await lockAccount(tx, accountId);
  if (blockedAt !== null) throw new AppError('conflict', { why: 'account-blocked' });
  await revokeCodes(tx, accountId, by.at);
  const [tokenId] = await storeCodes(tx, by, spaceId, { expiresAt, codes: [{ accountId, code }] });
  return { token: code.token, expiresAt, tokenId: required(tokenId) };
}

export interface CodeOfAccount {
  readonly accountId: number;
  readonly code: Code;
}

/**
 * Stores codes for accounts of one space that have no other codes, with a few statements. Each account must be locked,
 * or created in this transaction. Returns the ids of the tokens in the order of the codes.
 */
export async function storeCodes(
  tx: Transaction,
  { actor, at }: By,
  spaceId: number,
  { expiresAt, codes }: { readonly expiresAt: number | null; readonly codes: readonly CodeOfAccount[] },
): Promise<number[]> {
  if (codes.length === 0) return [];
  const tokens = codes.map(({ accountId, code: { salt, token, resetsPassword } }) => {
    const prefix = token.slice(0, shownLength);
    const hash = hashSecret(token);
    return { hash, prefix, salt, resetsPassword, accountId, kind: 'provisioning', issuer: actor } as const;
  });
  const ids = await insertTokens(
    tx,
    tokens.map((token) => ({ ...token, createdAt: at, expiresAt })),
  );
  const accountIds = codes.map(({ accountId }) => accountId);
  await noteCodes(tx, accountIds, { at, expiresAt });
  const events = tokens.map(({ accountId, prefix }, index) => {
    const detail = { prefix, expires_at: expiresAt };
    return { at, actor, kind: 'token-issued', spaceId, accountId, tokenId: required(ids[index]), detail } as const;
  });
  await recordEvents(tx, events);
  return ids;
}
