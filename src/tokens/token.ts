import type { Account } from '../accounts/account.ts';
import type { Refusal } from '../events/event.ts';
import { isLinphoneAgent } from '../sip/device-name.ts';
import type { Space } from '../spaces/space.ts';

/**
 * `setup` tokens create the first administrator and have no account. `login` tokens sign in to the panel.
 * `password-reset` tokens are in mailed links.
 */
export type TokenKind = 'provisioning' | 'auth' | 'setup' | 'login' | 'password-reset';

/** What is known about the answer that used up the token. */
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
  /** When the outcome of the latest answer was stored. */
  readonly endedAt: number | null;
  readonly bootId: string | null;
  /** Identifies the latest claim. */
  readonly claimId: string | null;
  /** How often it was claimed. */
  readonly attempts: number;
  readonly clientAddress: string | null;
  readonly clientAgent: string | null;
}

/** The client of a request. A space's `retry_window` compares it with an earlier one. */
export interface Client {
  readonly address: string;
  /** Whether the address comes from a trusted proxy's header. */
  readonly named: boolean;
  readonly agent: string;
}

/** What this process knows about the latest answer to a token. */
export interface LatestAnswer {
  /** Whether the answer is lost: its connection failed, or its process ended. */
  readonly lost: boolean;
  /** When its last byte was passed to the connection; undefined if it was not, or if that is unknown. */
  readonly endedAt: number | undefined;
}

export interface Circumstances {
  readonly now: number;
  /** When the request arrived, by a clock that is never set back. */
  readonly arrivedAt: number;
  readonly client: Client;
  readonly answer: LatestAnswer;
}

/** For this long, a phone can ask for a lost answer again. */
export const lostAnswersKeptMs = 5 * 60_000;
const maxRepeats = 3;
/**
 * The default, in seconds, for clients whose address comes from a trusted proxy: the proxy may have accepted an answer
 * for a phone that was already gone.
 */
const proxiedRetryWindow = 60;

/**
 * Returns why the token must be refused, or undefined if it can be redeemed, either for the first time or again because
 * the answer was lost.
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
  // The absolute difference counts, because the clock of the node that claimed the token may be ahead of this one.
  return answer.lost && Math.abs(arrivedAt - (claimedAt ?? 0)) <= lostAnswersKeptMs;
}

/**
 * Returns whether the request may repeat the answer. One that arrived before the answer ended ran at the same time and
 * must be refused.
 */
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

/**
 * Returns whether both names may be of the same phone. Linphone's name is `Unknown` during its first start, and its
 * real name after a restart.
 */
function isSameAgent(before: string | null, now: string): boolean {
  return before === now || (before === 'Unknown' && isLinphoneAgent(now));
}
