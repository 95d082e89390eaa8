import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { percentile } from '../statistics.ts';
import { answerReader } from './answer-reader.ts';
import type { LoadJob, LoadResult } from './load-job.ts';
import { requestSource } from './request-source.ts';

// Runs as a process of its own. It gets a job as a message, and sends the result as a message.

const readBufferBytes = 64 * 1024;

process.on('message', async (job: LoadJob) => {
  process.send?.(await generateLoad(job));
});

/** Keeps every connection busy with one request at a time. */
async function generateLoad(job: LoadJob): Promise<LoadResult> {
  const { port, connections, seconds, requests = Number.POSITIVE_INFINITY, pauseMs = 0, plan, expected } = job;
  const nextRequest = requestSource(plan);
  const latencies: number[] = [];
  let begun = 0;
  let startedAt = 0;
  let finish: () => void = () => {};
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  let busy = connections;

  const send = (socket: Socket, index: number): number => {
    const now = performance.now();
    const text = begun < requests && now - startedAt < seconds * 1000 ? nextRequest(index) : undefined;
    if (text === undefined) {
      busy -= 1;
      if (busy === 0) finish();
    } else {
      begun += 1;
      socket.write(text, 'latin1');
    }
    return now;
  };
  const opened = await Promise.all(Array.from({ length: connections }, (_, index) => open(index)));
  async function open(index: number): Promise<{ begin(): void; end(): void }> {
    let sentAt = 0;
    let socket = await openSocket();
    async function openSocket(): Promise<Socket> {
      const read = answerReader(expected, (isLast) => {
        const answeredAt = performance.now();
        latencies.push(answeredAt - sentAt);
        if (isLast) void again();
        else if (pauseMs === 0) begin();
        else setTimeout(begin, pauseMs);
      });
      return connectTo(port, read);
    }
    const begin = () => {
      sentAt = send(socket, index);
    };
    const again = async () => {
      end();
      socket = await openSocket();
      begin();
    };
    const end = () => {
      socket.removeAllListeners('close');
      socket.destroy();
    };
    return { begin, end };
  }

  const cpuBefore = process.cpuUsage();
  startedAt = performance.now();
  for (const { begin } of opened) begin();
  await finished;
  const took = (performance.now() - startedAt) / 1000;
  const { user, system } = process.cpuUsage(cpuBefore);
  for (const { end } of opened) end();
  return {
    requests: latencies.length,
    seconds: took,
    p50: percentile(latencies, 0.5),
    p99: percentile(latencies, 0.99),
    generatorLoad: (user + system) / 1e6 / took,
  };
}

/** Opens a connection. Throws if the server closes it without having announced that in an answer. */
async function connectTo(port: number, read: (chunk: Buffer) => void): Promise<Socket> {
  const buffer = Buffer.allocUnsafe(readBufferBytes);
  const onBytes = (size: number): boolean => {
    read(buffer.subarray(0, size));
    return true;
  };
  const socket = connect({ port, host: '127.0.0.1', onread: { buffer, callback: onBytes }, noDelay: true });
  socket.once('close', () => {
    throw new Error('The server closed a connection on which it had not answered.');
  });
  await once(socket, 'connect');
  return socket;
}
