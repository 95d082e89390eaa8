import type { Account } from '../accounts/account.ts';
import { countDevices } from '../devices/device-store.ts';
import type { Refusal } from '../events/event.ts';
import { hashSecret } from '../lib/hash.ts';
import type { Space } from '../spaces/space.ts';
import { type Client, refusalOf, type Token, type TokenKind } from '../tokens/token.ts';
import { tokenEvent } from '../tokens/token-events.ts';
import { findToken, isSuperseded } from '../tokens/token-store.ts';
import type { ProvisioningContext } from './context.ts';

/** What a phone can ask for an account with. */
export type RedeemableKind = 'provisioning' | 'auth';

/** A token that is known, with what it stands for. */
export interface ExaminedToken {
  readonly kind: TokenKind;
  readonly token: Token;
  readonly account: Account;
  readonly space: Space;
  /** Why it is not answered with the account now, if so. */
  readonly refusal: Refusal | undefined;
}

/** The token, unless it is unknown, and whether a request for it now would be answered with the account. Changes nothing. */
export async function examineToken(
  context: ProvisioningContext,
  kind: RedeemableKind,
  secret: string,
  client: Client,
): Promise<ExaminedToken | undefined> {
  const found = await findToken(context.database, kind, hashSecret(secret));
  if (found === undefined) return undefined;
  const space = context.spaces.findById(found.account.spaceId);
  if (space === undefined) return undefined;
  return { kind, ...found, space, refusal: await refusalNow(context, kind, { ...found, space }, client) };
}

async function refusalNow(
  context: ProvisioningContext,
  kind: TokenKind,
  { token, account, space }: Pick<ExaminedToken, 'token' | 'account' | 'space'>,
  client: Client,
): Promise<Refusal | undefined> {
  const lost = await isLost(context, token);
  const refusal = refusalOf(token, account, space, { now: context.now(), client, lost });
  if (refusal !== undefined) return refusal;
  // An auth token stands for a user who signed in with a password: it activates nothing.
  if (kind === 'auth' && account.activatedAt === null) return 'not-activated';
  return (await hasRoom(context, token, account, space)) ? undefined : 'too-many-devices';
}

/** Counted after the account was read: one that gets another device meanwhile has another version, and the claim fails. */
async function hasRoom(context: ProvisioningContext, token: Token, account: Account, space: Space): Promise<boolean> {
  if (space.maxDevices === 0 || token.claimedAt !== null) return true;
  return (await countDevices(context.database, account.id)) < space.maxDevices;
}

async function isLost(context: ProvisioningContext, token: Token): Promise<boolean> {
  if (token.outcome === 'lost') return true;
  if (token.outcome !== 'answering') return false;
  if (context.deliveries.knowsLost({ tokenId: token.id, attempt: token.attempts })) return true;
  return token.bootId !== context.bootId && !(await context.isProcessAlive(token.bootId ?? ''));
}

/** Tells the timeline why the token was not answered with the account. */
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
