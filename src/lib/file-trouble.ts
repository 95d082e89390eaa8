import { codeOf } from './code-of.ts';

const troubles: Readonly<Record<string, string>> = {
  EACCES: 'its permissions refuse it',
  EPERM: 'its permissions refuse it',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of its path is not a folder',
  ELOOP: 'it is a link that leads to itself',
  ENAMETOOLONG: 'its name is too long',
  ENOSPC: 'the disk is full',
  EROFS: 'the disk is read-only',
};

/** Returns in words why a file could not be read. For unknown errors, returns the system's own message. */
export function readTrouble(error: unknown): string {
  return troubleOf(error, 'there is no such file');
}

/** Returns in words why a file could not be written. */
export function writeTrouble(error: unknown): string {
  return troubleOf(error, 'its folder does not exist');
}

function troubleOf(error: unknown, missing: string): string {
  if (!(error instanceof Error)) return String(error);
  const code = codeOf(error);
  if (code === 'ENOENT') return missing;
  return (Object.hasOwn(troubles, code) ? troubles[code] : undefined) ?? error.message;
}
