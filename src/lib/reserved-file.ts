import { closeSync, fstatSync, fsyncSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { createPrivately, writePrivately } from './private-file.ts';

const blank = ' ';

/** Writes a private file of spaces, which keeps room on the disk for a text that must not get lost when it is full. */
export function reserveFile(file: string, bytes: number): void {
  try {
    writePrivately(file, blank.repeat(bytes));
  } catch (error) {
    // Part of the file is of no use, and takes room from others.
    rmSync(file, { force: true });
    throw error;
  }
}

/**
 * Writes a text over the spaces of a reserved file, and returns when it is on disk. The spaces after it stay. Creates
 * the file if it was not reserved.
 */
export function fillReservedFile(file: string, text: string): void {
  try {
    overwrite(file, Buffer.from(text));
  } catch {
    // On a file system that never writes in place, such as Btrfs, deleting the file makes room again.
    rmSync(file, { force: true });
    writePrivately(file, text);
  }
}

function overwrite(file: string, text: Buffer): void {
  createPrivately(file);
  const descriptor = openSync(file, 'r+');
  try {
    const whole = Buffer.alloc(Math.max(text.length, fstatSync(descriptor).size), blank);
    text.copy(whole);
    writeFileSync(descriptor, whole);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
