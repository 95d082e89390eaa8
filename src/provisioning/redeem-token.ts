import { countDevices, deviceStep } from '../access/device-store.ts';
import type { Account } from '../accounts/account.ts';
import { generatePassword, renewedHa1s } from '../accounts/passwords.ts';
import { AppError } from '../errors.ts';
import { hashSecret } from '../lib/hash.ts';
import { writeDocument } from '../lpconfig/write-document.ts';
import type { Space } from '../spaces/space.ts';
import { accountDocumentEntries } from './build-document.ts';
import type { ProvisioningContext, ProvisioningRequest } from './context.ts';
import type { Claim } from './deliveries.ts';
import { issueDevice } from './devices.ts';
import { type Client, isAnswerable, type Token } from './token.ts';
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

/** A token that may be answered now, with what it stands for. */
export interface AnswerableToken {
  readonly token: Token;
  readonly account: Account;
  readonly space: Space;
}

const tries = 3;

/**
 * Uses a token up and answers the account's document; undefined when the token is unknown, used or not valid any more.
 *
 * Find → build, hooks included → one transaction that names the token and the account as they were found. Of any number of
 * concurrent requests one wins; whatever fails before the commit leaves token, account and password as they were.
 */
export async function redeemToken(context: ProvisioningContext, redemption: Redemption): Promise<Redeemed | undefined> {
  for (let left = tries; left > 0; left -= 1) {
    const found = await findAnswerableToken(context, redemption.kind, redemption.token, redemption.client);
    if (found === undefined) return undefined;
    const { token, space } = found;
    const account = asRedeemed(context, found, redemption);
    const device = issueDevice({ token, account, space }, redemption.request, redemption.client, context.now());
    const entries = await accountDocumentEntries(context, space, account, redemption.request, device.address);
    const document = Buffer.from(writeDocument(entries));
    if (redemption.abandoned())
      throw new AppError('request-malformed', 'The connection was closed; nothing was used up.');
    const steps = claimSteps(token, account, {
      now: context.now(),
      bootId: context.bootId,
      client: redemption.client,
    });
    if (await context.database.applyAll([...steps, deviceStep(device.row)])) {
      context.fetched.note(account.id, entries, context.now());
      return { document, account, claim: { tokenId: token.id, attempt: token.attempts + 1 } };
    }
  }
  throw new AppError('busy', 'The account is being changed at this moment: try again. Nothing was used up.');
}

/** The token, if a request for it now would be answered with the account. Changes nothing. */
export async function findAnswerableToken(
  context: ProvisioningContext,
  kind: Redemption['kind'],
  secret: string,
  client: Client,
): Promise<AnswerableToken | undefined> {
  const found = await findToken(context.database, kind, hashSecret(secret));
  if (found === undefined) return undefined;
  const { token, account } = found;
  const space = context.spaces.findById(account.spaceId);
  // An auth token stands for a user who signed in with a password: it activates nothing.
  if (space === undefined || (kind === 'auth' && account.activatedAt === null)) return undefined;
  const lost = await isLost(context, token);
  if (!isAnswerable(token, account, space, { now: context.now(), client, lost })) return undefined;
  return (await hasRoom(context, token, account, space)) ? { ...found, space } : undefined;
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
function asRedeemed(context: ProvisioningContext, found: AnswerableToken, redemption: Redemption): Account {
  const { account, token, space } = found;
  const now = context.now();
  const resets = redemption.resetPassword && token.claimedAt === null;
  if (account.activatedAt !== null && !resets) return account;
  return {
    ...account,
    activatedAt: account.activatedAt ?? now,
    ha1s: resets ? renewedHa1s(account, space, generatePassword()) : account.ha1s,
    updatedAt: now,
  };
}
