import type { BenchData } from './bench-data.ts';
import type { RequestPlan } from './load-job.ts';
import { sampleAnswer } from './sample-answer.ts';

/** One kind of request, how it is made, and what is to be reached. */
export interface Scenario {
  readonly name: string;
  readonly settings?: Readonly<Record<string, string>>;
  /** To reach: requests/s as a share of the reference's. */
  readonly atLeast?: number;
  /** To reach: CPU of the server for one request. */
  readonly atMostCpuMs?: number;
  /** Asked for anew before each round: tokens and nonces serve once. */
  plan(port: number, connections: number): Promise<RequestPlan>;
}

/** `tokensPerRound`: how many redemptions a round has at most. */
export function scenariosOn(data: BenchData, tokensPerRound: number): Scenario[] {
  const { user, apiKey, shownToken } = data;
  const base = async (): Promise<RequestPlan> => same('/provisioning');
  return [
    { name: 'base document', atLeast: 0.6, plan: base },
    { name: 'base document, no request log', atLeast: 0.85, settings: { RINGUP_LOG_LEVEL: 'warn' }, plan: base },
    {
      name: 'token redemption',
      atLeast: 0.2,
      plan: async (_port, connections) => ({
        kind: 'each-once',
        before: 'GET /provisioning/',
        values: data.takeTokens(connections === 1 ? 1 : tokensPerRound),
        after: ` HTTP/1.1\r\n${clientHeaders}\r\n`,
      }),
    },
    { name: 'me by API key', atLeast: 0.18, plan: async () => same('/provisioning/me', `x-api-key: ${apiKey}\r\n`) },
    {
      name: 'me by Digest',
      atLeast: 0.14,
      plan: async (port, connections) => ({
        kind: 'digest',
        before: `GET /provisioning/me HTTP/1.1\r\n${clientHeaders}${fromHeader(user)}Authorization`,
        username: user.username,
        realm: user.domain,
        uri: '/provisioning/me',
        ha1: user.ha1,
        nonces: await Promise.all(Array.from({ length: connections }, () => freshNonce(port, user))),
      }),
    },
    { name: 'QR code', atMostCpuMs: 1.5, plan: async () => same(`/provisioning/qrcode/${shownToken}`) },
  ];
}

/** As Linphone 5.3 and later ask. */
const clientHeaders =
  'Host: 127.0.0.1\r\nUser-Agent: Linphone/5.3.0 (bench) LinphoneSDK/5.3.0\r\nX-Linphone-Provisioning: 1\r\n';

function same(path: string, headers = ''): RequestPlan {
  return { kind: 'same', text: `GET ${path} HTTP/1.1\r\n${clientHeaders}${headers}\r\n` };
}

function fromHeader({ username, domain }: BenchData['user']): string {
  return `From: sip:${username}@${domain}\r\n`;
}

async function freshNonce(port: number, user: BenchData['user']): Promise<string> {
  const request = `GET /provisioning/me HTTP/1.1\r\n${clientHeaders}${fromHeader(user)}\r\n`;
  const { headers } = await sampleAnswer(port, request);
  const nonce = /nonce="([^"]+)"/.exec(headers['www-authenticate'] ?? '')?.[1];
  if (nonce === undefined) throw new Error('There was no Digest challenge.');
  return nonce;
}
