import { closeSync, fstatSync, fsyncSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { createPrivately, writePrivately } from './private-file.ts';

const blank = ' ';

/** Writes a private file of spaces. It reserves disk space for a text that must be saved even when the disk is full. */
export function reserveFile(file: string, bytes: number): void {
  try {
    writePrivately(file, blank.repeat(bytes));
  } catch (error) {
    // An incomplete file is useless, and takes up space that others need.
    rmSync(file, { force: true });
    throw error;
  }
}

/**
 * Writes a text over the spaces of a reserved file. Returns when it is on disk. The remaining spaces stay. Creates the
 * file if it was not reserved.
 */
export function fillReservedFile(file: string, text: string): void {
  try {
    overwrite(file, Buffer.from(text));
  } catch {
    // Some file systems, such as Btrfs, never write in place. There, deleting the file frees its space.
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
