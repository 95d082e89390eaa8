import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { answerReader } from './answer-reader.ts';
import type { LoadJob, LoadResult } from './load-job.ts';
import { requestSource } from './request-source.ts';
import { percentile } from './statistics.ts';

// Runs as a process of its own: a job comes in as a message, its result goes out as one.

const readBufferBytes = 64 * 1024;

process.on('message', async (job: LoadJob) => {
  process.send?.(await generateLoad(job));
});

/** Keeps every connection busy with one request at a time. */
async function generateLoad(job: LoadJob): Promise<LoadResult> {
  const nextRequest = requestSource(job.plan);
  const latencies: number[] = [];
  let begun = 0;
  let startedAt = 0;
  let finish: () => void = () => {};
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  let busy = job.connections;

  const send = (socket: Socket, index: number): number => {
    const now = performance.now();
    const text = begun < job.requests && now - startedAt < job.seconds * 1000 ? nextRequest(index) : undefined;
    if (text === undefined) {
      busy -= 1;
      if (busy === 0) finish();
    } else {
      begun += 1;
      socket.write(text, 'latin1');
    }
    return now;
  };
  const sockets = await Promise.all(Array.from({ length: job.connections }, (_, index) => open(job, index)));
  async function open({ port, expected }: LoadJob, index: number): Promise<{ socket: Socket; begin(): void }> {
    let sentAt = 0;
    const read = answerReader(expected, () => {
      const now = send(socket, index);
      latencies.push(now - sentAt);
      sentAt = now;
    });
    const buffer = Buffer.allocUnsafe(readBufferBytes);
    const onBytes = (size: number): boolean => {
      read(buffer.subarray(0, size));
      return true;
    };
    const socket = connect({ port, host: '127.0.0.1', onread: { buffer, callback: onBytes }, noDelay: true });
    await once(socket, 'connect');
    const begin = () => {
      sentAt = send(socket, index);
    };
    return { socket, begin };
  }

  const cpuBefore = process.cpuUsage();
  startedAt = performance.now();
  for (const { begin } of sockets) begin();
  await finished;
  const seconds = (performance.now() - startedAt) / 1000;
  const { user, system } = process.cpuUsage(cpuBefore);
  for (const { socket } of sockets) socket.destroy();
  return {
    requests: latencies.length,
    seconds,
    p50: percentile(latencies, 0.5),
    p99: percentile(latencies, 0.99),
    generatorLoad: (user + system) / 1e6 / seconds,
  };
}
