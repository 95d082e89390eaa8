import {
  chmodSync,
  closeSync,
  fsyncSync,
  linkSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { codeOf } from './code-of.ts';
import { makeFolder } from './make-folder.ts';

/** The permission bit for the group to read. */
const groupMayRead = 0o040;
const ownersPart = 0o700;

/** Creates an empty file that only its owner may read and write, and its folder, unless they exist. */
export function createPrivately(file: string): void {
  makeFolder(dirname(file));
  closeSync(openSync(file, 'a', 0o600));
}

/** Replaces a file, readable by its owner only. Readers see either the old text or the new one, never a part of it. */
export function replacePrivately(file: string, text: string): void {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, text, { mode: 0o600, flush: true });
  renameSync(draft, file);
}

/** Writes a file that only its owner may read and write, and returns when it is on disk. */
export function writePrivately(file: string, text: string): void {
  makeFolder(dirname(file));
  const descriptor = openSync(file, 'w', 0o600);
  try {
    writeFileSync(descriptor, text);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Gives a draft the name `target`. Throws `EEXIST` if a file has it. The draft may keep its old name too. Readers
 * may see an empty file first, but never a part of the draft.
 */
export function takeName(draft: string, target: string): void {
  try {
    linkSync(draft, target);
  } catch (error) {
    if (codeOf(error) === 'EEXIST') throw error;
    takeNameByRenaming(draft, target);
  }
}

/** For exFAT and some network drives, where a file cannot have two names. */
function takeNameByRenaming(draft: string, target: string): void {
  // An empty file takes the name first, because renaming would replace a file that has just been made.
  closeSync(openSync(target, 'wx', 0o600));
  try {
    renameSync(draft, target);
  } catch (error) {
    rmSync(target);
    throw error;
  }
}

/** Removes all permissions on an existing file, except those of its owner. */
export function closeToOthers(file: string): void {
  restrict(file, 0);
}

/**
 * Removes all permissions of others on an existing file and its companions. The group may still read all of them if it
 * may read the file itself.
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
