import { readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { AppError } from '../errors.ts';

/** What Linux mounted for this process: see "/proc/pid/mountinfo" in proc(5). Other systems have no such file. */
const mountTable = '/proc/self/mountinfo';
const mountPointField = 4;

/**
 * Throws if a SQLite file can be reached under several names. SQLite keeps the newest changes beside the file, under
 * the name by which it was opened: under other names they are missing, and a file that is mounted by itself leaves them
 * behind.
 */
export function requireOnePlace(database: string): void {
  const file = realpathSync(database);
  const { nlink } = statSync(file);
  if (nlink > 1) throw new AppError('database-linked', { file, names: nlink });
  if (mountPoints().includes(file)) throw new AppError('database-mounted', { file, folder: dirname(file) });
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

/** The table has spaces and backslashes of a name as `\040` and `\134`, and all other bytes as they are. */
function unescapeOctal(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));
}
