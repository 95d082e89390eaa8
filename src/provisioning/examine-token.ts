import type { Account } from '../accounts/account.ts';
import { countDevices } from '../devices/device-store.ts';
import { AppError } from '../errors.ts';
import type { Refusal } from '../events/event.ts';
import { hashSecret } from '../lib/hash.ts';
import type { Space } from '../spaces/space.ts';
import { type Client, type LatestAnswer, refusalOf, type Token, type TokenKind } from '../tokens/token.ts';
import { tokenEvent } from '../tokens/token-events.ts';
import { findToken, isSuperseded } from '../tokens/token-store.ts';
import type { ProvisioningContext } from './context.ts';

/** The kinds of token that a phone can exchange for an account. */
export type RedeemableKind = 'provisioning' | 'auth';

/** A known token with its account and space. */
export interface ExaminedToken {
  readonly kind: TokenKind;
  readonly token: Token;
  readonly account: Account;
  readonly space: Space;
  /** Why the phone would not get the account now; undefined if it would. */
  readonly refusal: Refusal | undefined;
}

/**
 * Finds a token and whether redeeming it now would be refused, without changing anything. Returns undefined if the
 * token is unknown.
 */
export async function examineToken(
  context: ProvisioningContext,
  kind: RedeemableKind,
  secret: string,
  client: Client,
  arrivedAt: number = context.steadyNow(),
): Promise<ExaminedToken | undefined> {
  const found = await findToken(context.database, kind, hashSecret(secret));
  if (found === undefined) return undefined;
  const space = context.spaces.findById(found.account.spaceId);
  if (space === undefined) return undefined;
  return { kind, ...found, space, refusal: await refusalNow(context, kind, { ...found, space }, client, arrivedAt) };
}

async function refusalNow(
  context: ProvisioningContext,
  kind: TokenKind,
  { token, account, space }: Pick<ExaminedToken, 'token' | 'account' | 'space'>,
  client: Client,
  arrivedAt: number,
): Promise<Refusal | undefined> {
  const answer = await latestAnswer(context, token);
  const known = answer === 'elsewhere' ? { lost: false, endedAt: undefined } : answer;
  const refusal = refusalOf(token, account, space, { now: context.now(), arrivedAt, client, answer: known });
  if (refusal === 'used' && answer === 'elsewhere' && token.revokedAt === null) return 'answering-elsewhere';
  if (refusal !== undefined) return refusal;
  // Only a user who has signed in can attach an auth token, so redeeming one does not activate the account.
  if (kind === 'auth' && account.activatedAt === null) return 'not-activated';
  return (await hasRoom(context, token, account, space)) ? undefined : 'too-many-devices';
}

/**
 * Counts after the account was read: if the account gets another device in between, its version changes and the claim
 * fails.
 */
async function hasRoom(context: ProvisioningContext, token: Token, account: Account, space: Space): Promise<boolean> {
  if (space.maxDevices === 0 || token.claimedAt !== null) return true;
  return (await countDevices(context.database, account.id)) < space.maxDevices;
}

/** Returns `elsewhere` while another process that is alive answers. */
async function latestAnswer(
  { deliveries, bootId, isProcessAlive }: ProvisioningContext,
  token: Token,
): Promise<LatestAnswer | 'elsewhere'> {
  const answer = { tokenId: token.id, attempt: token.attempts };
  const ended = { lost: false, endedAt: deliveries.endOf(answer) ?? token.endedAt ?? undefined };
  if (token.outcome === 'lost' || deliveries.knowsLost(answer)) return { ...ended, lost: true };
  if (token.outcome !== 'answering' || token.bootId === bootId) return ended;
  return (await isProcessAlive(token.bootId ?? '')) ? 'elsewhere' : { ...ended, lost: true };
}

/**
 * Throws while another node answers: a proxy may be repeating the request of a node that died, and the phone would take
 * the base document for a success.
 */
export function requireNotElsewhere({ refusal }: ExaminedToken): void {
  if (refusal === 'answering-elsewhere') throw new AppError('answering-elsewhere', {});
}

/** Records in the timeline why the phone did not get the account. */
export async function recordRefusal(
  context: ProvisioningContext,
  found: ExaminedToken,
  reason: Refusal,
  client: Client,
): Promise<void> {
  const { database, events, now } = context;
  const superseded = reason === 'revoked' && (await isSuperseded(database, found.account.id, found.token));
  events.record(tokenEvent('refused', found, client, now(), { reason: superseded ? 'superseded' : reason }));
}
