import { closeSync, fstatSync, fsyncSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { createPrivately, writePrivately } from './private-file.ts';

const blank = ' ';

/** Writes a private file of blanks, which keeps room on the disk for a text that must not get lost when it is full. */
export function reserveFile(file: string, bytes: number): void {
  try {
    writePrivately(file, blank.repeat(bytes));
  } catch (error) {
    // A part of it would only take the room from others.
    rmSync(file, { force: true });
    throw error;
  }
}

/**
 * Writes a text over the blanks of a reserved file, followed by those that are left, and returns when it is on disk. A
 * file that was not reserved is made.
 */
export function fillReservedFile(file: string, text: string): void {
  try {
    overwrite(file, Buffer.from(text));
  } catch {
    // A file system that never writes in place, such as Btrfs, has room again once the file is gone.
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
