/**
 * What identifies an `auth_info` on a phone that was given it. Linphone keeps all of them from 5.4 on, so only the same
 * values with a worthless HA1 take one away again.
 */
export interface GivenCredentials {
  readonly of: 'account' | 'external' | 'turn' | 'other';
  readonly username: string;
  readonly realm: string;
  readonly domain: string;
  /** Empty if the phone was given none, which means MD5. */
  readonly algorithm: string;
}

/** Hooks may make up other user names at each start. */
const maxKept = 200;

/** Returns all that a phone was ever given, what it was given last in front. Of TURN, only the last is kept. */
export function addGiven(
  known: readonly GivenCredentials[],
  given: readonly GivenCredentials[],
): readonly GivenCredentials[] {
  const renewed = new Set(given.map(keyOf));
  const hasTurn = given.some(({ of }) => of === 'turn');
  const kept = known.filter((each) => !renewed.has(keyOf(each)) && !(hasTurn && each.of === 'turn'));
  return [...given, ...kept].slice(0, maxKept);
}

function keyOf({ username, realm, domain, algorithm }: GivenCredentials): string {
  return JSON.stringify([username, realm, domain, algorithm]);
}
