import { accessSync, constants, lstatSync, mkdirSync, statfsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { quoteText } from '../errors/quote-text.ts';
import { AppError } from '../errors.ts';
import { codeOf } from './code-of.ts';

/** The `statfs` types of Linux's kernel file systems: `/proc` and `/sys`. */
const kernelFileSystems: readonly number[] = [0x9fa0, 0x62656572];

/**
 * Creates a folder and its parents unless they exist, accessible only to the owner. `setting` is the name of the
 * setting that the path comes from. It works level by level, because Node's own recursion never ends below `/proc`.
 */
export function makeFolder(folder: string, setting?: string): void {
  const failure = folderFailure(folder, setting);
  if (failure !== undefined) throw failure;
  const missing: string[] = [];
  for (let at = folder; !isThere(at); at = dirname(at)) missing.unshift(at);
  for (const each of missing) {
    try {
      mkdirSync(each, { mode: 0o700 });
    } catch (cause) {
      // Another process may have created the folder first.
      if (!isThere(each)) throw unusable(folder, refusalOf(each, cause), { setting, cause });
    }
  }
}

/** Returns why a path is not a folder and cannot become one, as far as this can be seen without trying. */
export function folderFailure(folder: string, setting?: string): AppError | undefined {
  const why = troubleAt(folder, 'it');
  return why === undefined ? undefined : unusable(folder, why, { setting });
}

function unusable(folder: string, why: string, more: { setting: string | undefined; cause?: unknown }): AppError {
  const { setting, cause } = more;
  return new AppError('folder-unusable', { folder, why, ...(setting === undefined ? {} : { setting }) }, { cause });
}

/** Looks at the nearest existing parent. */
function troubleAt(path: string, name = quoteText(path)): string | undefined {
  try {
    if (!statSync(path).isDirectory()) return `${name} is not a folder`;
    accessSync(path, constants.X_OK);
    return undefined;
  } catch (error) {
    switch (codeOf(error)) {
      case 'ENOENT':
        if (isThere(path)) return `${name} is a link that leads nowhere`;
        return isOfKernel(dirname(path))
          ? `no folder can be made in ${quoteText(dirname(path))}`
          : troubleAt(dirname(path));
      case 'ENOTDIR':
        return troubleAt(dirname(path));
      case 'ELOOP':
        return isThere(path) ? `${name} is a link that leads to itself` : troubleAt(dirname(path));
      default:
        return refusalOf(path, error);
    }
  }
}

/** Returns in words why a folder cannot be entered or created. */
function refusalOf(path: string, error: unknown): string {
  const above = quoteText(dirname(path));
  switch (codeOf(error)) {
    case 'EACCES':
    case 'EPERM':
      return `the permissions of ${isThere(path) ? quoteText(path) : above} refuse it`;
    case 'EROFS':
      return `the disk of ${above} is read-only`;
    case 'ENOSPC':
    case 'EDQUOT':
      return `the disk of ${above} is full`;
    case 'ENAMETOOLONG':
      return 'its name is too long';
    default:
      return error instanceof Error ? error.message : String(error);
  }
}

function isThere(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false;
  }
}

function isOfKernel(folder: string): boolean {
  try {
    return kernelFileSystems.includes(statfsSync(folder).type);
  } catch {
    return false;
  }
}
