import type { Account } from '../accounts/account.ts';
import { findAccountByUsername } from '../accounts/account-store.ts';
import { dummyHa1, uriMatches, verifyResponse } from '../sip/digest.ts';
import { type DigestCredentials, parseDigestCredentials, parseFromHeader } from '../sip/digest-header.ts';
import type { Algorithm } from '../sip/ha1.ts';
import type { Space } from '../spaces/space.ts';
import type { SpaceDirectory } from '../spaces/space-directory.ts';
import type { Database } from '../storage/database.ts';
import type { Caller } from './caller.ts';
import type { Nonces } from './digest-nonces.ts';

export interface DigestContext {
  readonly database: Database;
  readonly spaces: SpaceDirectory;
  readonly nonces: Nonces;
  /** Where phones reach the server. They keep using the previous address until they fetch a new document. */
  readonly address: {
    readonly url: string;
    readonly previousUrl: string | undefined;
    readonly pathPrefixes: readonly string[];
  };
}

/** The parts of a request that HTTP Digest uses. */
export interface DigestRequest {
  readonly method: string;
  /** Path and query as received. */
  readonly target: string;
  readonly host: string | undefined;
  readonly from: string | undefined;
  readonly authorization: string | undefined;
  /** Whether the request comes from Linphone 5.3 or later and is for provisioning. */
  readonly fromLinphone: boolean;
  /** The device in the address: `unknown` if there is no such device, undefined if the address has none. */
  readonly device: DigestDevice | 'unknown' | undefined;
}

/** A device. It must not be challenged for an algorithm that its credentials do not have. */
export interface DigestDevice {
  readonly account: Account;
  /** The algorithms of the credentials that the device last received. */
  readonly algorithms: readonly Algorithm[];
  /** The user names that the account had since the device received its credentials. */
  readonly formerNames: readonly string[];
}

/** What the challenge asks for. It does not reveal whether the account exists. */
export interface Challenge {
  readonly realm: string;
  readonly algorithms: readonly Algorithm[];
  readonly stale: boolean;
}

export type DigestResult =
  | { readonly kind: 'caller'; readonly caller: Caller }
  | { readonly kind: 'challenge'; readonly challenge: Challenge }
  /**
   * No challenge helps. Linphone 5.4 and later would ask its user for a password, and would receive no calls until
   * then.
   */
  | { readonly kind: 'hopeless'; readonly why: 'no-account-here' | 'device-cannot-sign-in' };

/** Authenticates a request by HTTP Digest (RFC 7616). Returns the caller, or the challenge to answer with. */
export async function signInByDigest(context: DigestContext, request: DigestRequest): Promise<DigestResult> {
  const credentials = request.authorization === undefined ? undefined : parseDigestCredentials(request.authorization);
  const named = request.from === undefined ? undefined : parseFromHeader(request.from);
  const own = named === undefined ? undefined : context.spaces.findByDomain(named.domain);
  const space = own ?? spaceOfRealm(context.spaces, request.host, credentials);
  const username = own === undefined ? credentials?.username : named?.username;
  const account =
    username === undefined ? undefined : await findAccountByUsername(context.database, space.id, username);
  const verdict = credentials === undefined ? 'wrong' : judge(context, request, credentials, { account, space });
  if (verdict === 'right' && account !== undefined) {
    return { kind: 'caller', caller: { account, space, rights: 'user', by: 'digest' } };
  }
  const offered = own === undefined ? undefined : offeredTo(request, space, named?.username, account);
  const isHopeless = request.fromLinphone && (offered === undefined || offered.length === 0);
  if (isHopeless) return { kind: 'hopeless', why: own === undefined ? 'no-account-here' : 'device-cannot-sign-in' };
  const stale = verdict === 'stale';
  return {
    kind: 'challenge',
    challenge: { realm: space.effectiveRealm, algorithms: offered ?? space.algorithms, stale },
  };
}

/** Returns the algorithms to challenge the account in `From` for; none if its phone could not answer any challenge. */
function offeredTo(
  { device, fromLinphone }: DigestRequest,
  space: Space,
  username: string | undefined,
  account: Account | undefined,
): readonly Algorithm[] {
  const own = algorithmsOf(account);
  if (device === undefined) return own.length > 0 ? own : space.algorithms;
  const isItsOwn =
    device !== 'unknown' &&
    device.account.spaceId === space.id &&
    [device.account.username, ...device.formerNames].includes(username ?? '');
  const held = isItsOwn ? algorithmsOf(device.account).filter((each) => device.algorithms.includes(each)) : [];
  if (fromLinphone || held.length > 0) return held;
  return own.length > 0 ? own : space.algorithms;
}

function algorithmsOf(account: Account | undefined): Algorithm[] {
  return account?.ha1s.map(({ algorithm }) => algorithm) ?? [];
}

function judge(
  context: DigestContext,
  request: DigestRequest,
  credentials: DigestCredentials,
  { account, space }: { readonly account: Account | undefined; readonly space: Space },
): 'right' | 'wrong' | 'stale' {
  const stored = account?.ha1s.find((each) => each.algorithm === credentials.algorithm)?.ha1;
  const known = stored !== undefined && account?.username === credentials.username;
  // Unknown users must take as long as known ones.
  const right = verifyResponse(known ? stored : dummyHa1[credentials.algorithm], credentials, request.method) && known;
  const nonce = context.nonces.check(credentials.nonce);
  if (nonce === 'forged') return 'wrong';
  if (nonce === 'stale') return 'stale';
  if (!right || credentials.realm !== space.effectiveRealm) return 'wrong';
  const { url, previousUrl = url, pathPrefixes } = context.address;
  const hosts = () =>
    [request.host, new URL(url).host, new URL(previousUrl).host, space.host].filter((host) => typeof host === 'string');
  const isAsked = pathPrefixes.some((prefix) => uriMatches(credentials.uri, request.target, prefix, hosts));
  if (!isAsked) return 'wrong';
  // Only correct responses use up a count. Otherwise strangers could use up the counts of other clients.
  return context.nonces.use(credentials.nonce, credentials.nc) ? 'right' : 'stale';
}

/**
 * Returns the space of a request whose `From` is not in one of our domains: the space of the realm in its credentials,
 * or by default that of its host.
 */
function spaceOfRealm(
  spaces: SpaceDirectory,
  host: string | undefined,
  credentials: DigestCredentials | undefined,
): Space {
  const addressed = spaces.forHost(host);
  if (credentials === undefined || credentials.realm === addressed.effectiveRealm) return addressed;
  return spaces.all.find((space) => space.effectiveRealm === credentials.realm) ?? addressed;
}
