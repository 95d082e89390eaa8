import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { programPath } from './find-program.ts';
import { freePort } from './free-port.ts';
import { startProgram } from './program.ts';
import { tempDirectory } from './temp-directory.ts';
import { waitUntil } from './wait-until.ts';

const run = promisify(execFile);
const recipe = join(import.meta.dirname, '../../deploy/kamailio/ringup.cfg');

/** The programs of `startRegistrar`, for `requirePrograms`. */
export const registrarPrograms = {
  kamailio: 'kamailio',
  kamcmd: 'kamailio',
  'db_sqlite.so': 'kamailio-sqlite-modules',
  'db_postgres.so': 'kamailio-postgres-modules',
};

export type RegistrarDatabase = { readonly sqlite: string } | { readonly postgres: string } | { readonly text: string };

export interface RegistrarOptions {
  /** The absolute path of a SQLite file, the URL of a PostgreSQL database, or a folder of text files. */
  database: RegistrarDatabase;
  /** The digest algorithm that it challenges for. A Kamailio supports only one. */
  algorithm: 'MD5' | 'SHA-256';
  /** The table or view with the HA1s of this algorithm. */
  table: string;
}

/** A Kamailio that reads its credentials from Ringup's database, configured as in `deploy/kamailio/`. */
export interface Registrar {
  /** A port on 127.0.0.1, for UDP and TCP. */
  readonly port: number;
  /** Returns the addresses (`user@domain`) that are registered now. */
  registered(): Promise<string[]>;
  /** Removes the registrations of an address, so that a later one can be recognized. */
  forget(address: string): Promise<void>;
  log(): string;
  stop(): Promise<void>;
}

export async function startRegistrar(options: RegistrarOptions): Promise<Registrar> {
  const directory = tempDirectory();
  const socket = join(directory, 'ctl');
  const configuration = join(directory, 'kamailio.cfg');
  const port = await freePort();
  writeFileSync(configuration, kamailioConfiguration(options, port, socket), { mode: 0o600 });
  const kamailio = startProgram({
    command: programPath('kamailio'),
    args: ['-f', configuration, '-DD', '-E', '-Y', directory, '-P', join(directory, 'pid'), '-m', '64', '-M', '8'],
    directory,
  });
  const command = async (...words: string[]): Promise<string> =>
    (await run(programPath('kamcmd'), ['-s', `unix:${socket}`, ...words])).stdout;
  const answers = () => command('core.uptime').then(Boolean, () => false);
  const ready = await waitUntil(async () => !kamailio.running() || (await answers()));
  if (!ready || !kamailio.running()) {
    await kamailio.stop();
    throw new Error(`Kamailio did not start:\n${kamailio.log()}`);
  }
  return {
    port,
    async registered() {
      return [...(await command('ul.dump')).matchAll(/^\s*AoR: (.+)$/gm)].map(([, address = '']) => address);
    },
    async forget(address) {
      // The prefix makes Kamailio read the rest as text, even if it looks like a number.
      await command('ul.rm', 'location', `s:${address}`);
    },
    log: kamailio.log,
    stop: kamailio.stop,
  };
}

const modules = 'kex tm sl pv textops siputils xlog usrloc registrar auth auth_db avpops ctl'.split(' ');

function kamailioConfiguration(options: RegistrarOptions, port: number, socket: string): string {
  const { url, module, parameters } = connection(options.database);
  return `#!KAMAILIO
#!define RINGUP_DB_URL "${url}"
#!define RINGUP_TABLE "${options.table}"
${'postgres' in options.database ? '#!define WITH_POSTGRES' : ''}
debug=2
log_stderror=yes
children=1
tcp_children=1
dns=no
rev_dns=no
auto_aliases=no
listen=udp:127.0.0.1:${port}
listen=tcp:127.0.0.1:${port}
${[module, ...modules].map((name) => `loadmodule "${name}.so"`).join('\n')}
${parameters}
modparam("ctl", "binrpc", "unix:${socket}")
modparam("usrloc", "db_mode", 0)
modparam("usrloc", "use_domain", 1)
modparam("registrar", "case_sensitive", 1)
modparam("auth", "secret", "${randomBytes(16).toString('hex')}")
modparam("auth", "algorithm", "${options.algorithm}")
include_file "${recipe}"
request_route {
	xlog("L_ALERT", "$rm from $fu, authorization: $hdr(Authorization)\\n");
	if (!is_method("REGISTER")) {
		sl_send_reply("405", "Method Not Allowed");
		exit;
	}
	route(RINGUP_AUTHENTICATE);
	if (!save("location")) sl_reply_error();
}
`;
}

function connection(database: RegistrarDatabase): { url: string; module: string; parameters: string } {
  if ('postgres' in database) return { url: database.postgres, module: 'db_postgres', parameters: '' };
  if ('text' in database) {
    // Without `db_mode`, it reads a file only once.
    return { url: `text://${database.text}`, module: 'db_text', parameters: 'modparam("db_text", "db_mode", 1)' };
  }
  const parameters = `modparam("db_sqlite", "db_set_readonly", "${database.sqlite}")`;
  return { url: `sqlite:///${database.sqlite}`, module: 'db_sqlite', parameters };
}
