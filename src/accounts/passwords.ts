import { timingSafeEqual } from 'node:crypto';
import { randomToken, tokenLength } from '../lib/random-token.ts';
import { dummyHa1 } from '../sip/digest.ts';
import { type Algorithm, computeHa1, type Ha1 } from '../sip/ha1.ts';
import type { Space } from '../spaces/space.ts';
import type { Account } from './account.ts';

export function ha1sOfPassword(
  algorithms: readonly Algorithm[],
  username: string,
  realm: string,
  password: string,
): Ha1[] {
  return algorithms.map((algorithm) => ({ algorithm, ha1: computeHa1(algorithm, username, realm, password) }));
}

/** Returns the HA1s of a new password. By default, the account keeps its algorithms. */
export function renewedHa1s(account: Account, space: Space, password: string, algorithm?: Algorithm): Ha1[] {
  const kept = account.ha1s.length > 0 ? account.ha1s.map((each) => each.algorithm) : space.algorithms;
  return ha1sOfPassword(algorithm === undefined ? kept : [algorithm], account.username, space.effectiveRealm, password);
}

/** Returns a password of about 131 random bits or more, with as many characters as the space demands. */
export function generatePassword({ passwordMinLength }: Pick<Space, 'passwordMinLength'>): string {
  return randomToken(Math.max(0, passwordMinLength - tokenLength));
}

/** Returns the given password, or else a generated one, which is also in `generated` so that it can be shown. */
export function givenOrGenerated(
  given: string | undefined,
  space: Pick<Space, 'passwordMinLength'>,
): {
  readonly password: string;
  readonly generated: string | undefined;
} {
  if (given !== undefined) return { password: given, generated: undefined };
  const generated = generatePassword(space);
  return { password: generated, generated };
}

/**
 * Returns whether the account has this password, by the strongest stored algorithm. It takes as long for no account and
 * for an account without a password.
 */
export function isPasswordOf(account: Account | undefined, space: Space, password: string): boolean {
  const [stored] = account?.ha1s ?? [];
  const { algorithm, ha1 } = stored ?? nobody(space);
  const offered = computeHa1(algorithm, account?.username ?? 'nobody', space.effectiveRealm, password);
  return timingSafeEqual(Buffer.from(offered), Buffer.from(ha1)) && stored !== undefined;
}

function nobody({ algorithms: [algorithm = 'SHA-256'] }: Space): Ha1 {
  return { algorithm, ha1: dummyHa1[algorithm] };
}
