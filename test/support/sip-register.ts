import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { answerChallenge } from './digest-client.ts';
import { patienceMs } from './wait-until.ts';

export interface Registration {
  /** Of a registrar on 127.0.0.1, by UDP. */
  readonly port: number;
  readonly username: string;
  readonly domain: string;
  readonly password: string;
}

/** The status that a registrar answers to a REGISTER, after its challenge has been answered. */
export async function register(registration: Registration): Promise<number> {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  try {
    const uri = `sip:${registration.domain}`;
    const ask = async (sequence: number, authorization?: string): Promise<string> => {
      socket.send(
        requestText(registration, socket.address().port, sequence, authorization),
        registration.port,
        '127.0.0.1',
      );
      const [answer] = await once(socket, 'message', { signal: AbortSignal.timeout(patienceMs) });
      return String(answer);
    };
    const challenged = await ask(1);
    const challenge = /^WWW-Authenticate: (.*)\r$/m.exec(challenged)?.[1];
    if (challenge === undefined) return statusOf(challenged);
    const { username, password } = registration;
    return statusOf(await ask(2, answerChallenge([challenge], { username, password, method: 'REGISTER', uri })));
  } finally {
    socket.close();
  }
}

function requestText(
  { username, domain }: Registration,
  port: number,
  sequence: number,
  authorization?: string,
): string {
  const address = `sip:${username}@${domain}`;
  return [
    `REGISTER sip:${domain} SIP/2.0`,
    `Via: SIP/2.0/UDP 127.0.0.1:${port};branch=z9hG4bK${port}${sequence};rport`,
    `From: <${address}>;tag=${port}`,
    `To: <${address}>`,
    `Call-ID: ${port}@127.0.0.1`,
    `CSeq: ${sequence} REGISTER`,
    `Contact: <sip:${username}@127.0.0.1:${port}>`,
    'Max-Forwards: 70',
    ...(authorization === undefined ? [] : [`Authorization: ${authorization}`]),
    'Content-Length: 0',
    '\r\n',
  ].join('\r\n');
}

function statusOf(answer: string): number {
  return Number(/^SIP\/2\.0 (\d{3})/.exec(answer)?.[1] ?? 0);
}
