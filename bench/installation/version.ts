import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { type ServerProcess, startServer } from '../servers/server-process.ts';

const run = promisify(execFile);

/** A checkout of Ringup. It is measured from outside: by its commands, by HTTP and by the rows in its database. */
export interface Version {
  /** The short commit, followed by `+` if the working tree has changes. */
  readonly name: string;
  readonly program: string;
}

export function versionIn(directory: string): Version {
  const root = resolve(directory);
  const program = join(root, 'bin/ringup.cjs');
  for (const needed of [program, join(root, 'node_modules')]) {
    if (!existsSync(needed))
      throw new Error(`${root} is no checkout with its packages installed: ${needed} is missing.`);
  }
  return { name: commitOf(root), program };
}

function commitOf(root: string): string {
  try {
    const options = ['describe', '--always', '--exclude=*', '--dirty=+'];
    return execFileSync('git', ['-C', root, ...options], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return basename(root);
  }
}

/** Runs a command with `--json`, and returns what it prints. */
export async function runCommand(
  { program }: Version,
  environment: Readonly<Record<string, string>>,
  args: readonly string[],
): Promise<Readonly<Record<string, unknown>>> {
  const env = { PATH: process.env.PATH, ...environment };
  const { stdout } = await run(process.execPath, [program, ...args, '--json'], { env });
  return JSON.parse(stdout);
}

export function startVersion(
  { program }: Version,
  environment: Readonly<Record<string, string>>,
  directory: string,
): Promise<ServerProcess> {
  return startServer([program, 'serve'], (port) => ({ RINGUP_LISTEN: `127.0.0.1:${port}`, ...environment }), directory);
}

/**
 * Starts and stops the server once, so that Node.js caches its compiled code. Ringup has this cache wherever it has run
 * before.
 */
export async function compileOnce(version: Version, parent: string): Promise<void> {
  const directory = mkdtempSync(join(parent, 'first-start-'));
  await (await startVersion(version, { RINGUP_DATA_DIR: directory }, directory)).stop();
}
