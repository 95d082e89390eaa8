import { existsSync, globSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';

/**
 * Where a program or one of Kamailio's modules lies, also outside an ordinary user's PATH; undefined: not installed. A
 * program may also be named by its absolute path.
 */
export function findProgram(name: string): string | undefined {
  if (isAbsolute(name)) return existsSync(name) ? name : undefined;
  const path = (process.env.PATH ?? '').split(delimiter);
  return [...path, ...debianDirectories()].map((directory) => join(directory, name)).find((file) => existsSync(file));
}

/** The same, for a program that was already asked for. */
export function programPath(name: string): string {
  const path = findProgram(name);
  if (path === undefined) throw new Error(`the program ${name} is not installed`);
  return path;
}

function debianDirectories(): string[] {
  const postgres = globSync('/usr/lib/postgresql/*/bin');
  const newestFirst = postgres.sort((a, b) => b.localeCompare(a, 'en', { numeric: true }));
  return ['/usr/sbin', '/usr/local/sbin', ...newestFirst, ...globSync('/usr/lib/*/kamailio/modules')];
}
