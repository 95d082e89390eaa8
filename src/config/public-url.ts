import { networkInterfaces } from 'node:os';
import type { ListenAddress, Settings } from './settings.ts';

/** Returns the address that phones use: the one in the settings or, by default, where the server listens. */
export function effectivePublicUrl(settings: Pick<Settings, 'publicUrl' | 'listen'>): string {
  return settings.publicUrl ?? listenUrl(settings.listen);
}

export function listenUrl(listen: ListenAddress): string {
  const host = isWildcard(listen.host) ? (firstLanAddress() ?? '127.0.0.1') : listen.host;
  return `http://${host.includes(':') ? `[${host}]` : host}:${listen.port}`;
}

export function isLoopback(publicUrl: string): boolean {
  return /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(new URL(publicUrl).hostname);
}

export function firstLanAddress(): string | undefined {
  return Object.values(networkInterfaces())
    .flat()
    .find((each) => each !== undefined && each.family === 'IPv4' && !each.internal)?.address;
}

function isWildcard(host: string): boolean {
  return host === '0.0.0.0' || host === '::';
}
