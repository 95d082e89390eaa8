import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** A real `ringup serve` with the settings it has by itself, and its request log in a file. */
export interface RingupProcess {
  readonly pid: number;
  readonly port: number;
  /** From the start of the process to the end of its first answer. */
  readonly startSeconds: number;
  stop(signal?: NodeJS.Signals): Promise<void>;
}

const program = join(import.meta.dirname, '../bin/ringup.cjs');
const patienceMs = 20_000;

export async function startRingup(
  dataDir: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<RingupProcess> {
  const port = await freePort();
  const messages = join(dataDir, 'messages.log');
  const outputs = [openSync(join(dataDir, 'requests.log'), 'a'), openSync(messages, 'w')];
  const startedAt = performance.now();
  const child = spawn(process.execPath, [program, 'serve'], {
    stdio: ['ignore', ...outputs],
    env: { PATH: process.env.PATH, RINGUP_DATA_DIR: dataDir, RINGUP_LISTEN: `127.0.0.1:${port}`, ...settings },
  });
  outputs.forEach(closeSync);
  const neverOutliveUs = () => child.kill('SIGKILL');
  process.once('exit', neverOutliveUs);
  const stop = async (signal: NodeJS.Signals = 'SIGTERM') => {
    process.off('exit', neverOutliveUs);
    if (hasEnded(child)) return;
    child.kill(signal);
    await once(child, 'exit');
  };
  try {
    await firstAnswer(child, port, startedAt + patienceMs);
  } catch (cause) {
    throw new Error(`ringup serve did not answer:\n${readFileSync(messages, 'utf8')}`, { cause });
  }
  return { pid: child.pid ?? 0, port, startSeconds: (performance.now() - startedAt) / 1000, stop };
}

async function firstAnswer(child: ChildProcess, port: number, deadline: number): Promise<void> {
  for (;;) {
    try {
      const answer = await fetch(`http://127.0.0.1:${port}/provisioning`);
      await answer.arrayBuffer();
      if (answer.status !== 200) throw new Error(`The first answer was ${answer.status}.`);
      return;
    } catch (error) {
      if (hasEnded(child) || performance.now() > deadline) throw error;
    }
    await delay(2);
  }
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}
