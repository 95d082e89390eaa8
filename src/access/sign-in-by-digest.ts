import type { Account } from '../accounts/account.ts';
import { findAccountByUsername } from '../accounts/account-store.ts';
import type { Nonces } from '../cluster/digest-nonces.ts';
import { dummyHa1, uriMatches, verifyResponse } from '../sip/digest.ts';
import { type DigestCredentials, parseDigestCredentials, parseFromHeader } from '../sip/digest-header.ts';
import type { Algorithm } from '../sip/ha1.ts';
import type { Space } from '../spaces/space.ts';
import type { SpaceDirectory } from '../spaces/space-directory.ts';
import type { Database } from '../storage/database.ts';
import type { Caller } from './caller.ts';

export interface DigestContext {
  readonly database: Database;
  readonly spaces: SpaceDirectory;
  readonly nonces: Nonces;
  readonly publicUrl: string;
  /** The path prefix of the public URL; empty if it has none. */
  readonly pathPrefix: string;
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
  /** The device that the address names. Its account is challenged for the algorithms that this device got. */
  readonly device?: { readonly accountId: number; readonly algorithms: readonly Algorithm[] } | undefined;
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
  /** No challenge helps: Linphone 5.4 and later would wait for its user, and no call would get through meanwhile. */
  | { readonly kind: 'hopeless' };

/** Authenticates a request by HTTP Digest (RFC 7616). Returns the caller, or the challenge to answer with. */
export async function signInByDigest(context: DigestContext, request: DigestRequest): Promise<DigestResult> {
  const credentials = request.authorization === undefined ? undefined : parseDigestCredentials(request.authorization);
  const named = request.from === undefined ? undefined : parseFromHeader(request.from);
  const own = named === undefined ? undefined : context.spaces.findByDomain(named.domain);
  const space = own ?? spaceOfRealm(context.spaces, request.host, credentials);
  const username = own === undefined ? credentials?.username : named?.username;
  const account =
    username === undefined ? undefined : await findAccountByUsername(context.database, space.id, username);
  const verdict = credentials === undefined ? 'wrong' : judge(context, request, credentials, space, account);
  if (verdict === 'right' && account !== undefined) {
    return { kind: 'caller', caller: { account, space, rights: 'user', by: 'digest' } };
  }
  if (request.fromLinphone && own === undefined) return { kind: 'hopeless' };
  // Without `From` the account is unknown, so everyone gets the same challenge.
  const challenged = own === undefined ? undefined : account;
  return { kind: 'challenge', challenge: challengeFor(space, challenged, request.device, verdict === 'stale') };
}

function judge(
  context: DigestContext,
  request: DigestRequest,
  credentials: DigestCredentials,
  space: Space,
  account: Account | undefined,
): 'right' | 'wrong' | 'stale' {
  const stored = account?.ha1s.find((each) => each.algorithm === credentials.algorithm)?.ha1;
  const known = stored !== undefined && account?.username === credentials.username;
  // Unknown users must take as long as known ones.
  const right = verifyResponse(known ? stored : dummyHa1[credentials.algorithm], credentials, request.method) && known;
  const nonce = context.nonces.check(credentials.nonce);
  if (nonce === 'forged') return 'wrong';
  if (nonce === 'stale') return 'stale';
  if (!right || credentials.realm !== space.effectiveRealm) return 'wrong';
  const hosts = [request.host, new URL(context.publicUrl).host, space.host].filter((host) => typeof host === 'string');
  if (!uriMatches(credentials.uri, request.target, context.pathPrefix, hosts)) return 'wrong';
  // Only correct responses use up a count: otherwise strangers could use up the counts of others.
  return context.nonces.use(credentials.nonce, credentials.nc) ? 'right' : 'stale';
}

function challengeFor(
  space: Space,
  account: Account | undefined,
  device: DigestRequest['device'],
  stale: boolean,
): Challenge {
  const own = account?.ha1s.map((each) => each.algorithm) ?? [];
  const held = device?.accountId === account?.id ? own.filter((each) => device?.algorithms.includes(each)) : [];
  const offered = held.length > 0 ? held : own;
  return { realm: space.effectiveRealm, algorithms: offered.length > 0 ? offered : space.algorithms, stale };
}

/**
 * Returns the space of a request without a `From` in one of our domains: the one whose realm its credentials name, or
 * by default the one of its host.
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
