import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { untrusted } from './self-signed.ts';

export interface SmallSipServer {
  readonly port: number;
  /** The requests that it received, as text. */
  readonly requests: readonly string[];
  stop(): Promise<void>;
}

export type Transport = 'udp' | 'tcp' | 'tls';

/** Returns a successful answer to the request, with the header lines that RFC 3261 requires it to repeat. */
export function okTo(request: string, server = 'Small/1.0'): string {
  const repeated = request.split('\r\n').filter((line) => /^(Via|From|To|Call-ID|CSeq):/.test(line));
  return ['SIP/2.0 200 OK', ...repeated, `Server: ${server}`, 'Content-Length: 0', '', ''].join('\r\n');
}

/** Starts a server on 127.0.0.1 that answers each request with the result of `answer`; undefined means no answer. */
export async function startSipServer(
  transport: Transport,
  answer: (request: string) => string | undefined = okTo,
): Promise<SmallSipServer> {
  const requests: string[] = [];
  const answerTo = (bytes: Buffer): string | undefined => {
    requests.push(bytes.toString());
    return answer(bytes.toString());
  };
  return transport === 'udp' ? startUdp(requests, answerTo) : startStream(transport, requests, answerTo);
}

type AnswerTo = (bytes: Buffer) => string | undefined;

async function startUdp(requests: readonly string[], answerTo: AnswerTo): Promise<SmallSipServer> {
  const socket = createSocket('udp4');
  socket.on('message', (bytes, { address, port }) => {
    const text = answerTo(bytes);
    if (text !== undefined) socket.send(text, port, address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return { port: socket.address().port, requests, stop: async () => void socket.close() };
}

async function startStream(
  transport: 'tcp' | 'tls',
  requests: readonly string[],
  answerTo: AnswerTo,
): Promise<SmallSipServer> {
  const open = new Set<Socket>();
  const serve = (socket: Socket): void => {
    open.add(socket);
    socket.on('error', () => {});
    socket.on('data', (bytes) => {
      const text = answerTo(bytes);
      if (text !== undefined) socket.write(text);
    });
  };
  const server = transport === 'tls' ? createTlsServer(untrusted, serve) : createServer(serve);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    requests,
    async stop() {
      for (const socket of open) socket.destroy();
      server.close();
    },
  };
}
