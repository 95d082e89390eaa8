import type { Account } from '../accounts/account.ts';
import { countDevices } from '../devices/device-store.ts';
import { AppError } from '../errors.ts';
import type { Refusal } from '../events/event.ts';
import { hashSecret } from '../lib/random-token.ts';
import type { Space } from '../spaces/space.ts';
import { type Client, type LatestAnswer, refusalOf, type Token, type TokenKind } from '../tokens/token.ts';
import { tokenEvent } from '../tokens/token-events.ts';
import { findToken, isSuperseded } from '../tokens/token-store.ts';
import type { ProvisioningContext } from './context.ts';

/** The kinds of token that a phone can exchange for an account. */
export type RedeemableKind = 'provisioning' | 'auth';

/** A request with the secret of a token. */
export interface TokenRequest {
  readonly kind: RedeemableKind;
  readonly token: string;
  readonly client: Client;
  /** A time of `steadyNow`; by default, now. A request that arrived before an answer ended does not repeat it. */
  readonly arrivedAt?: number;
}

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
 * Finds a token, and whether redeeming it now would be refused. Changes nothing. Returns undefined if the token is
 * unknown.
 */
export async function examineToken(
  context: ProvisioningContext,
  asked: TokenRequest,
): Promise<ExaminedToken | undefined> {
  const { kind } = asked;
  const found = await findToken(context.database, kind, hashSecret(asked.token));
  if (found === undefined) return undefined;
  const space = await context.spaces.findByRow(found.account);
  if (space === undefined) return undefined;
  return { kind, ...found, space, refusal: await refusalNow(context, { ...found, space }, asked) };
}

async function refusalNow(
  context: ProvisioningContext,
  { token, account, space }: Pick<ExaminedToken, 'token' | 'account' | 'space'>,
  { kind, client, arrivedAt = context.steadyNow() }: TokenRequest,
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
 * Returns whether the account may have another phone. This is counted after the account was read: if it gets a device
 * in between, its version changes and the claim fails.
 */
async function hasRoom(context: ProvisioningContext, token: Token, account: Account, space: Space): Promise<boolean> {
  if (space.maxDevices === 0 || token.claimedAt !== null) return true;
  return (await countDevices(context.database, account.id)) < space.maxDevices;
}

/** Returns how the latest answer to the token ended, or `elsewhere` if another running process is still answering. */
async function latestAnswer(
  { deliveries, bootId, isProcessAlive }: ProvisioningContext,
  token: Token,
): Promise<LatestAnswer | 'elsewhere'> {
  const claimId = token.claimId ?? '';
  const ended = { lost: false, endedAt: deliveries.endOf(claimId) ?? token.endedAt ?? undefined };
  const outcome = deliveries.outcomeOf(claimId) ?? token.outcome;
  if (outcome === 'lost') return { ...ended, lost: true };
  if (outcome !== 'answering' || token.bootId === bootId) return ended;
  return (await isProcessAlive(token.bootId ?? '')) ? 'elsewhere' : { ...ended, lost: true };
}

/**
 * Throws while another node answers. A proxy may be repeating the request of a node that has just died, and the phone
 * would take the base document for a success.
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
  const detail = { reason: superseded ? 'superseded' : reason } as const;
  events.record(tokenEvent('refused', found, { client, at: now(), detail }));
}
