import type { Account } from '../accounts/account.ts';
import type { Refusal } from '../events/event.ts';
import type { Space } from '../spaces/space.ts';

/** `setup` tokens make the first administrator; they have no account. */
export type TokenKind = 'provisioning' | 'auth' | 'setup';

/** How the answer that used the token up fared, as far as can be seen from here. */
export type Outcome = 'answering' | 'delivered' | 'lost';

/** A token as stored: the secret itself is known only to whom it was shown. Instants in epoch milliseconds. */
export interface Token {
  readonly id: number;
  readonly createdAt: number;
  /** null: never. */
  readonly expiresAt: number | null;
  readonly revokedAt: number | null;
  readonly claimedAt: number | null;
  readonly outcome: Outcome | null;
  readonly bootId: string | null;
  /** How often it was claimed; conditional updates name it. */
  readonly attempts: number;
  readonly clientAddress: string | null;
  readonly clientAgent: string | null;
}

/** Who asks: compared within a space's `retry_window`. */
export interface Client {
  readonly address: string;
  readonly agent: string;
}

export interface Circumstances {
  readonly now: number;
  readonly client: Client;
  /** The answer is known to be lost: its connection failed, or its process is gone. */
  readonly lost: boolean;
}

/** How long a lost answer may be asked for again. */
export const lostAnswersKeptMs = 5 * 60_000;
const lostAnswersRepeated = 3;

/** Why the token may not be answered with the account; undefined where it may, for the first time or once more as the answer was lost. */
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
  return lost && age <= lostAnswersKeptMs && token.attempts <= lostAnswersRepeated;
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
