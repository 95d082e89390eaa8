import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startProgram } from './program.ts';
import { tempDirectory } from './temp-directory.ts';
import { patienceMs, waitUntil } from './wait-until.ts';

/** Sections of a linphonerc. */
export type Linphonerc = Readonly<Record<string, Readonly<Record<string, string>>>>;

export interface LinphoneOptions {
  /** The URL at which a new phone fetches its configuration. */
  url?: string;
  /** The directory of a phone that has quit, to start the same phone again with its stored state. */
  directory?: string;
  /** Additional configuration of a new phone. */
  extraRc?: Linphonerc;
  /** Certificate authorities (PEM) to trust instead of those of the system. */
  caFile?: string;
}

/** How to run `linphonec`: a command, and arguments before its own. */
export type Linphonec = readonly [command: string, ...args: string[]];

/** A real Linphone without a screen: Debian's `linphonec`. */
export interface Linphone {
  /** The folder with its configuration, database and logs. */
  readonly directory: string;
  log(): string;
  /** Waits for a matching line in the log. Rejects with the relevant lines if none comes in time. */
  waitForLog(pattern: RegExp): Promise<void>;
  /** Returns whether the log says that this address (`user@domain`) has been registered since the start. */
  hasRegistered(address: string): boolean;
  /** Rejects unless the registrar accepts the address in time. */
  waitRegistered(address: string): Promise<void>;
  /** Rejects unless the registrar refuses the address in time. */
  waitRefused(address: string): Promise<void>;
  /** Waits until it has read its whole configuration, including what it fetches. Rejects if that takes too long. */
  waitStarted(): Promise<void>;
  /** Types a line at the prompt, such as `call sip:bob@sip.example.test`. */
  type(line: string): void;
  /** Returns its configuration file, which is complete only after `quit`. */
  rc(): string;
  /** Quits as a user would once it has started, so that it stores its whole configuration. May be called again. */
  quit(): Promise<void>;
}

export async function startLinphone(linphonec: Linphonec, options: LinphoneOptions): Promise<Linphone> {
  const [command, ...args] = linphonec;
  const directory = options.directory ?? tempDirectory();
  const rcFile = join(directory, 'linphonerc');
  const logFile = unusedName(directory);
  if (options.directory === undefined) furnish(directory, rcFile, options);
  const phone = startProgram({
    command,
    args: [...args, '-c', rcFile, '-d', '6', '-l', logFile],
    env: environment(directory),
  });
  const log = () => (existsSync(logFile) ? readFileSync(logFile, 'utf8') : '');
  const waitForLog = async (pattern: RegExp) => {
    await waitUntil(() => pattern.test(log()) || !phone.running());
    if (pattern.test(log())) return;
    const how = phone.running() ? `not logged within ${patienceMs} ms` : 'not logged before Linphone ended';
    throw new Error(`${pattern} ${how}:\n${tellingLines(log())}`);
  };
  return {
    directory,
    log,
    waitForLog,
    hasRegistered: (address) => stateReached(address, 'Ok').test(log()),
    waitRegistered: (address) => waitForLog(stateReached(address, 'Ok')),
    waitRefused: (address) => waitForLog(stateReached(address, 'Failed')),
    waitStarted: () => waitForLog(started),
    type: (line) => phone.write(`${line}\n`),
    rc: () => readFileSync(rcFile, 'utf8'),
    async quit() {
      // Before that, it would store nothing of what it is fetching, although the server has already answered.
      await waitUntil(() => started.test(log()) || !phone.running());
      phone.write('quit\n');
      // Version 5.3 reads one more line before it ends.
      phone.endInput();
      await Promise.race([phone.ended, sleep(patienceMs, undefined, { ref: false })]);
      await phone.stop();
    },
  };
}

/** What it logs once it has read its configuration, whether or not it fetched a document. */
const started = /Creating listening point/;

function stateReached(address: string, state: 'Ok' | 'Failed'): RegExp {
  const literal = address.replace(/\W/g, '\\$&');
  return new RegExp(`sip:${literal}[\\]>].* to \\[LinphoneRegistration${state}\\]`);
}

/** Creates the data directory, without which Linphone cannot open its database and never starts. */
function furnish(directory: string, rcFile: string, options: LinphoneOptions): void {
  for (const path of ['.local/share/linphone', '.config/linphone'])
    mkdirSync(join(directory, path), { recursive: true });
  writeFileSync(rcFile, [minimalRc(directory, options), options.extraRc ?? {}].map(rcText).join(''));
}

function minimalRc(directory: string, { url, caFile }: LinphoneOptions): Linphonerc {
  return {
    ...(url === undefined ? {} : { misc: { 'config-uri': url } }),
    sip: {
      // Any free port.
      sip_port: '-1',
      sip_tcp_port: '-1',
      sip_tls_port: '-1',
      bind_address: '127.0.0.1',
      // A loopback interface alone does not count as a network.
      register_only_when_network_is_up: '0',
      auto_net_state_mon: '0',
      guess_hostname: '1',
      ...(caFile === undefined ? {} : { root_ca: caFile }),
    },
    storage: { uri: join(directory, 'linphone.db') },
  };
}

function rcText(rc: Linphonerc): string {
  const entries = (section: Linphonerc[string]) => Object.entries(section).map(([key, value]) => `${key}=${value}\n`);
  return Object.entries(rc)
    .map(([name, section]) => `[${name}]\n${entries(section).join('')}`)
    .join('');
}

/**
 * Returns an environment without anything of the user's own Linphone. With HOST or USER set, Linphone would use another
 * contact address.
 */
function environment(directory: string): NodeJS.ProcessEnv {
  const { USER: _user, HOST: _host, HOSTNAME: _hostname, ...rest } = process.env;
  return {
    ...rest,
    HOME: directory,
    XDG_DATA_HOME: join(directory, '.local/share'),
    XDG_CONFIG_HOME: join(directory, '.config'),
    XDG_CACHE_HOME: join(directory, '.cache'),
  };
}

function unusedName(directory: string): string {
  for (let start = 1; ; start++) {
    const name = join(directory, `log-${start}`);
    if (!existsSync(name)) return name;
  }
}

const telling = /Set (proxy|auth)|Don.t touch|invalid xml|HTTP\/1\.1|moving from|liblinphone-error|SIP\/2\.0 [2-6]/;
const secret = /(ha1|passwd) = .*/;

function tellingLines(log: string): string {
  const lines = log.split('\n').filter((line) => telling.test(line) && !line.includes('soundcard'));
  return lines
    .slice(-40)
    .map((line) => line.replace(secret, '$1 = ***').slice(0, 220))
    .join('\n');
}
