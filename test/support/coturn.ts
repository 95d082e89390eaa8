import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { programPath } from './find-program.ts';
import { freePort } from './free-port.ts';
import { startProgram } from './program.ts';
import { tempDirectory } from './temp-directory.ts';
import { patienceMs, waitUntil } from './wait-until.ts';

/** What `startCoturn` and `relays` need, for `requirePrograms`. */
export const coturnPrograms = { turnserver: 'coturn', turnutils_uclient: 'coturn' };

/** A coturn that takes the credentials of the REST convention. */
export interface Coturn {
  /** On 127.0.0.1, by UDP and by TCP. */
  readonly port: number;
  log(): string;
  stop(): Promise<void>;
}

export async function startCoturn(options: { secret: string; realm: string }): Promise<Coturn> {
  const directory = tempDirectory();
  const configuration = join(directory, 'turnserver.conf');
  const port = await freePort();
  writeFileSync(configuration, coturnConfiguration(options, port, directory), { mode: 0o600 });
  const coturn = startProgram({ command: programPath('turnserver'), args: ['-c', configuration], cwd: directory });
  const ready = await waitUntil(async () => !coturn.running() || (await answers(port)));
  if (!ready || !coturn.running()) {
    await coturn.stop();
    throw new Error(`coturn did not start:\n${coturn.log()}`);
  }
  return { port, log: coturn.log, stop: coturn.stop };
}

/** Whether coturn's own client gets two relayed addresses with these credentials, and a message from one to the other. */
export function relays(
  port: number,
  { username, password }: { username: string; password: string },
  transport: 'udp' | 'tcp' = 'udp',
): Promise<boolean> {
  const by = transport === 'tcp' ? ['-t'] : [];
  const words = [...by, '-y', '-c', '-n', '1', '-p', String(port), '-u', username, '-w', password, '127.0.0.1'];
  return new Promise((resolve, reject) => {
    execFile(programPath('turnutils_uclient'), words, { timeout: patienceMs }, (error, stdout, stderr) => {
      if (error === null) resolve(/tot_recv_msgs=[1-9]/.test(stdout));
      else if (error.killed) reject(new Error(`turnutils_uclient came to no end:\n${stdout}${stderr}`));
      else resolve(false);
    });
  });
}

function coturnConfiguration({ secret, realm }: { secret: string; realm: string }, port: number, directory: string) {
  return `listening-ip=127.0.0.1
relay-ip=127.0.0.1
listening-port=${port}
use-auth-secret
static-auth-secret=${secret}
realm=${realm}
allow-loopback-peers
no-tls
no-dtls
no-cli
verbose
log-file=stdout
userdb=${join(directory, 'turndb')}
pidfile=${join(directory, 'pid')}
`;
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ host: '127.0.0.1', port });
    const end = (result: boolean) => {
      socket.destroy();
      resolve(result);
    };
    socket.once('connect', () => end(true)).once('error', () => end(false));
  });
}
