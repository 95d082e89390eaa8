import { hash, randomBytes } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench } from '../bench.ts';
import type { ServerProcess } from '../servers/server-process.ts';
import type { Rows } from './copy-account.ts';
import type { Postgres } from './postgres.ts';
import { postgresRows } from './postgres-rows.ts';
import { sqliteRows } from './sqlite-rows.ts';
import { runCommand, startVersion, type Version } from './version.ts';

export interface User {
  readonly id: number;
  readonly username: string;
  readonly domain: string;
  readonly ha1: string;
  readonly apiKey: string;
}

/** A version of Ringup with a database of its own that has accounts in it. */
export interface Installation {
  readonly version: Version;
  readonly directory: string;
  readonly rows: Rows;
  readonly user: User;
  readonly admin: User;
  /** Returns `count` unused tokens. Returns no token twice. */
  takeTokens(count: number): string[];
  serve(settings?: Readonly<Record<string, string>>): Promise<ServerProcess>;
}

const password = 'correct horse';

/**
 * Creates an installation with two active accounts, and `waiting` accounts with an unused token each. It uses SQLite
 * unless `postgres` is given.
 */
export async function install(
  version: Version,
  bench: Pick<Bench, 'directory' | 'environment'>,
  { postgres, waiting }: { readonly postgres?: Postgres | undefined; readonly waiting: number },
): Promise<Installation> {
  const directory = mkdtempSync(join(bench.directory, 'installation-'));
  const url = await postgres?.createDatabase();
  const environment = {
    ...bench.environment,
    RINGUP_DATA_DIR: directory,
    ...(url === undefined ? {} : { RINGUP_DATABASE_URL: url }),
  };
  const command = (...args: string[]) => runCommand(version, environment, args);
  await command('migrate');
  const user = await addUser(command, 'alice', []);
  const admin = await addUser(command, 'root', ['--admin']);
  const rows = url === undefined ? sqliteRows(join(directory, 'ringup.sqlite')) : postgresRows(url);
  const model = await command('account', 'add', 'a-phone', '--password', password, '--display-name', 'A Phone');
  const tokens = randomTokens(waiting);
  // All names have the same length, so that all answers have it too.
  const copies = tokens.map((token, index) => ({
    username: `waiting-${String(index).padStart(8, '0')}`,
    tokenHash: hashOf(token),
  }));
  await rows.copyAccount({ accountId: Number(model.id), tokenHash: hashOf(String(model.provisioning_token)) }, copies);
  return {
    version,
    directory,
    rows,
    user,
    admin,
    takeTokens(count) {
      if (tokens.length < count) throw new Error(`The benchmark needs ${count - tokens.length} more tokens.`);
      return tokens.splice(-count);
    },
    serve: (settings = {}) => startVersion(version, { ...environment, ...settings }, directory),
  };
}

type Command = (...args: string[]) => Promise<Readonly<Record<string, unknown>>>;

async function addUser(command: Command, name: string, options: readonly string[]): Promise<User> {
  const made = await command('account', 'add', name, '--activated', '--password', password, ...options);
  const key = await command('api-key', 'create', name);
  const [username, domain] = [String(made.username), String(made.domain)];
  const ha1 = hash('sha256', `${username}:${domain}:${password}`);
  return { id: Number(made.id), username, domain, ha1, apiKey: String(key.api_key) };
}

/** Returns tokens of 22 letters and digits, like those that Ringup creates. */
export function randomTokens(count: number): string[] {
  return Array.from({ length: count }, () => randomBytes(24).toString('base64url').replace(/[-_]/g, 'x').slice(0, 22));
}

/** Returns the hash by which Ringup stores a token. */
export function hashOf(token: string): string {
  return hash('sha256', token, 'base64url');
}
