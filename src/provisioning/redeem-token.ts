import { hash } from 'node:crypto';
import type { Account } from '../accounts/account.ts';
import { generatePassword, renewedHa1s } from '../accounts/passwords.ts';
import type { Device } from '../devices/device.ts';
import { countDevicesWithKey, deviceStep, findDeviceOfToken } from '../devices/device-store.ts';
import { allGivenTo, type IssuedDevice, issueDevice } from '../devices/issue-device.ts';
import { spareKeyStep } from '../devices/spare-key-store.ts';
import { accountDocumentEntries, credentialsIn } from '../documents/build-document.ts';
import type { ProvisioningRequest } from '../documents/document-hooks.ts';
import { AppError } from '../errors.ts';
import type { NewEvent } from '../events/event.ts';
import { eventStep } from '../events/event-store.ts';
import type { Document } from '../lpconfig/document.ts';
import { writeDocument } from '../lpconfig/write-document.ts';
import { isUnconfirmed } from '../storage/database-failure.ts';
import type { Step } from '../storage/statement.ts';
import { type Claim, claimSteps } from '../tokens/claim-store.ts';
import { endSignInsSteps } from '../tokens/end-sign-ins.ts';
import type { Client } from '../tokens/token.ts';
import { refusalOfError } from '../tokens/token-events.ts';
import type { ProvisioningContext } from './context.ts';
import {
  type ExaminedToken,
  examineToken,
  recordRefusal,
  requireNotElsewhere,
  type TokenRequest,
} from './examine-token.ts';
import { settleClaim } from './settle-claim.ts';

export interface Redemption extends Required<TokenRequest> {
  /** Ignored if the answer is repeated, because the new password is already stored. */
  readonly resetPassword: boolean;
  readonly request: ProvisioningRequest;
  /** Returns whether the client has closed the connection meanwhile. */
  abandoned(): boolean;
}

export interface Redeemed {
  readonly document: string;
  readonly account: Account;
  /** Identifies the answer to `deliveries`, which records its outcome. */
  readonly claim: Claim;
}

const maxAttempts = 3;

/**
 * Uses up a token and returns the account's document. Returns undefined if the token is unknown, used or no longer
 * valid. It finds the token, builds the document (including hooks), and runs one transaction that applies only if the
 * token and the account are unchanged. Of any number of concurrent requests, one succeeds. A failure before the commit
 * leaves token, account and password unchanged.
 */
export async function redeemToken(context: ProvisioningContext, redemption: Redemption): Promise<Redeemed | undefined> {
  let found: ExaminedToken | undefined;
  try {
    for (let left = maxAttempts; left > 0; left -= 1) {
      found = await examineToken(context, redemption);
      if (found === undefined) return undefined;
      requireNotElsewhere(found);
      if (found.refusal !== undefined) {
        await recordRefusal(context, found, found.refusal, redemption.client);
        return undefined;
      }
      const redeemed = await redeemFound(context, found, redemption);
      if (redeemed !== undefined) return redeemed;
      // Another process may have changed the domain or the realm of the space.
      await context.spaces.refresh();
    }
    throw new AppError('busy', {});
  } catch (error) {
    if (found !== undefined) await recordRefusal(context, found, refusalOfError(error), redemption.client);
    throw error;
  }
}

/** Returns undefined if the token, the account, or the space's domain or realm has changed since it was found. */
async function redeemFound(
  context: ProvisioningContext,
  found: ExaminedToken,
  redemption: Redemption,
): Promise<Redeemed | undefined> {
  const answer = await buildAnswer(context, found, redemption);
  await keepOutcome(context, found);
  if (redemption.abandoned()) throw new AppError('request-malformed', { why: 'connection-closed' });
  const steps = await stepsOf(context, found, answer, redemption);
  const { account, document, claim } = answer;
  if (!(await applyClaim(context, claim, steps))) return undefined;
  context.fetched.note(account.id, answer.entries, context.now());
  return { document, account, claim };
}

/** What the phone receives if the claim succeeds. */
interface Answer {
  /** The account after the claim. */
  readonly account: Account;
  readonly device: IssuedDevice;
  /** The device that the answer created when it was first given, if this answer repeats it. */
  readonly earlier: Device | undefined;
  readonly entries: Document;
  readonly document: string;
  readonly claim: Claim;
}

async function buildAnswer(
  context: ProvisioningContext,
  found: ExaminedToken,
  redemption: Redemption,
): Promise<Answer> {
  const { token, space } = found;
  const { client, request } = redemption;
  const account = asRedeemed(context, found, redemption.resetPassword);
  const earlier = token.claimedAt === null ? undefined : await findDeviceOfToken(context.database, token.id);
  const { headers } = request;
  const device = issueDevice({ token, account, space, earlier, headers, client, now: context.now() });
  const entries = await accountDocumentEntries(context, { account, space }, request, device.address);
  const { id: accountId, spaceId } = account;
  const claim = { id: context.deliveries.newClaimId(), tokenId: token.id, accountId, spaceId };
  return { account, device, earlier, entries, document: writeDocument(entries), claim };
}

/** Returns the steps that are stored together with the claim, or not at all. */
async function stepsOf(
  context: ProvisioningContext,
  found: ExaminedToken,
  answer: Answer,
  { client, request }: Redemption,
): Promise<Step[]> {
  const { token, space } = found;
  const { account, device, earlier, entries, claim, document } = answer;
  const wish = { account, earlier, given: credentialsIn(entries), headers: request.headers };
  const given = await allGivenTo(context, wish);
  const now = context.now();
  const hasNewPassword = account.ha1s !== found.account.ha1s;
  const following = hasNewPassword ? await countDevicesWithKey(context.database, account.id) : 0;
  const stillSo = { domain: space.domain, ...(hasNewPassword ? { realm: space.effectiveRealm } : {}) };
  const { bootId } = context;
  return [
    ...claimSteps(token, account, { now: context.steadyNow(), bootId, claimId: claim.id, client, ...stillSo }),
    ...(earlier?.keyHash && device.address?.key ? [spareKeyStep(token.id)] : []),
    deviceStep({ ...device.row, ...given }, earlier),
    ...(hasNewPassword ? endSignInsSteps(account.id, now) : []),
    eventStep(fetchedEvent(found, { account, document, following }, client, now)),
  ];
}

/**
 * Writes the outcome of the token's earlier answer, if it still waits: its event could not be recorded once there is
 * another claim.
 */
async function keepOutcome({ deliveries }: ProvisioningContext, { token }: ExaminedToken): Promise<void> {
  if (token.claimId !== null && deliveries.outcomeOf(token.claimId) !== undefined) await deliveries.flush();
}

async function applyClaim(context: ProvisioningContext, claim: Claim, steps: readonly Step[]): Promise<boolean> {
  try {
    return await context.database.applyAll(steps);
  } catch (error) {
    if (!isUnconfirmed(error) || !(error instanceof Error)) throw error;
    return settleClaim(context, claim, error);
  }
}

interface FetchedFacts {
  readonly account: Account;
  readonly document: string;
  /** How many devices fetch the new password by their keys. */
  readonly following: number;
}

/** Returns the event to record together with the claim. */
function fetchedEvent(
  { kind, token, account: before }: ExaminedToken,
  { account: after, document, following }: FetchedFacts,
  client: Client,
  at: number,
): NewEvent {
  const { id: accountId, spaceId } = after;
  const detail = {
    // A short hash, so that different documents can be told apart in a list.
    document: hash('sha256', document).slice(0, 12),
    ...(kind === 'auth' ? { code: 'auth' } : {}),
    ...(token.claimedAt === null ? {} : { again: true }),
    ...(before.activatedAt === null ? { activated: true } : {}),
    ...(before.ha1s === after.ha1s ? {} : { new_password: true, following }),
  };
  return { at, kind: 'fetched', spaceId, accountId, tokenId: token.id, ...client, detail };
}

/** Returns the account as it will be after the redemption. */
function asRedeemed(context: ProvisioningContext, found: ExaminedToken, resetPassword: boolean): Account {
  const { account, token, space } = found;
  const now = context.now();
  // Without a password, the document would be useless. A change of the domain ends passwords, but not codes.
  const resets = (resetPassword && token.claimedAt === null) || account.ha1s.length === 0;
  if (account.activatedAt !== null && !resets) return account;
  return {
    ...account,
    activatedAt: account.activatedAt ?? now,
    ha1s: resets ? renewedHa1s(account, space, generatePassword(space)) : account.ha1s,
    updatedAt: now,
  };
}
