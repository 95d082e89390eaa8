import type { Account } from '../accounts/account.ts';
import type { Refusal } from '../events/event.ts';
import type { Space } from '../spaces/space.ts';

/** `setup` tokens create the first administrator; they have no account. */
export type TokenKind = 'provisioning' | 'auth' | 'setup';

/** What became of the answer that used the token up, as far as the server can tell. */
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
  readonly bootId: string | null;
  /** How often it was claimed. Conditional updates compare it. */
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

export interface Circumstances {
  readonly now: number;
  readonly client: Client;
  /** Whether the answer is known to be lost: its connection failed, or its process ended. */
  readonly lost: boolean;
}

/** How long a phone can ask for a lost answer again. */
export const lostAnswersKeptMs = 5 * 60_000;
const maxLostAnswerRepeats = 3;

/**
 * Returns why the token must be refused; undefined if it can be redeemed, for the first time or again because the
 * answer was lost.
 */
export function refusalOf(token: Token, account: Account, space: Space, at: Circumstances): Refusal | undefined {
  if (account.blockedAt !== null) return 'blocked';
  if (token.revokedAt !== null) return token.claimedAt === null ? 'revoked' : 'used';
  if (token.claimedAt === null) return isExpired(token, at.now) ? 'expired' : undefined;
  return mayRepeatLost(token, at) || isWithinRetryWindow(token, space, at) ? undefined : 'used';
}

export function isExpired(token: Pick<Token, 'expiresAt'>, now: number): boolean {
  return token.expiresAt !== null && token.expiresAt <= now;
}

function mayRepeatLost(token: Token, { now, lost }: Circumstances): boolean {
  const age = now - (token.claimedAt ?? 0);
  return lost && age <= lostAnswersKeptMs && token.attempts <= maxLostAnswerRepeats;
}

function isWithinRetryWindow(token: Token, space: Space, { now, client }: Circumstances): boolean {
  const age = now - (token.claimedAt ?? 0);
  return (
    age <= space.retryWindow * 1000 &&
    space.retryWindow > 0 &&
    token.clientAddress === client.address &&
    token.clientAgent === client.agent
  );
}
