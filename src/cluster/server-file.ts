import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { replacePrivately } from '../lib/private-file.ts';

/** The content of `server.json`: where a server runs, or ran last. */
export interface ServerFile {
  readonly public_url: string;
  /** The address in the form `host:port`. */
  readonly listen: string;
  readonly data_dir: string;
  readonly pid: number;
  readonly boot_id: string;
  readonly version: string;
  /** ISO 8601, for people who read the file. */
  readonly started_at: string;
}

const name = 'server.json';

/**
 * Writes the file, readable by its owner only. It replaces the file atomically, so that readers never see half of it.
 */
export function writeServerFile(server: ServerFile): void {
  replacePrivately(join(server.data_dir, name), `${JSON.stringify(server, null, 2)}\n`);
}

/** Returns the part of the file that commands need, or undefined if the file is missing or invalid. */
export function readServerFile(dataDir: string): Pick<ServerFile, 'public_url' | 'pid' | 'boot_id'> | undefined {
  let server: unknown;
  try {
    server = JSON.parse(readFileSync(join(dataDir, name), 'utf8'));
  } catch {
    return undefined;
  }
  return isServer(server) ? server : undefined;
}

function isServer(value: unknown): value is ServerFile {
  if (value === null || typeof value !== 'object') return false;
  const { public_url, pid, boot_id }: Record<string, unknown> = { ...value };
  return isWebAddress(public_url) && Number.isSafeInteger(pid) && Number(pid) > 0 && typeof boot_id === 'string';
}

function isWebAddress(value: unknown): boolean {
  return typeof value === 'string' && URL.canParse(value) && /^https?:$/.test(new URL(value).protocol);
}
