import type { Account } from '../accounts/account.ts';
import type { Refusal } from '../events/event.ts';
import { isLinphoneAgent } from '../sip/device-name.ts';
import { publicUrlOf, type Space } from '../spaces/space.ts';

/**
 * `setup` tokens create the first administrator; they have no account. `login` tokens sign in to the panel.
 * `password-reset` tokens are in links of mails.
 */
export type TokenKind = 'provisioning' | 'auth' | 'setup' | 'login' | 'password-reset';

/** What the server knows about the answer that used the token up. */
export type Outcome = 'answering' | 'delivered' | 'lost';

/** A token as stored, without its secret. Times are in epoch milliseconds. */
export interface Token {
  readonly id: number;
  readonly createdAt: number;
  /** null if it never expires. */
  readonly expiresAt: number | null;
  readonly revokedAt: number | null;
  readonly claimedAt: number | null;
  readonly outcome: Outcome | null;
  /** When the outcome of the latest answer was written down. */
  readonly endedAt: number | null;
  readonly bootId: string | null;
  /** Identifies the latest claim. */
  readonly claimId: string | null;
  /** How often it was claimed. */
  readonly attempts: number;
  readonly clientAddress: string | null;
  readonly clientAgent: string | null;
}

/** The client that sent a request, for the comparison within a space's `retry_window`. */
export interface Client {
  readonly address: string;
  /** Whether a trusted proxy named the address. */
  readonly named: boolean;
  readonly agent: string;
}

/** What this process knows about the latest answer to a token. */
export interface LatestAnswer {
  /** Whether it is lost: its connection failed, or its process ended. */
  readonly lost: boolean;
  /** When its last byte was handed over; undefined if it was not, or if that is unknown. */
  readonly endedAt: number | undefined;
}

export interface Circumstances {
  readonly now: number;
  /** When the request arrived, by a clock that never goes back. */
  readonly arrivedAt: number;
  readonly client: Client;
  readonly answer: LatestAnswer;
}

/** How long a phone can ask for a lost answer again. */
export const lostAnswersKeptMs = 5 * 60_000;
const maxRepeats = 3;
/** By default, for clients whose address a trusted proxy named: it may have taken an answer for a phone that had gone. */
const proxiedRetryWindow = 60;

/**
 * Returns why the token must be refused; undefined if it can be redeemed, for the first time or again because the
 * answer was lost.
 */
export function refusalOf(token: Token, account: Account, space: Space, at: Circumstances): Refusal | undefined {
  if (account.blockedAt !== null) return 'blocked';
  if (token.revokedAt !== null) return token.claimedAt === null ? 'revoked' : 'used';
  if (token.claimedAt === null) return isExpired(token, at.now) ? 'expired' : undefined;
  if (token.attempts > maxRepeats) return 'used';
  return mayRepeatLost(token, at) || isWithinRetryWindow(token, space, at) ? undefined : 'used';
}

/** Returns whether the token was neither used nor revoked and has not expired. */
export function isOpen(token: Pick<Token, 'claimedAt' | 'revokedAt' | 'expiresAt'>, now: number): boolean {
  return token.claimedAt === null && token.revokedAt === null && !isExpired(token, now);
}

export function isExpired(token: Pick<Token, 'expiresAt'>, now: number): boolean {
  return token.expiresAt !== null && token.expiresAt <= now;
}

function mayRepeatLost({ claimedAt }: Token, { arrivedAt, answer }: Circumstances): boolean {
  // The difference counts either way: the clock of the node that claimed the token may be ahead of this one.
  return answer.lost && Math.abs(arrivedAt - (claimedAt ?? 0)) <= lostAnswersKeptMs;
}

/** A request that arrived before the answer ended raced it, and lost. */
function isWithinRetryWindow(token: Token, space: Space, { arrivedAt, client, answer }: Circumstances): boolean {
  const seconds = space.retryWindow ?? (client.named ? proxiedRetryWindow : 0);
  const { endedAt } = answer;
  return (
    endedAt !== undefined &&
    arrivedAt > endedAt &&
    arrivedAt - endedAt <= seconds * 1000 &&
    token.clientAddress === client.address &&
    isSameAgent(token.clientAgent, client.agent)
  );
}

/** Linphone calls itself `Unknown` until its first start is over, and by its name after a restart. */
function isSameAgent(before: string | null, now: string): boolean {
  return before === now || (before === 'Unknown' && isLinphoneAgent(now));
}

/** Returns the address that a phone fetches, at the space's own host if it has one. */
export function provisioningUrl(
  space: Space,
  instanceUrl: string,
  token: string,
  options: { readonly resetPassword?: boolean } = {},
): string {
  return `${publicUrlOf(space, instanceUrl)}/provisioning/${token}${options.resetPassword === true ? '?reset_password' : ''}`;
}
