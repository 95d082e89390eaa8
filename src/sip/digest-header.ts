import { parseAuthParams, quotedString } from './auth-params.ts';
import { type Algorithm, algorithms } from './ha1.ts';
import { parseSipUri, type SipAddress } from './sip-uri.ts';

/** The parameters of an `Authorization: Digest` header, named as in RFC 7616 section 3.4. */
export interface DigestCredentials {
  readonly username: string;
  readonly realm: string;
  readonly nonce: string;
  /** The value that the client hashed, which may differ from the request line. */
  readonly uri: string;
  /** Lowercase hex, as long as the algorithm's hash. */
  readonly response: string;
  /** MD5 if the header does not name an algorithm. */
  readonly algorithm: Algorithm;
  readonly qop: 'auth';
  /** From 1 to 2³² − 1. */
  readonly nc: number;
  readonly cnonce: string;
  readonly opaque?: string;
}

/** The parameters of a `WWW-Authenticate: Digest` header. */
export interface DigestChallenge {
  readonly realm: string;
  readonly algorithm: Algorithm;
  readonly nonce: string;
  /** Whether only the nonce is outdated, so that the client tries again without asking its user. */
  readonly stale: boolean;
}

const maxCredentialsLength = 8192;
/** Tabs are allowed, because they count as white space. */
const hasControls = /(?!\t)\p{Cc}/u;
const maxFromLength = 1024;
const responseShapes: Record<Algorithm, RegExp> = { 'SHA-256': /^[0-9a-f]{64}$/, MD5: /^[0-9a-f]{32}$/ };

/** Parses an `Authorization` header. Returns undefined unless it is well-formed Digest with `qop=auth`. */
export function parseDigestCredentials(header: string): DigestCredentials | undefined {
  if (header.length > maxCredentialsLength || hasControls.test(header)) return undefined;
  const list = /^digest (.*)$/is.exec(header)?.[1];
  const params = list === undefined ? undefined : parseAuthParams(list);
  return params === undefined ? undefined : readCredentials(params);
}

/**
 * Returns a `WWW-Authenticate` header. `algorithm` is never quoted, as RFC 7616 section 3.3 requires. A realm with
 * characters outside ASCII is sent as UTF-8.
 */
export function challengeHeader({ realm, algorithm, nonce, stale }: DigestChallenge): string {
  const quotedRealm = Buffer.from(quotedString(realm)).toString('latin1');
  const suffix = stale ? ', stale=true' : '';
  return `Digest realm=${quotedRealm}, qop="auth", algorithm=${algorithm}, nonce=${quotedString(nonce)}${suffix}`;
}

/**
 * Returns one header for each algorithm, SHA-256 first, because a client uses the first one that it supports (RFC 7616
 * section 3.7).
 */
export function challengeHeaders(
  offered: readonly Algorithm[],
  challenge: Omit<DigestChallenge, 'algorithm'>,
): string[] {
  return algorithms
    .filter((algorithm) => offered.includes(algorithm))
    .map((algorithm) => challengeHeader({ ...challenge, algorithm }));
}

/**
 * Parses the SIP address in a `From` header, which Linphone sends as `sip:user@domain`. Also accepts a name-addr of RFC
 * 3261.
 */
export function parseFromHeader(from: string): SipAddress | undefined {
  if (from.length > maxFromLength) return undefined;
  const bracketed = /^(?:"(?:[^"\\]|\\.)*"[\t ]*|[^"<>]*)<([^<>]*)>[\t ]*(?:;[^<>]*)?$/.exec(from.trim())?.[1];
  // Without angle brackets, the parameters belong to the header, not to the URI (RFC 3261 section 20).
  const uri = parseSipUri(bracketed ?? from.trim().replace(/^([^@]*@[^;@]*);[^@]*$/, '$1'));
  return uri === undefined || uri.user === null ? undefined : { username: uri.user, domain: uri.host };
}

function readCredentials(params: ReadonlyMap<string, string>): DigestCredentials | undefined {
  const algorithm = findAlgorithm(params.get('algorithm') ?? 'MD5');
  // Ringup never asks for a hashed user name (`userhash`) and could not look it up.
  const isAsRequested = params.get('qop') === 'auth' && params.get('userhash')?.toLowerCase() !== 'true';
  if (algorithm === undefined || !isAsRequested) return undefined;

  const username = readUsername(params);
  const [realm, nonce, cnonce] = [params.get('realm'), params.get('nonce'), params.get('cnonce')];
  const [uri = '', response = '', ncText = ''] = [params.get('uri'), params.get('response'), params.get('nc')];
  if (!username || !realm || !nonce || !cnonce) return undefined;
  if (!/^[!-~]+$/.test(uri) || !responseShapes[algorithm].test(response)) return undefined;
  // Only lowercase digits, as in RFC 7616: the hash is over the text, of which only the number is kept.
  const nc = /^[0-9a-f]{8}$/.test(ncText) ? Number.parseInt(ncText, 16) : 0;
  if (nc === 0) return undefined;

  const opaque = params.get('opaque');
  const credentials = { username, realm, nonce, uri, response, algorithm, qop: 'auth', nc, cnonce } as const;
  return opaque === undefined ? credentials : { ...credentials, opaque };
}

function findAlgorithm(name: string): Algorithm | undefined {
  return algorithms.find((algorithm) => algorithm === name.toUpperCase());
}

/**
 * Returns `username`, or the `username*` of RFC 7616 section 3.4 for names beyond ASCII. Returns undefined if both are
 * present.
 */
function readUsername(params: ReadonlyMap<string, string>): string | undefined {
  const extended = params.get('username*');
  if (extended === undefined) return params.get('username');
  const encoded = /^utf-8'[a-z0-9-]*'([\w!#$%&+.^`|~-]*)$/i.exec(extended)?.[1];
  if (encoded === undefined || params.has('username')) return undefined;
  try {
    const username = decodeURIComponent(encoded);
    return /\p{Cc}/u.test(username) ? undefined : username;
  } catch {
    return undefined;
  }
}
