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
  /** The path that the public URL puts before ours; empty for none. */
  readonly pathPrefix: string;
}

/** What HTTP Digest looks at in a request. */
export interface DigestRequest {
  readonly method: string;
  /** Path and query as received. */
  readonly target: string;
  readonly host: string | undefined;
  readonly from: string | undefined;
  readonly authorization: string | undefined;
  /** Whether Linphone 5.3 or later says that it is being provisioned. */
  readonly fromLinphone: boolean;
  /** The device that asks, as its address says: its account is challenged for what that device was given. */
  readonly device?: { readonly accountId: number; readonly algorithms: readonly Algorithm[] } | undefined;
}

/** What to ask for; nobody can tell from it whether the account exists. */
export interface Challenge {
  readonly realm: string;
  readonly algorithms: readonly Algorithm[];
  readonly stale: boolean;
}

export type DigestResult =
  | { readonly kind: 'caller'; readonly caller: Caller }
  | { readonly kind: 'challenge'; readonly challenge: Challenge }
  /** Linphone 5.4 and later waits for its user when challenged without fitting credentials, and no call gets through. */
  | { readonly kind: 'hopeless' };

/** Who is calling by HTTP Digest (RFC 7616): a user, or the challenge to answer with. */
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
  // Without `From` nobody has said which account they are: all are challenged alike.
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
  // Unknown users cost what known ones do.
  const right = verifyResponse(known ? stored : dummyHa1[credentials.algorithm], credentials, request.method) && known;
  const nonce = context.nonces.check(credentials.nonce);
  if (nonce === 'forged') return 'wrong';
  if (nonce === 'stale') return 'stale';
  if (!right || credentials.realm !== space.effectiveRealm) return 'wrong';
  const hosts = [request.host, new URL(context.publicUrl).host, space.host].filter((host) => typeof host === 'string');
  if (!uriMatches(credentials.uri, request.target, context.pathPrefix, hosts)) return 'wrong';
  // Only a right response counts: otherwise a stranger could use up another's counts.
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

/** Without a `From` of ours: the space that the request came to, or another that it has credentials for. */
function spaceOfRealm(
  spaces: SpaceDirectory,
  host: string | undefined,
  credentials: DigestCredentials | undefined,
): Space {
  const addressed = spaces.forHost(host);
  if (credentials === undefined || credentials.realm === addressed.effectiveRealm) return addressed;
  return spaces.all.find((space) => space.effectiveRealm === credentials.realm) ?? addressed;
}
