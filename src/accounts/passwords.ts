import { randomToken } from '../lib/random-token.ts';
import { type Algorithm, computeHa1, type Ha1 } from '../sip/ha1.ts';
import type { Space } from '../spaces/space.ts';
import type { Account } from './account.ts';

/** Returns the HA1s that a password is stored as. */
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

/** Returns a password of 131 random bits that nobody needs to type. */
export function generatePassword(): string {
  return randomToken();
}
