import type { User } from '../installation/installation.ts';
import type { RequestPlan, ValuesPlan } from './load-job.ts';
import { sampleAnswer } from './sample-answer.ts';

/** As Linphone 5.3 and later ask. */
export const phoneHeaders =
  'Host: 127.0.0.1\r\nUser-Agent: Linphone/5.3.0 (bench) LinphoneSDK/5.3.0\r\nX-Linphone-Provisioning: 1\r\n';

/** The same request again and again; `more` are headers beside the others. */
export function same(path: string, more = '', method = 'GET', headers = phoneHeaders): RequestPlan {
  return { kind: 'same', text: `${method} ${path} HTTP/1.1\r\n${headers}${more}\r\n` };
}

/** A request for each value; `path` has `*` in its place. */
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

/** `GET /provisioning/me` by Digest, with a challenge for each connection. */
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
