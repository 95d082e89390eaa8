import { execFile } from 'node:child_process';
import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import Sqlite from 'better-sqlite3';
import { inRoot } from './debian-13.ts';
import { freePort } from './free-port.ts';
import { executeSql } from './postgres.ts';
import { startProgram } from './program.ts';
import { tempDirectory } from './temp-directory.ts';
import { waitUntil } from './wait-until.ts';

const run = promisify(execFile);
const recipes = join(import.meta.dirname, '../../deploy/asterisk');
const program = '/usr/sbin/asterisk';

/** The folder where `.ci/make-asterisk` creates a Debian system with Asterisk. */
const root = join(process.env.TEST_CACHE ?? '/var/cache/ringup-tests', 'asterisk');

export type AsteriskDatabase = { readonly sqlite: string } | { readonly postgres: string };

/** An Asterisk that reads its accounts from Ringup's database, configured as in `deploy/asterisk/`. */
export interface Asterisk {
  /** A port on 127.0.0.1, for UDP and TCP. */
  readonly port: number;
  /** Runs a command on the console. Returns its answer. */
  ask(command: string): Promise<string>;
  log(): string;
  stop(): Promise<void>;
}

/**
 * Returns whether Asterisk was installed by `.ci/make-asterisk`, because no stable Debian has one. Otherwise, use
 * `t.skip`.
 */
export function hasAsterisk(): boolean {
  return existsSync(join(root, program));
}

export async function startAsterisk(database: AsteriskDatabase): Promise<Asterisk> {
  const directory = tempDirectory();
  const port = await freePort();
  const configuration = writeConfiguration(directory, port, database);
  const env = { ...process.env, ODBCINI: join(directory, 'odbc.ini'), TERM: 'dumb' };
  const words = (...more: string[]) => {
    const [command, ...args] = inRoot(root, program);
    return { command, args: [...args, '-C', configuration, ...more] };
  };
  const asterisk = startProgram({ ...words('-f', '-n', '-vvv'), env, directory });
  const ask = async (question: string): Promise<string> => {
    const { command, args } = words('-n', '-rx', question);
    return (await run(command, args, { env })).stdout;
  };
  const booted = () =>
    ask('core waitfullybooted').then(
      (answer) => answer.includes('fully booted'),
      () => false,
    );
  const ready = await waitUntil(async () => !asterisk.running() || (await booted()));
  if (!ready || !asterisk.running()) {
    await asterisk.stop();
    throw new Error(`Asterisk did not start:\n${asterisk.log()}`);
  }
  return { port, ask, log: asterisk.log, stop: asterisk.stop };
}

/** Writes the recipe's files, with the values that it asks for, and with folders and ports of the test. */
function writeConfiguration(directory: string, port: number, database: AsteriskDatabase): string {
  for (const name of ['res_odbc.conf', 'extconfig.conf', 'sorcery.conf', 'extensions.conf', 'modules.conf']) {
    writeFileSync(join(directory, name), recipe(name));
  }
  const local = recipe('pjsip.conf').replaceAll('bind=0.0.0.0', `bind=127.0.0.1:${port}`);
  writeFileSync(join(directory, 'pjsip.conf'), local);
  writeFileSync(join(directory, 'odbc.ini'), odbcIni(database), { mode: 0o600 });
  const [modules = ''] = globSync('usr/lib/*/asterisk/modules', { cwd: root });
  const own = Object.entries({ etc: '', varlib: 'lib', db: 'lib', key: 'lib', spool: 'spool', run: '', log: 'log' });
  const folders = own.map(([name, folder]) => {
    mkdirSync(join(directory, folder), { recursive: true });
    return `ast${name}dir = ${join(directory, folder)}`;
  });
  const file = join(directory, 'asterisk.conf');
  const shared = `astmoddir = /${modules}\nastdatadir = /usr/share/asterisk\n`;
  writeFileSync(file, `[directories]\n${folders.join('\n')}\n${shared}`);
  return file;
}

function recipe(name: string): string {
  return readFileSync(join(recipes, name), 'utf8');
}

/** Returns the part of `odbc.ini` for this kind of database, with the values of the test. */
export function odbcIni(database: AsteriskDatabase): string {
  const text = recipe('odbc.ini');
  if ('sqlite' in database) return text.replace('/var/lib/ringup/ringup.sqlite', database.sqlite);
  const { hostname, port, pathname, username, password } = new URL(database.postgres);
  const values = {
    Servername: hostname,
    Port: port,
    Database: pathname.slice(1),
    Username: username,
    Password: password,
    SSLmode: 'disable',
  };
  const section = text.slice(text.indexOf(';[ringup]')).replaceAll(/^;/gm, '');
  return Object.entries(values).reduce(
    (lines, [name, value]) => lines.replace(new RegExp(`^${name} = .*$`, 'm'), `${name} = ${value}`),
    section,
  );
}

/** Runs the recipe's SQL script, as `sqlite3` and `psql` would. */
export async function installViews(database: AsteriskDatabase): Promise<void> {
  const sql = recipe('views.sql');
  if ('postgres' in database) await executeSql(database.postgres, sql);
  else new Sqlite(database.sqlite).exec(sql).close();
}
