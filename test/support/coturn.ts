import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createConnection, isIPv6 } from 'node:net';
import { join } from 'node:path';
import { programPath } from './find-program.ts';
import { freePort } from './free-port.ts';
import { startProgram } from './program.ts';
import { tempDirectory } from './temp-directory.ts';
import { patienceMs, waitUntil } from './wait-until.ts';

const recipe = join(import.meta.dirname, '../../deploy/coturn/turnserver.conf');

/** The programs of `startCoturn` and `relays`, for `requirePrograms`. */
export const coturnPrograms = { turnserver: 'coturn', turnutils_uclient: 'coturn' };

/** A coturn that accepts credentials of the REST convention, configured as in `deploy/coturn/`. */
export interface Coturn {
  /** A port on 127.0.0.1, for UDP and TCP. */
  readonly port: number;
  log(): string;
  stop(): Promise<void>;
}

interface CoturnOptions {
  readonly secret: string;
  readonly realm: string;
  /** By default, it relays to its own machine, where the test's phones are. */
  readonly ownMachine?: 'relayed' | 'refused';
}

export async function startCoturn(options: CoturnOptions): Promise<Coturn> {
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

interface TurnUser {
  readonly username: string;
  readonly password: string;
}

/**
 * Returns whether coturn's own client gets two relayed addresses with these credentials, and can send a message from
 * one to the other.
 */
export async function relays(port: number, user: TurnUser, transport: 'udp' | 'tcp' = 'udp'): Promise<boolean> {
  const by = transport === 'tcp' ? ['-t'] : [];
  const { succeeded, output } = await client(port, user, [...by, '-y']);
  return succeeded && /tot_recv_msgs=[1-9]/.test(output);
}

/** Returns whether coturn refuses to relay to this address. */
export async function refusesPeer(port: number, user: TurnUser, peer: string): Promise<boolean> {
  const { output } = await client(port, user, [...(isIPv6(peer) ? ['-x'] : []), '-e', peer]);
  if (!output.includes('channel bind')) throw new Error(`coturn was not asked for ${peer}:\n${output}`);
  return output.includes('error 403 (Forbidden IP)');
}

function client(
  port: number,
  { username, password }: TurnUser,
  options: readonly string[],
): Promise<{ succeeded: boolean; output: string }> {
  const words = [...options, '-v', '-c', '-n', '1', '-p', String(port), '-u', username, '-w', password, '127.0.0.1'];
  return new Promise((resolve, reject) => {
    execFile(programPath('turnutils_uclient'), words, { timeout: patienceMs }, (error, stdout, stderr) => {
      const output = `${stdout}${stderr}`;
      if (error?.killed === true) reject(new Error(`turnutils_uclient came to no end:\n${output}`));
      else resolve({ succeeded: error === null, output });
    });
  });
}

/** Returns the recipe's configuration, with the two lines that it asks for and what the test needs. */
function coturnConfiguration({ secret, realm, ownMachine }: CoturnOptions, port: number, directory: string): string {
  const text = readFileSync(recipe, 'utf8')
    .replace('=what openssl printed\n', `=${secret}\n`)
    .replace('=sip.example.com\n', `=${realm}\n`);
  if (!text.includes(`=${secret}\n`) || !text.includes(`=${realm}\n`)) throw new Error(`${recipe} has changed`);
  return `${text}
listening-ip=127.0.0.1
relay-ip=127.0.0.1
relay-ip=::1
listening-port=${port}${ownMachine === 'refused' ? '' : '\nallow-loopback-peers'}
no-tls
no-dtls
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
