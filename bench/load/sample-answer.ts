import { once } from 'node:events';
import { connect } from 'node:net';
import type { FixedAnswer } from '../servers/reference-server.ts';

/** Headers that every node:http server adds by itself. */
const added = new Set(['date', 'connection', 'keep-alive']);

/** Sends one request as it is, and reads the answer. Throws if the answer has no `Content-Length`. */
export async function sampleAnswer(port: number, request: string): Promise<FixedAnswer> {
  const socket = connect({ port, host: '127.0.0.1' });
  socket.write(request, 'latin1');
  let bytes = Buffer.alloc(0);
  for (;;) {
    const [chunk] = await once(socket, 'data');
    bytes = Buffer.concat([bytes, chunk]);
    const headEnd = bytes.indexOf('\r\n\r\n');
    if (headEnd === -1) continue;
    const [statusLine = '', ...lines] = bytes.toString('latin1', 0, headEnd).split('\r\n');
    const headers = lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)] as const);
    const header = (name: string) => headers.find(([each]) => each.toLowerCase() === name)?.[1] ?? '';
    const body = bytes.subarray(headEnd + 4);
    if (body.length < Number(header('content-length'))) continue;
    socket.destroy();
    return {
      status: Number(statusLine.split(' ')[1]),
      headers: Object.fromEntries(headers.filter(([name]) => !added.has(name.toLowerCase()))),
      body,
      keepAliveSeconds: Number(/timeout=(\d+)/.exec(header('keep-alive'))?.[1] ?? 5),
    };
  }
}
