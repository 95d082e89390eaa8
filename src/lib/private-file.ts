import { chmodSync, closeSync, mkdirSync, openSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** The permission bits of the group to read. */
const groupMayRead = 0o040;
const ownersPart = 0o700;

/** Creates an empty file that only its owner may read and write, unless it is there; and its folder, likewise. */
export function createPrivately(file: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  closeSync(openSync(file, 'a', 0o600));
}

/** Takes every permission on an existing file from all but its owner. */
export function closeToOthers(file: string): void {
  restrict(file, 0);
}

/**
 * Takes every permission on an existing file and on those that belong to it from others. The group keeps its permission
 * to read if it has it on the file itself.
 */
export function closeToStrangers(file: string, companions: readonly string[]): void {
  const forGroup = (modeOf(file) ?? 0) & groupMayRead;
  for (const each of [file, ...companions]) restrict(each, forGroup);
}

export function isReadableByGroup(file: string): boolean {
  return ((modeOf(file) ?? 0) & groupMayRead) !== 0;
}

function restrict(file: string, forGroup: number): void {
  const mode = modeOf(file);
  if (mode === undefined) return;
  const restricted = (mode & ownersPart) | forGroup;
  if (restricted !== mode) chmodSync(file, restricted);
}

function modeOf(file: string): number | undefined {
  const found = statSync(file, { throwIfNoEntry: false });
  return found === undefined ? undefined : found.mode & 0o777;
}
