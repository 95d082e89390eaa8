import { hash } from 'node:crypto';
import type { Account } from '../accounts/account.ts';
import { generatePassword, renewedHa1s } from '../accounts/passwords.ts';
import { deviceStep, findDeviceOfToken } from '../devices/device-store.ts';
import { addGiven } from '../devices/given-credentials.ts';
import { issueDevice } from '../devices/issue-device.ts';
import { spareKeyStep } from '../devices/spare-key-store.ts';
import { accountDocumentEntries, credentialsIn } from '../documents/build-document.ts';
import type { ProvisioningRequest } from '../documents/document-hooks.ts';
import { AppError } from '../errors.ts';
import type { NewEvent } from '../events/event.ts';
import { eventStep } from '../events/event-store.ts';
import { writeDocument } from '../lpconfig/write-document.ts';
import { claimSteps } from '../tokens/claim-store.ts';
import { endSignInsSteps } from '../tokens/end-sign-ins.ts';
import type { Client } from '../tokens/token.ts';
import { refusalOfError } from '../tokens/token-events.ts';
import type { ProvisioningContext } from './context.ts';
import type { Claim } from './deliveries.ts';
import {
  type ExaminedToken,
  examineToken,
  type RedeemableKind,
  recordRefusal,
  requireNotElsewhere,
} from './examine-token.ts';

export interface Redemption {
  readonly kind: RedeemableKind;
  readonly token: string;
  /** Ignored if the answer is a repeated one, because the new password is already stored. */
  readonly resetPassword: boolean;
  readonly client: Client;
  /** By `steadyNow`. A request that arrived before an answer ended is no repetition of it. */
  readonly arrivedAt: number;
  readonly request: ProvisioningRequest;
  /** Returns whether the client has closed the connection in the meantime. */
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
 * Uses a token up and returns the account's document, or undefined if the token is unknown, used or no longer valid.
 *
 * It finds the token, builds the document (including hooks), and runs one transaction that applies only if the token
 * and the account are unchanged. Of any number of concurrent requests, one succeeds. A failure before the commit leaves
 * token, account and password unchanged.
 */
export async function redeemToken(context: ProvisioningContext, redemption: Redemption): Promise<Redeemed | undefined> {
  let found: ExaminedToken | undefined;
  try {
    for (let left = maxAttempts; left > 0; left -= 1) {
      found = await examineToken(context, redemption.kind, redemption.token, redemption.client, redemption.arrivedAt);
      if (found === undefined) return undefined;
      requireNotElsewhere(found);
      if (found.refusal !== undefined) {
        await recordRefusal(context, found, found.refusal, redemption.client);
        return undefined;
      }
      const redeemed = await redeemFound(context, found, redemption);
      if (redeemed !== undefined) return redeemed;
      // A new password is not stored if another process has changed the realm that it was computed for.
      if (redemption.resetPassword) await context.spaces.refresh();
    }
    throw new AppError('busy', {});
  } catch (error) {
    if (found !== undefined) await recordRefusal(context, found, refusalOfError(error), redemption.client);
    throw error;
  }
}

/** Returns undefined if the token, the account or the realm of a new password has changed since it was found. */
async function redeemFound(
  context: ProvisioningContext,
  found: ExaminedToken,
  { request, client, ...redemption }: Redemption,
): Promise<Redeemed | undefined> {
  const { token, space } = found;
  const account = asRedeemed(context, found, redemption.resetPassword);
  const earlier = token.claimedAt === null ? undefined : await findDeviceOfToken(context.database, token.id);
  const device = issueDevice({ token, account, space }, earlier, request, client, context.now());
  const entries = await accountDocumentEntries(context, space, account, request, device.address);
  const document = writeDocument(entries);
  if (redemption.abandoned()) throw new AppError('request-malformed', { why: 'connection-closed' });
  const given = credentialsIn(entries);
  const credentials = earlier === undefined ? given : addGiven(earlier.credentials, given);
  const now = context.now();
  const hasNewPassword = account.ha1s !== found.account.ha1s;
  const realm = hasNewPassword ? { realm: space.effectiveRealm } : {};
  const applied = await context.database.applyAll([
    ...claimSteps(token, account, { now: context.steadyNow(), bootId: context.bootId, client, ...realm }),
    ...(earlier?.keyHash && device.address?.key ? [spareKeyStep(token.id)] : []),
    deviceStep({ ...device.row, credentials }, earlier),
    ...(hasNewPassword ? endSignInsSteps(account.id, now) : []),
    eventStep(fetchedEvent(found, account, document, client, now)),
  ]);
  if (!applied) return undefined;
  context.fetched.note(account.id, entries, now);
  const { id: accountId, spaceId } = account;
  return { document, account, claim: { tokenId: token.id, attempt: token.attempts + 1, accountId, spaceId } };
}

/** Returns the event that is recorded if and only if the claim succeeds. */
function fetchedEvent(
  { kind, token, account: before }: ExaminedToken,
  after: Account,
  document: string,
  client: Client,
  at: number,
): NewEvent {
  const { id: accountId, spaceId } = after;
  const detail = {
    // A short hash that tells documents apart in a list.
    document: hash('sha256', document).slice(0, 12),
    ...(kind === 'auth' ? { code: 'auth' } : {}),
    ...(token.claimedAt === null ? {} : { again: true }),
    ...(before.activatedAt === null ? { activated: true } : {}),
    ...(before.ha1s === after.ha1s ? {} : { new_password: true }),
  };
  return { at, kind: 'fetched', spaceId, accountId, tokenId: token.id, ...client, detail };
}

/** Returns the account as it will be after the redemption. */
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
