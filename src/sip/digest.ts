import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { DigestCredentials } from './digest-header.ts';
import { type Algorithm, digestHash } from './ha1.ts';

/**
 * Replaces the HA1 of an unknown user, so that known and unknown users take the same time. It is random, so that no
 * response can match it.
 */
export const dummyHa1: Readonly<Record<Algorithm, string>> = {
  'SHA-256': randomBytes(32).toString('hex'),
  MD5: randomBytes(16).toString('hex'),
};

/** Returns the response of RFC 7616 section 3.4.1 for `qop=auth`, in lowercase hex. */
export function expectedResponse(ha1: string, credentials: DigestCredentials, method: string): string {
  const { algorithm, nonce, nc, cnonce, qop, uri } = credentials;
  const ha2 = digestHash(algorithm, `${method}:${uri}`);
  const ncText = nc.toString(16).padStart(8, '0');
  return digestHash(algorithm, `${ha1}:${nonce}:${ncText}:${cnonce}:${qop}:${ha2}`);
}

/**
 * Returns whether the client knew the HA1, which must have the algorithm of the credentials. Takes the same time for
 * every response.
 */
export function verifyResponse(ha1: string, credentials: DigestCredentials, method: string): boolean {
  const expected = Buffer.from(expectedResponse(ha1, credentials, method));
  const response = Buffer.from(credentials.response);
  return response.length === expected.length && timingSafeEqual(response, expected);
}

/**
 * Returns whether the hashed `uri` is that of the request. They must be equal by RFC 3986 (Linphone changes the case of
 * percent escapes), with or without the path prefix of the public URL, which a proxy may have removed. If `uri`
 * contains a host, it must be one of `hosts`; the function is called only then. Ports are ignored, because a proxy may
 * change them.
 */
export function uriMatches(
  digestUri: string,
  requestTarget: string,
  pathPrefix: string,
  hosts: () => readonly string[],
): boolean {
  if (digestUri === requestTarget) return true;
  const host = hostOf(digestUri);
  if (host !== undefined && !hosts().some((each) => withoutPort(each) === host)) return false;
  const uri = normalizedPathAndQuery(digestUri);
  const target = normalizedPathAndQuery(requestTarget);
  const prefix = normalizeEscapes(pathPrefix.replace(/\/$/, ''));
  return uri === target || uri === prefix + target || target === prefix + uri;
}

function hostOf(uri: string): string | undefined {
  const authority = /^https?:\/\/([^/?#]*)/i.exec(uri)?.[1];
  return authority === undefined ? undefined : withoutPort(authority);
}

function withoutPort(authority: string): string {
  return authority.toLowerCase().replace(/:\d*$/, '');
}

/** Returns the normalized path and query, also from the absolute form that proxies receive. */
function normalizedPathAndQuery(uri: string): string {
  return normalizeEscapes(uri.replace(/^https?:\/\/[^/?#]*\/?/i, '/'));
}

/**
 * Normalizes escapes by RFC 3986 section 6.2.2: `%2f` becomes `%2F`, and `%61` becomes `a`, but `%2F` does not become
 * `/`.
 */
function normalizeEscapes(text: string): string {
  return text.replace(/%[0-9a-f]{2}/gi, (triplet) => {
    const character = String.fromCharCode(Number.parseInt(triplet.slice(1), 16));
    return /[\w.~-]/.test(character) ? character : triplet.toUpperCase();
  });
}
