import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { freePort } from './free-port.ts';
import { waitUntil } from './wait-until.ts';

const launcher = fileURLToPath(new URL('../../bin/ringup.cjs', import.meta.url));

/** `ringup serve` in a process of its own. */
export interface ServingProcess {
  /** The URL at which it listens, which is also its public URL unless another was set. */
  readonly url: string;
  readonly port: number;
  /** Returns what it wrote to standard error and logged to standard output. */
  said(): string;
  logged(): string;
  /** Starts reading its log, if it was started with `unread`. */
  startReading(): void;
  /** Closes the pipe of its log. */
  stopReading(): void;
  /** Stops it as an administrator would. Resolves to its exit status. */
  stop(): Promise<number | null>;
  /** Kills it, like a power cut. */
  kill(): Promise<void>;
}

/**
 * Where standard output and standard error go: to a pipe that is read, to a pipe that is not read, or to an open file.
 */
interface Destinations {
  readonly output?: 'pipe' | 'unread' | number;
  readonly error?: 'pipe' | number;
  /** The user to run as, for root only. The program can be read nevertheless, wherever it is. */
  readonly user?: { readonly uid: number; readonly gid: number };
}

export async function startServe(
  environment: Readonly<Record<string, string>>,
  { output = 'pipe', error = 'pipe', user }: Destinations = {},
  options: readonly string[] = [],
): Promise<ServingProcess> {
  const port = Number(environment.RINGUP_LISTEN?.split(':').at(-1) ?? (await freePort()));
  const [command, ...args] = user === undefined ? [process.execPath] : asUser(user, process.execPath);
  const child = spawn(command, [...args, launcher, 'serve', ...options], {
    env: {
      PATH: process.env.PATH,
      NODE_OPTIONS: process.env.NODE_OPTIONS,
      RINGUP_LISTEN: `127.0.0.1:${port}`,
      ...environment,
    },
    stdio: ['ignore', output === 'unread' ? 'pipe' : output, error],
  });
  const killWithUs = (): void => void child.kill('SIGKILL');
  process.once('exit', killWithUs);
  const said = collect(child.stderr);
  let logged = output === 'unread' ? () => '' : collect(child.stdout);
  const url = `http://127.0.0.1:${port}`;
  const saysSo = () => error !== 'pipe' || said().includes('Ringup listens on');
  const ready = await waitUntil(async () => child.exitCode !== null || (saysSo() && (await isReady(url))));
  if (!ready || child.exitCode !== null) throw new Error(`serve did not start: ${said()}`);
  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill(signal);
      await once(child, 'exit');
    }
    process.off('exit', killWithUs);
    return child.exitCode;
  };
  return {
    url,
    port,
    said,
    logged: () => logged(),
    startReading: () => {
      logged = collect(child.stdout);
    },
    stopReading: () => void child.stdout?.destroy(),
    stop: () => end('SIGTERM'),
    kill: async () => void (await end('SIGKILL')),
  };
}

function asUser({ uid, gid }: { uid: number; gid: number }, program: string): [command: string, ...args: string[]] {
  const capabilities = ['--inh-caps=+dac_override', '--ambient-caps=+dac_override'];
  return ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', ...capabilities, program];
}

async function isReady(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/health/ready`)).ok;
  } catch {
    return false;
  }
}

function collect(stream: ChildProcess['stdout']): () => string {
  let text = '';
  stream?.on('data', (chunk) => {
    text += String(chunk);
  });
  return () => text;
}
