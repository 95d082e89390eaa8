import { randomToken } from '../lib/random-token.ts';
import { type Algorithm, computeHa1, type Ha1 } from '../sip/ha1.ts';
import type { Space } from '../spaces/space.ts';
import type { Account } from './account.ts';

/** The HA1s that a password is kept as. */
export function ha1sOfPassword(
  algorithms: readonly Algorithm[],
  username: string,
  realm: string,
  password: string,
): Ha1[] {
  return algorithms.map((algorithm) => ({ algorithm, ha1: computeHa1(algorithm, username, realm, password) }));
}

/** New HA1s in place of an account's own: its algorithms never change by themselves. */
export function renewedHa1s(account: Account, space: Space, password: string, algorithm?: Algorithm): Ha1[] {
  const kept = account.ha1s.length > 0 ? account.ha1s.map((each) => each.algorithm) : space.algorithms;
  return ha1sOfPassword(algorithm === undefined ? kept : [algorithm], account.username, space.effectiveRealm, password);
}

/** A password that nobody needs to type: 131 random bits. */
export function generatePassword(): string {
  return randomToken();
}
