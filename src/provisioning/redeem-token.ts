import { countDevices, deviceStep } from '../access/device-store.ts';
import type { Account } from '../accounts/account.ts';
import { generatePassword, renewedHa1s } from '../accounts/passwords.ts';
import { AppError } from '../errors.ts';
import type { Refusal } from '../events/event.ts';
import { eventStep } from '../events/event-store.ts';
import { hashSecret } from '../lib/hash.ts';
import { writeDocument } from '../lpconfig/write-document.ts';
import type { Space } from '../spaces/space.ts';
import { accountDocumentEntries } from './build-document.ts';
import type { ProvisioningContext, ProvisioningRequest } from './context.ts';
import type { Claim } from './deliveries.ts';
import { issueDevice } from './devices.ts';
import { forgetStandIn, noTokensHash, rememberRefused, standInFor } from './stand-in.ts';
import { type Client, refusalOf, type Token, type TokenKind } from './token.ts';
import { fetchedEvent, refusalOfError, refusedEvent } from './token-events.ts';
import { claimSteps, findToken } from './token-store.ts';

export interface Redemption {
  readonly kind: 'provisioning' | 'auth';
  readonly token: string;
  /** Ignored when the answer is a repeated one: the new password is stored already. */
  readonly resetPassword: boolean;
  readonly client: Client;
  readonly request: ProvisioningRequest;
  /** Whether the one who asked has gone away meanwhile. */
  abandoned(): boolean;
}

export interface Redeemed {
  readonly document: Buffer;
  readonly account: Account;
  /** To be reported to `deliveries`. */
  readonly claim: Claim;
}

/** A token that is known, with what it stands for. */
export interface ExaminedToken {
  readonly kind: TokenKind;
  readonly token: Token;
  readonly account: Account;
  readonly space: Space;
  /** Why it is not answered with the account now, if so. */
  readonly refusal: Refusal | undefined;
}

const tries = 3;

/**
 * Uses a token up and answers the account's document; undefined when the token is unknown, used or not valid any more.
 *
 * Find → build, hooks included → one transaction that names the token and the account as they were found. Of any number of
 * concurrent requests one wins; whatever fails before the commit leaves token, account and password as they were.
 */
export async function redeemToken(context: ProvisioningContext, redemption: Redemption): Promise<Redeemed | undefined> {
  let found: ExaminedToken | undefined;
  try {
    for (let left = tries; left > 0; left -= 1) {
      found = await examineToken(context, redemption.kind, redemption.token, redemption.client);
      if (found === undefined) return undefined;
      if (found.refusal !== undefined) {
        recordRefusal(context, found, found.refusal, redemption.client);
        return undefined;
      }
      const redeemed = await redeemFound(context, found, redemption);
      if (redeemed !== undefined) return redeemed;
    }
    throw new AppError('busy', 'The account is being changed at this moment: try again. Nothing was used up.');
  } catch (error) {
    if (found !== undefined) recordRefusal(context, found, refusalOfError(error), redemption.client);
    throw error;
  }
}

/** Undefined where token or account changed since they were found. */
async function redeemFound(
  context: ProvisioningContext,
  found: ExaminedToken,
  { request, client, ...redemption }: Redemption,
): Promise<Redeemed | undefined> {
  const { token, space } = found;
  const account = asRedeemed(context, found, redemption.resetPassword);
  const device = issueDevice({ token, account, space }, request, client, context.now());
  const entries = await accountDocumentEntries(context, space, account, request, device.address);
  const document = Buffer.from(writeDocument(entries));
  if (redemption.abandoned())
    throw new AppError('request-malformed', 'The connection was closed; nothing was used up.');
  const now = context.now();
  const applied = await context.database.applyAll([
    ...claimSteps(token, account, { now, bootId: context.bootId, client }),
    deviceStep(device.row),
    eventStep(fetchedEvent(found, account, document, client, now)),
  ]);
  if (!applied) return undefined;
  context.fetched.note(account.id, entries, now);
  const { id: accountId, spaceId } = account;
  return { document, account, claim: { tokenId: token.id, attempt: token.attempts + 1, accountId, spaceId } };
}

/** The token, unless it is unknown, and whether a request for it now would be answered with the account. Changes nothing. */
export async function examineToken(
  context: ProvisioningContext,
  kind: Redemption['kind'],
  secret: string,
  client: Client,
): Promise<ExaminedToken | undefined> {
  const { database } = context;
  const hash = hashSecret(secret);
  const examined = await examineHash(context, kind, hash, client);
  if (examined !== undefined && examined.refusal === undefined) return examined;
  // Whoever gets nothing is told by no clock why: each time one look-up finds a token, and one finds none.
  if (examined === undefined) {
    const standIn = await standInFor(database, hash);
    const found = await examineHash(context, 'provisioning', standIn ?? noTokensHash(hash), client);
    if (found === undefined) forgetStandIn(database, hash);
  } else {
    if (kind === 'provisioning') rememberRefused(database, hash);
    await examineHash(context, kind, noTokensHash(hash), client);
  }
  return examined;
}

async function examineHash(
  context: ProvisioningContext,
  kind: Redemption['kind'],
  hash: string,
  client: Client,
): Promise<ExaminedToken | undefined> {
  const found = await findToken(context.database, kind, hash);
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

export function recordRefusal(
  context: ProvisioningContext,
  found: ExaminedToken,
  reason: Refusal,
  client: Client,
): void {
  const at = context.now();
  context.events.record(() => refusedEvent(context.database, found, reason, client, at));
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

/** The account as the redemption will leave it. */
function asRedeemed(context: ProvisioningContext, found: ExaminedToken, resetPassword: boolean): Account {
  const { account, token, space } = found;
  const now = context.now();
  const resets = resetPassword && token.claimedAt === null;
  if (account.activatedAt !== null && !resets) return account;
  return {
    ...account,
    activatedAt: account.activatedAt ?? now,
    ha1s: resets ? renewedHa1s(account, space, generatePassword()) : account.ha1s,
    updatedAt: now,
  };
}
