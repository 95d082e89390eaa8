import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { AppError } from '../errors.ts';

/** The mounts of this process: see "/proc/pid/mountinfo" in proc(5). Only Linux has this file. */
const mountTable = '/proc/self/mountinfo';
const mountPointField = 4;

/**
 * Throws if a SQLite file can be reached by several names. SQLite keeps the newest changes beside the file, under the
 * name by which it was opened. They are missing under other names, and are left behind if the file alone is mounted
 * elsewhere. A name that an interrupted `restore` gave the file does not count, because nothing opens it by that name.
 */
export function requireOnePlace(database: string): void {
  const file = realpathSync(database);
  const { nlink } = statSync(file);
  if (nlink > 1 + namesOfRestore(file)) throw new AppError('database-linked', { file, names: nlink });
  if (mountPoints().includes(file)) throw new AppError('database-mounted', { file, folder: dirname(file) });
}

/** The name of a database that `restore` replaces begins with that of the database and this. */
export const beforeRestore = '.before-restore-';

function namesOfRestore(file: string): number {
  const { dev, ino } = statSync(file);
  const kept = readdirSync(dirname(file)).filter((name) => name.startsWith(`${basename(file)}${beforeRestore}`));
  const found = kept.map((name) => statSync(join(dirname(file), name), { throwIfNoEntry: false }));
  return found.filter((each) => each?.dev === dev && each.ino === ino).length;
}

function mountPoints(): string[] {
  const lines = readMounts().split('\n');
  return lines.map((line) => unescapeOctal(line.split(' ')[mountPointField] ?? ''));
}

function readMounts(): string {
  try {
    return readFileSync(mountTable, 'utf8');
  } catch {
    return '';
  }
}

/**
 * Decodes the escapes of the mount table, such as `\040` for a space and `\134` for a backslash. All other bytes are
 * unescaped.
 */
function unescapeOctal(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));
}
