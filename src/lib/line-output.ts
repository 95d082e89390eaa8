import { write as writeWithCallback } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { codeOf } from './code-of.ts';

/** Writes the bytes from `offset` on, and returns how many it wrote. */
export type WriteBytes = (fd: number, bytes: Buffer, offset: number) => Promise<{ readonly bytesWritten: number }>;

const writeBytes: WriteBytes = promisify(writeWithCallback);

const batchLength = 4096;
const maxWaitingLength = 1_000_000;
const writeIntervalMs = 100;
const closeTimeoutMs = 1_000;
const newline = 10;

/** Lines that are being written. */
interface Batch {
  /** How many lines were lost before these. A line that says so is written first. */
  readonly missing: number;
  readonly lines: number;
  readonly bytes: Buffer;
}

/**
 * Writes lines to a file descriptor in batches and never blocks. Lines are dropped if writing fails or a megabyte is
 * waiting. The next line that is written says how many.
 */
export class LineOutput {
  readonly #fd: number;
  readonly #writeBytes: WriteBytes;
  readonly #timer: NodeJS.Timeout;
  #waiting = '';
  #lines = 0;
  /** How many lines were lost before the waiting ones. */
  #missing = 0;
  /** How many lines were lost after the waiting ones. */
  #overflowed = 0;
  #batch: Batch | undefined;
  #written = 0;
  /** Whether the output ends in the middle of a line. */
  #endsMidLine = false;
  #writing: Promise<void> | undefined;
  #isClosed = false;

  /** `fd` must be non-blocking if it is a pipe or socket. */
  constructor(fd: number, write = writeBytes) {
    this.#fd = fd;
    this.#writeBytes = write;
    this.#timer = setInterval(() => void this.#writeWaiting(), writeIntervalMs).unref();
  }

  /** Writes one line, which must end in a newline. */
  write(line: string): void {
    const kept = this.#waiting.length + (this.#batch?.bytes.length ?? 0);
    if (this.#overflowed > 0 || kept + line.length > maxWaitingLength) {
      this.#overflowed += 1;
      return;
    }
    this.#waiting += line;
    this.#lines += 1;
    if (this.#waiting.length >= batchLength) void this.#writeWaiting();
  }

  /**
   * Writes the waiting lines. Gives up after a second. Writes nothing after that: the descriptor may then belong to
   * another file, such as a database.
   */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    const timeout = AbortSignal.timeout(closeTimeoutMs);
    const writeAll = async (): Promise<void> => {
      await this.#writeWaiting();
      while (this.#batch !== undefined && !timeout.aborted) {
        await delay(writeIntervalMs / 10);
        await this.#writeWaiting();
      }
    };
    await Promise.race([writeAll(), delay(closeTimeoutMs, undefined, { ref: false })]);
    this.#isClosed = true;
  }

  #writeWaiting(): Promise<void> {
    this.#writing ??= this.#writeBatches().finally(() => {
      this.#writing = undefined;
    });
    return this.#writing;
  }

  /** Writes until no line is waiting, or the output accepts nothing more for now. */
  async #writeBatches(): Promise<void> {
    while (!this.#isClosed) {
      this.#batch ??= this.#nextBatch();
      if (this.#batch === undefined) return;
      const { bytes } = this.#batch;
      try {
        this.#written += (await this.#writeBytes(this.#fd, bytes, this.#written)).bytesWritten;
      } catch (error) {
        // The pipe is full. The rest is written later.
        if (codeOf(error) !== 'EAGAIN') this.#drop(this.#batch);
        return;
      }
      if (this.#written < bytes.length) continue;
      this.#batch = undefined;
      this.#written = 0;
      this.#endsMidLine = false;
    }
  }

  #nextBatch(): Batch | undefined {
    const batch = { missing: this.#missing, lines: this.#lines };
    const text = `${batch.missing === 0 ? '' : this.#notice(batch.missing)}${this.#waiting}`;
    this.#missing = this.#overflowed;
    this.#overflowed = 0;
    this.#waiting = '';
    this.#lines = 0;
    if (text !== '') return { ...batch, bytes: Buffer.from(text) };
    return this.#missing === 0 ? undefined : this.#nextBatch();
  }

  /** Drops a batch. Counts the lines that were not written completely. */
  #drop({ missing, lines, bytes }: Batch): void {
    const lost = bytes.subarray(this.#written).filter((byte) => byte === newline).length;
    this.#missing += lost > lines ? missing + lines : lost;
    if (this.#written > 0) this.#endsMidLine = bytes[this.#written - 1] !== newline;
    this.#batch = undefined;
    this.#written = 0;
  }

  #notice(missing: number): string {
    const time = new Date().toISOString();
    const line = { level: 'warn', time, missing, msg: 'lines are missing here: they could not be written' };
    return `${this.#endsMidLine ? '\n' : ''}${JSON.stringify(line)}\n`;
  }
}
