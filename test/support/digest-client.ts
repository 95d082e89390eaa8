import { createHash } from 'node:crypto';

/** The credentials of a client and its request. Either `password` or `ha1` is needed. */
export interface DigestAnswer {
  readonly username: string;
  readonly password?: string;
  readonly ha1?: string;
  readonly method: string;
  readonly uri: string;
  readonly nc?: number;
  readonly cnonce?: string;
  /** Which of several challenges to answer; by default, the first. */
  readonly algorithm?: 'SHA-256' | 'MD5';
}

/**
 * Returns the `Authorization` header that answers the challenges of a 401. It is written from RFC 7616 alone,
 * independently of the server's code, so that a mistake there cannot hide here.
 */
export function answerChallenge(wwwAuthenticate: readonly string[], answer: DigestAnswer): string {
  const challenges = wwwAuthenticate.map(parseChallenge);
  const challenge = challenges.find(({ algorithm = 'MD5' }) => (answer.algorithm ?? algorithm) === algorithm);
  if (challenge === undefined) throw new Error(`no challenge fits: ${wwwAuthenticate.join(' | ') || 'there is none'}`);

  const { realm = '', nonce = '', algorithm = 'MD5', opaque } = challenge;
  const h = (text: string) => createHash(algorithm.replace('-', '')).update(text).digest('hex');
  const nc = (answer.nc ?? 1).toString(16).padStart(8, '0');
  const cnonce = answer.cnonce ?? '0a4f113b';
  const ha1 = answer.ha1 ?? h(`${answer.username}:${realm}:${answer.password ?? ''}`);
  const response = h(`${ha1}:${nonce}:${nc}:${cnonce}:auth:${h(`${answer.method}:${answer.uri}`)}`);
  return [
    `Digest username=${quote(answer.username)}`,
    `realm=${quote(realm)}`,
    `uri=${quote(answer.uri)}`,
    `algorithm=${algorithm}`,
    `nonce=${quote(nonce)}`,
    `nc=${nc}`,
    `cnonce=${quote(cnonce)}`,
    'qop=auth',
    `response="${response}"`,
    ...(opaque === undefined ? [] : [`opaque=${quote(opaque)}`]),
  ].join(', ');
}

function parseChallenge(header: string): Record<string, string> {
  if (!header.startsWith('Digest ')) throw new Error(`not a Digest challenge: ${header}`);
  // Headers contain UTF-8, which Node represents as one character for each byte.
  const text = Buffer.from(header, 'latin1').toString();
  const params = [...text.matchAll(/([a-z-]+)=(?:"((?:\\.|[^"\\])*)"|([^\s",]+))/g)];
  return Object.fromEntries(
    params.map(([, name, quoted, token]) => [name, token ?? quoted?.replace(/\\(.)/g, '$1') ?? '']),
  );
}

function quote(text: string): string {
  return Buffer.from(`"${text.replace(/["\\]/g, '\\$&')}"`).toString('latin1');
}
