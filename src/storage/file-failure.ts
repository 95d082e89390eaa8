import { dirname } from 'node:path';
import type { FileTrouble } from '../errors/database-sentences.ts';
import { AppError } from '../errors.ts';
import { codeOf } from '../lib/code-of.ts';
import { makeFolder } from '../lib/make-folder.ts';
import { createPrivately } from '../lib/private-file.ts';

/** The beginnings of codes of the operating system and SQLite. */
const troubles: readonly (readonly [code: RegExp, trouble: FileTrouble])[] = [
  [/^(EROFS|SQLITE_READONLY)/, 'unwritable-disk'],
  [/^(ENOSPC|EDQUOT|SQLITE_FULL)/, 'full-disk'],
  [/^(EACCES|EPERM|SQLITE_PERM|SQLITE_CANTOPEN)/, 'permissions'],
  [/^(SQLITE_NOTADB|SQLITE_CORRUPT)/, 'not-ours'],
];

/** Returns the failure for a file that cannot be created, written or locked, with its folder and what to do. */
export function fileFailure(file: string, cause: unknown): AppError {
  const code = codeOf(cause);
  const why = troubles.find(([pattern]) => pattern.test(code))?.[1] ?? 'other';
  const failure = cause instanceof Error ? cause.message : String(cause);
  return new AppError('file-unusable', { why, file, folder: dirname(file), failure }, { cause });
}

/**
 * Creates an empty SQLite file for its owner only, unless it exists. SQLite gives the files beside it the same mode.
 */
export function createDatabaseFile(file: string): void {
  makeFolder(dirname(file), 'RINGUP_DATA_DIR');
  try {
    createPrivately(file);
  } catch (cause) {
    throw fileFailure(file, cause);
  }
}
