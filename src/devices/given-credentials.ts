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
  /** Whether the phone got a document that took them away, although it is not revoked. */
  readonly ended?: true;
}

/** All that a phone was ever given. */
export interface AllGiven {
  /** The latest first. */
  readonly credentials: readonly GivenCredentials[];
  /** How many `auth_info` sections the longest of its documents had: as many places in the phone are ours. */
  readonly credentialPlaces: number;
}

/** Hooks may make up other user names at each start. */
const maxKept = 200;

/** Adds the credentials in one document to what a phone was given before. Of TURN, only the last is kept. */
export function addGiven(known: AllGiven, given: readonly GivenCredentials[]): AllGiven {
  const renewed = new Set(given.map(keyOf));
  const hasTurn = given.some(({ of }) => of === 'turn');
  const kept = known.credentials.filter((each) => !renewed.has(keyOf(each)) && !(hasTurn && each.of === 'turn'));
  return {
    credentials: [...given, ...kept].slice(0, maxKept),
    credentialPlaces: Math.max(known.credentialPlaces, given.length),
  };
}

/** Adds what the same phone was given `before`, as another device, to what it was given as this one. */
export function inheritGiven(known: AllGiven | undefined, before: AllGiven | undefined): AllGiven | undefined {
  if (known === undefined || before === undefined) return known ?? before;
  const own = new Set(known.credentials.map(keyOf));
  const inherited = before.credentials.filter((each) => !own.has(keyOf(each)));
  return {
    credentials: [...known.credentials, ...inherited].slice(0, maxKept),
    credentialPlaces: Math.max(known.credentialPlaces, before.credentialPlaces),
  };
}

/** Returns those of an external account that the account no longer has, unless the phone was told that they are gone. */
export function formerExternals(
  { external }: { readonly external: unknown },
  { credentials }: AllGiven,
): GivenCredentials[] {
  return external === null ? credentials.filter((each) => each.of === 'external' && each.ended === undefined) : [];
}

/** Returns all that the phone was given, once it was told that these are gone. */
export function withEnded({ credentials }: AllGiven, gone: readonly GivenCredentials[]): GivenCredentials[] {
  return credentials.map((each) => (gone.includes(each) ? { ...each, ended: true } : each));
}

function keyOf({ username, realm, domain, algorithm }: GivenCredentials): string {
  return JSON.stringify([username, realm, domain, algorithm]);
}
