import { readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { AppError } from '../errors.ts';
import type { Document } from '../lpconfig/document.ts';
import { decodeLinphonerc, formatMistake, readLinphonerc } from '../lpconfig/read-linphonerc.ts';

/** The instance's linphonerc: what it says now, or what it last said when it could still be read. */
export class LinphonercFile {
  readonly #file: string | null;
  #document: Document = new Map();
  #warnings: readonly string[] = [];
  #stamp = '';

  private constructor(file: string | null) {
    this.#file = file;
  }

  /** Reads the file; a broken one is refused with all its mistakes. `null`: there is none. */
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

  /** Reads the file again if it changed since. Throws if it is broken now; what it said before stays in force. */
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
      // Administrators of spaces see origins, and need not see where the file lies.
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
    const stat = statSync(this.#file, { throwIfNoEntry: false });
    return stat === undefined ? 'missing' : `${stat.mtimeMs} ${stat.size} ${stat.ino}`;
  }
}

/** The bytes of the instance's linphonerc. */
export function readLinphonercFile(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    const mistakes = [`RINGUP_LINPHONERC names ${file}, which cannot be read: ${why}.`];
    throw new AppError('linphonerc-broken', { mistakes }, { cause });
  }
}
