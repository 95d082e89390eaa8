import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { makeBenchData } from './bench-data.ts';
import { startRingup } from './ringup-process.ts';
import { median, percentile, rankTest } from './statistics.ts';
import { makeTokensOfEachKind } from './timing-data.ts';

const perKind = 1_000;
const warmUp = 1_000;
const inARow = 100;
/** One: a server that is busy with others shows less. */
const connections = 1;

export interface Timing {
  readonly kind: string;
  /** Microseconds. */
  readonly median: number;
  readonly quartiles: readonly [number, number];
  /** Against tokens that are unknown. */
  readonly difference: number;
  readonly exceeds: number;
  readonly p: number;
}

export interface Timings {
  readonly what: string;
  readonly kinds: readonly Timing[];
}

interface Ask {
  readonly kind: string;
  readonly request: Buffer;
}

/** Asked one after the other, and together answering one value to compare. */
type Row = readonly Ask[];

/**
 * How long the answer to a token takes that gets nothing, by why it gets nothing, the kinds in random order. `unknown too` is a
 * control: what it differs by from `unknown` is noise.
 */
export async function measureTimings(parent: string, rounds: number): Promise<Timings[]> {
  const { dataDir, file } = await makeBenchData(parent, 'timing', 0);
  const tokens = makeTokensOfEachKind(file, perKind);
  const ringup = await startRingup(dataDir);
  const sockets = await Promise.all(Array.from({ length: connections }, () => open(ringup.port)));
  const rowsOf = (method: string, kinds: readonly string[], size: number): Row[] =>
    kinds.flatMap((kind) =>
      inRows(
        (tokens.get(kind) ?? []).map((token) => ({ kind, request: requestOf(method, token) })),
        size,
      ),
    );
  const all = [...tokens.keys()];
  const ended = all.filter((kind) => kind !== 'open');
  const plans = [
    { what: 'GET, mixed', rows: rowsOf('GET', ended, 1) },
    { what: `GET, ${inARow} of a kind in a row`, rows: rowsOf('GET', ended, inARow) },
    { what: 'HEAD, mixed', rows: rowsOf('HEAD', all, 1) },
  ];
  const timings: Timings[] = [];
  for (const { what, rows } of plans) {
    const times = new Map(all.map((kind): [string, number[]] => [kind, []]));
    await askAll(sockets, shuffled(rows).slice(0, Math.ceil(warmUp / (rows[0]?.length ?? 1))), () => {});
    for (let round = 0; round < rounds; round += 1) {
      await askAll(sockets, shuffled(rows), (kind, value) => times.get(kind)?.push(value));
    }
    const asked = all.filter((kind) => times.get(kind)?.length !== 0);
    timings.push({ what, kinds: asked.map((kind) => timingOf(kind, times)) });
  }
  for (const socket of sockets) socket.destroy();
  await ringup.stop();
  return timings;
}

async function open(port: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  await once(socket, 'connect');
  return socket;
}

function requestOf(method: string, token: string): Buffer {
  return Buffer.from(
    `${method} /provisioning/${token} HTTP/1.1\r\nHost: 127.0.0.1\r\n` +
      'User-Agent: Linphone/5.3.0 (bench) LinphoneSDK/5.3.0\r\nX-Linphone-Provisioning: 1\r\n\r\n',
    'latin1',
  );
}

/** Rows of one request go to whichever connection is free; a longer row has all of them to itself, and counts by its median. */
async function askAll(sockets: readonly Socket[], rows: readonly Row[], note: (kind: string, value: number) => void) {
  const single = rows.every((row) => row.length === 1);
  for (const group of single ? [rows.flat()] : rows) {
    const times: number[] = [];
    let next = 0;
    let expected: number | undefined;
    const ask = async (socket: Socket): Promise<void> => {
      for (let each = group[next++]; each !== undefined; each = group[next++]) {
        const { microseconds, bytes } = await answered(socket, each.request, expected);
        expected ??= bytes;
        if (single) note(each.kind, microseconds);
        else times.push(microseconds);
      }
    };
    await Promise.all(sockets.map(ask));
    if (!single) note(group[0]?.kind ?? '', median(times));
  }
}

/** Every answer has as many bytes as the first one, or the run ends: length would tell more than time. */
function answered(socket: Socket, request: Buffer, expected: number | undefined) {
  return new Promise<{ microseconds: number; bytes: number }>((resolve, reject) => {
    let bytes = 0;
    let startedAt = 0;
    const onData = (chunk: Buffer): void => {
      const endedAt = performance.now();
      bytes += chunk.length;
      if (bytes < (expected ?? lengthOf(chunk))) return;
      socket.off('data', onData);
      if (expected !== undefined && bytes !== expected)
        reject(new Error(`An answer had ${bytes} bytes, not ${expected}.`));
      resolve({ microseconds: (endedAt - startedAt) * 1000, bytes });
    };
    socket.on('data', onData);
    startedAt = performance.now();
    socket.write(request);
  });
}

function lengthOf(chunk: Buffer): number {
  const head = chunk.toString('latin1').split('\r\n\r\n')[0] ?? '';
  return head.length + 4 + Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? 0);
}

function timingOf(kind: string, times: ReadonlyMap<string, readonly number[]>): Timing {
  const [own, unknown] = [times.get(kind) ?? [], times.get('unknown') ?? []];
  return {
    kind,
    median: median(own),
    quartiles: [percentile(own, 0.25), percentile(own, 0.75)],
    difference: median(own) - median(unknown),
    ...rankTest(own, unknown),
  };
}

function inRows(asks: readonly Ask[], size: number): Row[] {
  return Array.from({ length: Math.ceil(asks.length / size) }, (_, row) => asks.slice(row * size, (row + 1) * size));
}

function shuffled<T>(values: readonly T[]): T[] {
  const dealt = values.map((value) => ({ value, at: Math.random() }));
  return dealt.sort((a, b) => a.at - b.at).map(({ value }) => value);
}
