import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The answer that the server gives to all requests after it receives this message. */
export interface FixedAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** The same as in the server that it is compared with, because the answer contains it. */
  readonly keepAliveSeconds: number;
}

// Runs as a process of its own. It is the least that node:http does for the same bytes on the wire.

let answer: FixedAnswer = { status: 404, headers: {}, body: new Uint8Array(), keepAliveSeconds: 5 };

const server = createServer((_request, response) => {
  response.writeHead(answer.status, answer.headers);
  response.end(answer.body);
});

process.on('message', (next: FixedAnswer) => {
  answer = next;
  server.keepAliveTimeout = next.keepAliveSeconds * 1000;
  process.send?.('ready');
});

server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
