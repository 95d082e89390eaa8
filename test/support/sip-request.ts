import { createSocket, type Socket } from 'node:dgram';
import { on, once } from 'node:events';
import { answerChallenge } from './digest-client.ts';
import { patienceMs } from './wait-until.ts';

export interface SipRequest {
  /** The port of a server on 127.0.0.1, for UDP. */
  readonly port: number;
  readonly method: 'REGISTER' | 'INVITE' | 'MESSAGE';
  readonly uri: string;
  readonly from: string;
  readonly to: string;
  readonly username: string;
  readonly password: string;
  /** Which challenge to answer; by default, the first. */
  readonly algorithm?: 'SHA-256' | 'MD5';
  readonly headers?: readonly string[];
}

export interface SipAnswer {
  /** The status of the last answer, because a challenge is answered once. */
  readonly status: number;
  readonly text: string;
  readonly challenged: boolean;
}

/** Sends a request as a phone would. Returns the first answer: to a call, maybe the 100 that shows that it proceeds. */
export async function sendSip(request: SipRequest): Promise<SipAnswer> {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  try {
    const { port } = socket.address();
    const ask = async (sequence: number, credentials?: string): Promise<string> => {
      const text = requestText(request, port, sequence, credentials);
      const send = () => socket.send(text, request.port, '127.0.0.1');
      send();
      // Repeated as RFC 3261 requires for UDP, in case the server has not started yet.
      const again = setInterval(send, 500);
      try {
        return await answerTo(sequence, socket);
      } finally {
        clearInterval(again);
      }
    };
    const first = await ask(1);
    const challenges = [...first.matchAll(/^(?:WWW|Proxy)-Authenticate: (.*)\r$/gm)].map(([, value = '']) => value);
    if (challenges.length === 0) return { status: statusOf(first), text: first, challenged: false };
    const { username, password, method, uri, algorithm } = request;
    const wish = algorithm === undefined ? {} : { algorithm };
    const value = answerChallenge(challenges, { username, password, method, uri, ...wish });
    const name = statusOf(first) === 407 ? 'Proxy-Authorization' : 'Authorization';
    const text = await ask(2, `${name}: ${value}`);
    return { status: statusOf(text), text, challenged: true };
  } finally {
    socket.close();
  }
}

/** Skips answers to earlier requests: a server that was slow also answers their repetitions. */
async function answerTo(sequence: number, socket: Socket): Promise<string> {
  const isIts = new RegExp(`^CSeq: ${sequence} `, 'm');
  for await (const [bytes] of on(socket, 'message', { signal: AbortSignal.timeout(patienceMs) })) {
    const answer = String(bytes);
    if (isIts.test(answer)) return answer;
  }
  throw new Error('the socket was closed');
}

function requestText(request: SipRequest, port: number, sequence: number, credentials?: string): string {
  const { method, uri, from, to, headers = [] } = request;
  return [
    `${method} ${uri} SIP/2.0`,
    `Via: SIP/2.0/UDP 127.0.0.1:${port};branch=z9hG4bK${port}${sequence};rport`,
    `From: <${from}>;tag=${port}`,
    `To: <${to}>`,
    `Call-ID: ${port}@127.0.0.1`,
    `CSeq: ${sequence} ${method}`,
    `Contact: <sip:phone@127.0.0.1:${port}>`,
    'Max-Forwards: 70',
    ...headers,
    ...(credentials === undefined ? [] : [credentials]),
    'Content-Length: 0',
    '\r\n',
  ].join('\r\n');
}

function statusOf(answer: string): number {
  return Number(/^SIP\/2\.0 (\d{3})/.exec(answer)?.[1] ?? 0);
}
