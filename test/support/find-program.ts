import { existsSync, globSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';

/**
 * Returns the path of a program or a module of Kamailio, even outside an ordinary user's PATH. Returns undefined if it
 * is not installed. A program may also be given by its absolute path.
 */
export function findProgram(name: string): string | undefined {
  if (isAbsolute(name)) return existsSync(name) ? name : undefined;
  const path = (process.env.PATH ?? '').split(delimiter);
  return [...path, ...debianDirectories()].map((directory) => join(directory, name)).find((file) => existsSync(file));
}

/** Returns the path of a program that `requirePrograms` has found. */
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
