import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { answersTls } from './answers-tls.ts';
import { programPath } from './find-program.ts';
import { freePort } from './free-port.ts';
import { startProgram } from './program.ts';
import { tempDirectory } from './temp-directory.ts';
import { waitUntil } from './wait-until.ts';

const recipe = join(import.meta.dirname, '../../deploy/caddy/Caddyfile');
const recipeDomain = 'ringup.example.com';
const recipeUpstream = '127.0.0.1:8080';

/** The programs of `startCaddy`, for `requirePrograms`. */
export const caddyPrograms = { caddy: 'caddy' };

/** Debian's Caddy, configured as in `deploy/caddy/`, with its own certificate authority instead of a public one. */
export interface Caddy {
  readonly url: string;
  /** The certificate authority (PEM) that clients must trust. */
  readonly caFile: string;
  log(): string;
  stop(): Promise<void>;
}

/**
 * Starts Caddy in front of the upstream (`host:port`). Resolves when Caddy answers, even if only with an error about
 * the upstream.
 */
export async function startCaddy(upstream: string): Promise<Caddy> {
  const directory = tempDirectory();
  const port = await freePort();
  const configuration = join(directory, 'Caddyfile');
  writeFileSync(configuration, `${globalOptions(directory)}${site(`localhost:${port}`, upstream)}`);
  const caddy = startProgram({
    command: programPath('caddy'),
    args: ['run', '--adapter', 'caddyfile', '--config', configuration],
    env: { ...process.env, HOME: directory, XDG_DATA_HOME: directory, XDG_CONFIG_HOME: directory },
    directory,
  });
  const caFile = join(directory, 'storage/pki/authorities/local/root.crt');
  const ready = await waitUntil(async () => !caddy.running() || (await answersTls(port, caFile)));
  if (!ready || !caddy.running()) {
    await caddy.stop();
    throw new Error(`Caddy did not start:\n${caddy.log()}`);
  }
  return { url: `https://localhost:${port}`, caFile, log: caddy.log, stop: caddy.stop };
}

function globalOptions(directory: string): string {
  return `{
	admin off
	local_certs
	skip_install_trust
	auto_https disable_redirects
	default_bind 127.0.0.1
	storage file_system ${join(directory, 'storage')}
}
`;
}

function site(address: string, upstream: string): string {
  const text = readFileSync(recipe, 'utf8');
  for (const part of [recipeDomain, recipeUpstream]) {
    if (!text.includes(part)) throw new Error(`${recipe} does not mention ${part}`);
  }
  return text.replaceAll(recipeDomain, address).replaceAll(recipeUpstream, upstream);
}
