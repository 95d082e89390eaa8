import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { answersTls } from './answers-tls.ts';
import { programPath } from './find-program.ts';
import { freePort } from './free-port.ts';
import { startProgram } from './program.ts';
import { tempDirectory } from './temp-directory.ts';
import { waitUntil } from './wait-until.ts';

const deploy = join(import.meta.dirname, '../../deploy');

/** Debian's proxy server with the configuration in `deploy/`, and with a certificate of its own for `localhost`. */
export interface Proxy {
  readonly url: string;
  readonly port: number;
  /** The certificate (PEM) that clients must trust. */
  readonly caFile: string;
  log(): string;
  stop(): Promise<void>;
}

interface Places {
  readonly directory: string;
  readonly port: number;
  /** The address of Ringup, as `host:port`. */
  readonly upstream: string;
}

interface Recipe {
  /** Its programs, for `requirePrograms`. */
  readonly programs: Readonly<Record<string, string>>;
  readonly file: string;
  /** Returns texts in the configuration file, with the texts that replace them in a test. */
  replaced(places: Places): readonly (readonly [inFile: string, instead: string])[];
  /** Writes the main file that includes the configuration. Returns the command to run. */
  command(places: Places, file: string): { readonly program: string; readonly args: string[] };
}

export const recipes = {
  nginx: {
    programs: { nginx: 'nginx-light' },
    file: 'nginx/ringup.conf',
    replaced: ({ directory, port, upstream }) => [
      ['listen 443 ssl', `listen 127.0.0.1:${port} ssl`],
      ['server_name ringup.example.com', 'server_name localhost'],
      ['/etc/ssl/ringup', directory],
      ['server 127.0.0.1:8080', `server ${upstream}`],
    ],
    command: ({ directory }, file) => {
      const main = join(directory, 'nginx.conf');
      const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
      const paths = temporary.map((name) => `${name}_temp_path ${join(directory, name)};`).join(' ');
      writeFileSync(
        main,
        `daemon off; user root; worker_processes 1; pid ${join(directory, 'pid')}; error_log stderr; events {}\n` +
          `http { ${paths} access_log off; include ${file}; }\n`,
      );
      return { program: 'nginx', args: ['-p', directory, '-c', main, '-e', 'stderr'] };
    },
  },
  HAProxy: {
    programs: { haproxy: 'haproxy' },
    file: 'haproxy/haproxy.cfg',
    replaced: ({ directory, port, upstream }) => [
      ['bind :443', `bind 127.0.0.1:${port}`],
      ['/etc/ssl/ringup', directory],
      // A server that is busy for some seconds would count as gone.
      ['server one 127.0.0.1:8080 check', `server one ${upstream} check fall 1000`],
    ],
    command: (_places, file) => ({ program: 'haproxy', args: ['-db', '-f', file] }),
  },
  Apache: {
    programs: { apache2: 'apache2' },
    file: 'apache/ringup.conf',
    replaced: ({ directory, port, upstream }) => [
      ['*:443', `127.0.0.1:${port}`],
      ['ServerName ringup.example.com', 'ServerName localhost'],
      ['/etc/ssl/ringup', directory],
      ['http://127.0.0.1:8080/', `http://${upstream}/`],
    ],
    command: ({ directory, port }, file) => {
      const main = join(directory, 'apache2.conf');
      const modules = ['mpm_event', 'authz_core', 'env', 'headers', 'proxy', 'proxy_http', 'socache_shmcb', 'ssl'];
      const loaded = modules.map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`);
      const own = [
        `ServerRoot ${directory}`,
        'ServerName localhost',
        `PidFile ${join(directory, 'pid')}`,
        `DefaultRuntimeDir ${directory}`,
        'ErrorLog /dev/stderr',
        'User nobody',
        'Group nogroup',
        `Listen 127.0.0.1:${port}`,
        `Include ${file}`,
      ];
      writeFileSync(main, `${[...loaded, ...own].join('\n')}\n`);
      return { program: 'apache2', args: ['-D', 'FOREGROUND', '-f', main] };
    },
  },
} satisfies Record<string, Recipe>;

export type ProxyName = keyof typeof recipes;

/** Starts a proxy in front of the upstream (`host:port`). Resolves when it accepts connections. */
export async function startProxy(name: ProxyName, upstream: string): Promise<Proxy> {
  const recipe: Recipe = recipes[name];
  const directory = tempDirectory();
  const port = await freePort();
  const caFile = makeCertificate(directory);
  const places = { directory, port, upstream };
  const file = join(directory, 'site.conf');
  writeFileSync(file, adapted(join(deploy, recipe.file), recipe.replaced(places)));
  const { program, args } = recipe.command(places, file);
  const running = startProgram({ command: programPath(program), args, directory });
  const ready = await waitUntil(async () => !running.running() || (await answersTls(port, caFile)));
  if (!ready || !running.running()) {
    await running.stop();
    throw new Error(`${name} did not start:\n${running.log()}`);
  }
  return { url: `https://localhost:${port}`, port, caFile, log: running.log, stop: running.stop };
}

function adapted(path: string, replaced: readonly (readonly [string, string])[]): string {
  let text = readFileSync(path, 'utf8');
  for (const [inFile, instead] of replaced) {
    if (!text.includes(inFile)) throw new Error(`${path} does not contain ${inFile}`);
    text = text.replaceAll(inFile, instead);
  }
  return text;
}

/** Creates `fullchain.pem` and `privkey.pem`, and `ringup.pem` with both. Returns the path of the first. */
function makeCertificate(directory: string): string {
  mkdirSync(directory, { recursive: true });
  const [certificate, key] = [join(directory, 'fullchain.pem'), join(directory, 'privkey.pem')];
  execFileSync(
    'openssl',
    ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=localhost']
      .concat(['-addext', 'subjectAltName=DNS:localhost'])
      .concat(['-keyout', key, '-out', certificate]),
    { stdio: 'ignore' },
  );
  writeFileSync(join(directory, 'ringup.pem'), readFileSync(certificate, 'utf8') + readFileSync(key, 'utf8'));
  return certificate;
}
