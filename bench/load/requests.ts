import type { User } from '../installation/installation.ts';
import type { RequestPlan, ValuesPlan } from './load-job.ts';
import { sampleAnswer } from './sample-answer.ts';

/** The headers of Linphone 5.3 and later. */
export const phoneHeaders =
  'Host: 127.0.0.1\r\nUser-Agent: Linphone/5.3.0 (bench) LinphoneSDK/5.3.0\r\nX-Linphone-Provisioning: 1\r\n';

/** Always the same request; `more` are additional headers. */
export function same(path: string, more = '', method = 'GET', headers = phoneHeaders): RequestPlan {
  return { kind: 'same', text: `${method} ${path} HTTP/1.1\r\n${headers}${more}\r\n` };
}

/** Returns one request for each value, which replaces the `*` in `path`. */
export function forEach(values: readonly string[], path: string, method = 'GET', headers = phoneHeaders): ValuesPlan {
  const [before, after] = path.split('*');
  return {
    kind: 'values',
    before: `${method} ${before}`,
    values,
    after: `${after} HTTP/1.1\r\n${headers}\r\n`,
    repeat: false,
  };
}

/** Returns requests of `GET /provisioning/me` by Digest, with one challenge for each connection. */
export async function digestPlan(port: number, user: User, connections: number): Promise<RequestPlan> {
  const uri = '/provisioning/me';
  const unsigned = `GET ${uri} HTTP/1.1\r\n${phoneHeaders}From: sip:${user.username}@${user.domain}\r\n`;
  return {
    kind: 'digest',
    before: `${unsigned}Authorization`,
    username: user.username,
    realm: user.domain,
    uri,
    ha1: user.ha1,
    nonces: await Promise.all(Array.from({ length: connections }, () => freshNonce(port, `${unsigned}\r\n`))),
  };
}

async function freshNonce(port: number, request: string): Promise<string> {
  const { headers } = await sampleAnswer(port, request);
  const nonce = /nonce="([^"]+)"/.exec(headers['www-authenticate'] ?? '')?.[1];
  if (nonce === undefined) throw new Error('There was no Digest challenge.');
  return nonce;
}
