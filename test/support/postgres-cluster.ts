import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, mkdtempSync, readFileSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { programPath } from './find-program.ts';
import { freePort } from './free-port.ts';
import { type Program, startProgram } from './program.ts';
import { waitUntil } from './wait-until.ts';

const run = promisify(execFile);
const superuser = 'ringup';

/** Settings that make it fast, because none of the data must survive the tests. */
const fastSettings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  wal_level: 'minimal',
  max_wal_senders: '0',
};

export interface Cluster {
  /** The URL of the superuser's connection to the database `postgres`. */
  readonly url: string;
  /** Kills the server without a checkpoint and without notice to clients, and starts it on the same port. */
  restartImmediately(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts a PostgreSQL server for this process, in a directory that is removed whenever the process ends. `files`
 * contains texts for settings that name a file.
 */
export async function startCluster(
  settings: Readonly<Record<string, string>> = {},
  files: Readonly<Record<string, string>> = {},
  parent = tmpdir(),
): Promise<Cluster> {
  const user = unprivilegedUser();
  const directory = mkdtempSync(join(parent, 'ringup-pg-'));
  const password = randomBytes(16).toString('hex');
  const passwordFile = join(directory, 'password');
  writeFileSync(passwordFile, password, { mode: 0o600 });
  const filesAt = Object.fromEntries(Object.keys(files).map((name) => [name, join(directory, name)]));
  for (const [name, path] of Object.entries(filesAt)) writeFileSync(path, files[name] ?? '', { mode: 0o600 });
  if (user)
    for (const path of [directory, passwordFile, ...Object.values(filesAt)]) chownSync(path, user.uid, user.gid);
  const data = join(directory, 'data');
  const initdb = [`--pgdata=${data}`, `--username=${superuser}`, `--pwfile=${passwordFile}`, '--auth=scram-sha-256'];
  await run(programPath('initdb'), [...initdb, '--encoding=UTF8', '--locale=C', '--no-sync'], {
    cwd: directory,
    ...user,
  });
  const port = await freePort();
  const options = Object.entries({ ...fastSettings, ...settings, ...filesAt, port });
  // Keeps the directory, which must survive a restart.
  const holder = startProgram({ command: programPath('sleep'), args: ['infinity'], directory });
  const start = async (): Promise<Program> => {
    const server = startProgram({
      command: programPath('postgres'),
      args: ['-D', data, ...options.flatMap(([name, value]) => ['-c', `${name}=${value}`])],
      cwd: directory,
      // The server's fastest way to stop, which waits for no client.
      endSignal: 'QUIT',
      ...(user ? { user } : {}),
    });
    const isReady = () => server.log().includes('ready to accept connections');
    await waitUntil(() => isReady() || !server.running());
    if (isReady()) return server;
    await Promise.all([server.stop(), holder.stop()]);
    throw new Error(`PostgreSQL did not start:\n${server.log()}`);
  };
  let server = await start();
  return {
    url: `postgres://${superuser}:${password}@127.0.0.1:${port}/postgres`,
    async restartImmediately() {
      await server.stop();
      server = await start();
    },
    async stop() {
      await server.stop();
      await holder.stop();
    },
  };
}

/**
 * Where a cluster for many short-lived databases belongs: in memory, where there is plenty. Each database consists of
 * some 300 files, and ext4 takes half of the time of a test to find inodes for them while others are being deleted.
 */
export function memoryDirectory(): string {
  const path = '/dev/shm';
  const minFreeBytes = 4 * 1024 ** 3;
  try {
    const { bavail, bsize } = statfsSync(path);
    if (bavail * bsize >= minFreeBytes) return path;
  } catch {
    // Not a Linux with memory that is shared.
  }
  return tmpdir();
}

/** PostgreSQL and pgbouncer refuse to run as root. */
export function unprivilegedUser(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  for (const wanted of ['postgres', 'nobody']) {
    const [, , uid, gid] = users.find(([name]) => name === wanted) ?? [];
    if (uid !== undefined && gid !== undefined) return { uid: Number(uid), gid: Number(gid) };
  }
  throw new Error('PostgreSQL does not run as root, and there is neither a user "postgres" nor a user "nobody"');
}
