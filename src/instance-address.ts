import packageJson from '../package.json' with { type: 'json' };
import { isNodeHeardOf, lastNode, locateNode } from './cluster/node-store.ts';
import { readServerFile, writeServerFile } from './cluster/server-file.ts';
import { effectivePublicUrl } from './config/public-url.ts';
import type { Settings } from './config/settings.ts';
import type { Database } from './storage/database.ts';

type AddressSettings = Pick<Settings, 'databaseUrl' | 'dataDir' | 'listen' | 'publicUrl'>;

/** The address from which links are made, and what the reader of a link should know about it. */
export interface InstanceAddress {
  readonly publicUrl: string;
  readonly note?: string;
}

/** Writes down where this server is, for commands: in `server.json`, or in its row if nodes share the database. */
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

/** A server that runs on the database, or the one that ran last. */
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

/** Returns the address for a command: the setting, or else what the server says. */
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

/** A killed server is heard of for a while, but its process is gone. */
function isProcess(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
