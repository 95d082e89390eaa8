import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** A server process that has answered `GET /provisioning` once. */
export interface ServerProcess {
  readonly pid: number;
  readonly port: number;
  /** Seconds from the start of the process to the end of its first answer. */
  readonly startSeconds: number;
  stop(signal?: NodeJS.Signals): Promise<void>;
}

const patienceMs = 20_000;

/**
 * Runs a program with Node.js on a free port, which the program reads from its environment. Its output goes to files in
 * `directory`.
 */
export async function startServer(
  program: readonly string[],
  environmentOn: (port: number) => Readonly<Record<string, string>>,
  directory: string,
): Promise<ServerProcess> {
  const port = await freePort();
  const messages = join(directory, 'messages.log');
  const outputs = [openSync(join(directory, 'requests.log'), 'a'), openSync(messages, 'w')];
  const startedAt = performance.now();
  const child = spawn(process.execPath, program, {
    stdio: ['ignore', ...outputs],
    env: { PATH: process.env.PATH, ...environmentOn(port) },
  });
  outputs.forEach(closeSync);
  const neverOutliveUs = () => child.kill('SIGKILL');
  process.once('exit', neverOutliveUs);
  const complain = (status: number | null, signal: NodeJS.Signals | null): void => {
    const said = readFileSync(messages, 'utf8');
    process.stderr.write(`${program.join(' ')} ended by itself (${signal ?? `status ${status}`}):\n${said}\n`);
  };
  child.once('exit', complain);
  const stop = async (signal: NodeJS.Signals = 'SIGTERM') => {
    process.off('exit', neverOutliveUs);
    child.off('exit', complain);
    if (hasEnded(child)) return;
    child.kill(signal);
    await once(child, 'exit');
  };
  try {
    await firstAnswer(child, port, startedAt + patienceMs);
  } catch (cause) {
    await stop('SIGKILL');
    throw new Error(`${program.join(' ')} did not answer:\n${readFileSync(messages, 'utf8')}`, { cause });
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
