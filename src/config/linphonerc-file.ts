import { readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { AppError } from '../errors.ts';
import { readTrouble } from '../lib/file-trouble.ts';
import type { Document } from '../lpconfig/document.ts';
import { decodeLinphonerc, formatMistake, readLinphonerc } from '../lpconfig/read-linphonerc.ts';

/** The instance's linphonerc: its current text, or the last text without errors. */
export class LinphonercFile {
  readonly #file: string | null;
  #document: Document = new Map();
  #warnings: readonly string[] = [];
  #stamp = '';

  private constructor(file: string | null) {
    this.#file = file;
  }

  /** Reads the file, unless `file` is null. Throws all mistakes in it together. */
  static open(file: string | null): LinphonercFile {
    const linphonerc = new LinphonercFile(file);
    linphonerc.#stamp = linphonerc.#currentStamp();
    linphonerc.#read();
    return linphonerc;
  }

  get document(): Document {
    return this.#document;
  }

  get warnings(): readonly string[] {
    return this.#warnings;
  }

  /** Reads the file again if it has changed. Throws if it has mistakes; the last valid text then stays in use. */
  refresh(): void {
    if (this.#file === null) return;
    const stamp = this.#currentStamp();
    if (stamp === this.#stamp) return;
    this.#stamp = stamp;
    this.#read();
  }

  #read(): void {
    const file = this.#file;
    if (file === null) return;
    const { document, mistakes } = readLinphonerc(decodeLinphonerc(readLinphonercFile(file), file), {
      layer: 'instance',
      // Only the name, because administrators of spaces see it and should not see the path.
      file: basename(file),
    });
    const lines = (severity: string) =>
      mistakes.filter((each) => each.severity === severity).map((each) => formatMistake(file, each));
    const errors = lines('error');
    if (errors.length > 0) throw new AppError('linphonerc-broken', { mistakes: errors });
    this.#document = document;
    this.#warnings = lines('warning');
  }

  #currentStamp(): string {
    if (this.#file === null) return '';
    try {
      const { mtimeMs, ctimeMs, size, ino } = statSync(this.#file);
      // New permissions change only the ctime, and may make the file readable.
      return `${mtimeMs} ${ctimeMs} ${size} ${ino}`;
    } catch (error) {
      // Reading the file says what is wrong. As long as it stays the same, it is said once.
      return readTrouble(error);
    }
  }
}

/** Returns the bytes of the instance's linphonerc. */
export function readLinphonercFile(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (cause) {
    const mistakes = [`RINGUP_LINPHONERC names ${file}, which cannot be read: ${readTrouble(cause)}.`];
    throw new AppError('linphonerc-broken', { mistakes }, { cause });
  }
}
