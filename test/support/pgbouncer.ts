import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Programs } from './debian.ts';
import { inDebian13, programsOfDebian13 } from './debian-13.ts';
import { programPath } from './find-program.ts';
import { freePort } from './free-port.ts';
import { startProgram } from './program.ts';
import { tempDirectory } from './temp-directory.ts';
import { waitUntil } from './wait-until.ts';

/** One of Debian's versions of pgbouncer. */
export interface PgbouncerVersion {
  readonly name: string;
  readonly programs: Programs;
  /** Whether it supports prepared statements with transaction pooling, as it can from version 1.21 on. */
  readonly knowsPreparedStatements: boolean;
  readonly command: () => readonly [command: string, ...args: string[]];
}

export const pgbouncerVersions: readonly PgbouncerVersion[] = [
  {
    name: '1.18 of Debian 12',
    programs: { pgbouncer: 'pgbouncer' },
    knowsPreparedStatements: false,
    command: () => [programPath('pgbouncer')],
  },
  {
    name: '1.24 of Debian 13',
    programs: programsOfDebian13('pgbouncer', '/usr/sbin'),
    knowsPreparedStatements: true,
    command: () => inDebian13('pgbouncer', '/usr/sbin'),
  },
];

/** Debian's pgbouncer in front of a server, on a port of its own. */
export interface Pgbouncer {
  /** Returns the URL of a database through the pooler. */
  urlOf(url: string): string;
  readonly port: number;
  stop(): Promise<void>;
}

export async function startPgbouncer(
  version: PgbouncerVersion,
  server: string,
  settings: Readonly<Record<string, string>>,
  own?: number,
): Promise<Pgbouncer> {
  const { hostname, port, username, password } = new URL(server);
  const listensOn = own ?? (await freePort());
  const lines = Object.entries(settings).map(([name, value]) => `${name} = ${value}\n`);
  const file = join(tempDirectory(), 'pgbouncer.ini');
  // It reads the file as root, and then switches to another user.
  const user = process.getuid?.() === 0 ? 'user = nobody\n' : '';
  writeFileSync(
    file,
    `[databases]
* = host=${hostname} port=${port} user=${username} password=${password}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${listensOn}
unix_socket_dir =
auth_type = any
${user}${lines.join('')}`,
    { mode: 0o600 },
  );
  const [command, ...args] = version.command();
  const program = startProgram({ command, args: [...args, file], endSignal: 'INT' });
  await waitUntil(() => program.log().includes('process up') || !program.running());
  if (!program.running()) throw new Error(`pgbouncer did not start:\n${program.log()}`);
  return {
    urlOf: (url) => Object.assign(new URL(url), { hostname: '127.0.0.1', port: String(listensOn) }).href,
    port: listensOn,
    stop: () => program.stop(),
  };
}
