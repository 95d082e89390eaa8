/**
 * What identifies an `auth_info` section that a phone received. From 5.4 on, Linphone keeps all of them. So only a
 * section with the same values and a worthless HA1 takes one away again.
 */
export interface GivenCredentials {
  readonly of: 'account' | 'external' | 'turn' | 'other';
  readonly username: string;
  readonly realm: string;
  readonly domain: string;
  /** Empty if the section named none, which means MD5. */
  readonly algorithm: string;
  /** Set if the phone received a document that took these credentials away, although it is not revoked. */
  readonly ended?: true;
}

/** All credentials that a phone ever received. */
export interface AllGiven {
  /** The latest come first. */
  readonly credentials: readonly GivenCredentials[];
  /** The highest number of `auth_info` sections in any of its documents. This many places in the phone are ours. */
  readonly credentialPlaces: number;
}

/** A limit is needed, because hooks may invent other user names at each start. */
const maxKept = 200;

/**
 * Adds the credentials in one document to what a phone received before. Of TURN credentials, only the last are kept.
 */
export function addGiven(known: AllGiven, given: readonly GivenCredentials[]): AllGiven {
  const renewed = new Set(given.map(keyOf));
  const hasTurn = given.some(({ of }) => of === 'turn');
  const kept = known.credentials.filter((each) => !renewed.has(keyOf(each)) && !(hasTurn && each.of === 'turn'));
  return {
    credentials: [...given, ...kept].slice(0, maxKept),
    credentialPlaces: Math.max(known.credentialPlaces, given.length),
  };
}

/** Adds what the phone received `before`, when it was another device, to what it received as this one. */
export function inheritGiven(known: AllGiven | undefined, before: AllGiven | undefined): AllGiven | undefined {
  if (known === undefined || before === undefined) return known ?? before;
  const own = new Set(known.credentials.map(keyOf));
  const inherited = before.credentials.filter((each) => !own.has(keyOf(each)));
  return {
    credentials: [...known.credentials, ...inherited].slice(0, maxKept),
    credentialPlaces: Math.max(known.credentialPlaces, before.credentialPlaces),
  };
}

/**
 * Returns the credentials of external accounts that the account no longer has, unless they were already taken away from
 * the phone.
 */
export function formerExternals(
  { external }: { readonly external: unknown },
  { credentials }: AllGiven,
): GivenCredentials[] {
  return external === null ? credentials.filter((each) => each.of === 'external' && each.ended === undefined) : [];
}

/** Returns the phone's credentials, with these marked as taken away. */
export function withEnded({ credentials }: AllGiven, gone: readonly GivenCredentials[]): GivenCredentials[] {
  return credentials.map((each) => (gone.includes(each) ? { ...each, ended: true } : each));
}

function keyOf({ username, realm, domain, algorithm }: GivenCredentials): string {
  return JSON.stringify([username, realm, domain, algorithm]);
}
