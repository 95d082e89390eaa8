import packageJson from '../package.json' with { type: 'json' };
import { isNodeHeardOf, lastNode, locateNode } from './cluster/node-store.ts';
import { readServerFile, writeServerFile } from './cluster/server-file.ts';
import { effectivePublicUrl } from './config/public-url.ts';
import type { Settings } from './config/settings.ts';
import { codeOf } from './lib/code-of.ts';
import type { Database } from './storage/database.ts';

type AddressSettings = Pick<Settings, 'databaseUrl' | 'dataDir' | 'listen' | 'publicUrl'>;

/** The address that links begin with, and a warning for people who read a link. */
export interface InstanceAddress {
  readonly publicUrl: string;
  readonly note?: string;
}

/** Stores where this server is, for commands: in `server.json`, or in its row if nodes share the database. */
export async function announceServer(
  settings: AddressSettings,
  database: Database,
  { bootId, publicUrl, now }: { readonly bootId: string; readonly publicUrl: string; now(): number },
): Promise<void> {
  const { databaseUrl, dataDir, listen } = settings;
  if (databaseUrl !== null) return locateNode(database, bootId, publicUrl);
  const host = listen.host.includes(':') ? `[${listen.host}]` : listen.host;
  writeServerFile({
    public_url: publicUrl,
    listen: `${host}:${listen.port}`,
    data_dir: dataDir,
    pid: process.pid,
    boot_id: bootId,
    version: packageJson.version,
    started_at: new Date(now()).toISOString(),
  });
}

/** The server that is running on the database or ran last. */
export interface LastServer {
  readonly publicUrl: string;
  readonly isRunning: boolean;
}

export async function findServer(
  { databaseUrl, dataDir }: Pick<Settings, 'databaseUrl' | 'dataDir'>,
  database: Database,
): Promise<LastServer | undefined> {
  if (databaseUrl !== null) return lastNode(database);
  const file = readServerFile(dataDir);
  if (file === undefined) return undefined;
  const isRunning = (await isNodeHeardOf(database, file.boot_id)) && isProcess(file.pid);
  return { publicUrl: file.public_url, isRunning };
}

/** Returns the address for a command: the one in the settings, or else the one that the server announced. */
export function addressForCommands(settings: AddressSettings, server: LastServer | undefined): InstanceAddress {
  const { publicUrl } = settings;
  if (publicUrl !== null) {
    const isOther = server?.isRunning === true && server.publicUrl !== publicUrl;
    const note = `This link is made from RINGUP_PUBLIC_URL, but the running server has ${server?.publicUrl}.`;
    return isOther ? { publicUrl, note } : { publicUrl };
  }
  if (server === undefined) return { publicUrl: effectivePublicUrl(settings) };
  const note = `No server is running. This link leads to ${server.publicUrl}, where it ran last.`;
  return server.isRunning ? { publicUrl: server.publicUrl } : { publicUrl: server.publicUrl, note };
}

/** Returns whether the process exists. For a while, a killed server still counts as alive in the database. */
function isProcess(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}
