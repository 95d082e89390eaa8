import { write as writeWithCallback } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';

const write = promisify(writeWithCallback);

const batchLength = 4096;
const maxWaiting = 1_000_000;
const passEveryMs = 100;
const closePatienceMs = 1_000;
const newline = 10;

/** Lines on their way. */
interface Batch {
  /** How many were lost before them, which a line of its own says first. */
  readonly missing: number;
  readonly lines: number;
  readonly bytes: Buffer;
}

/**
 * Writes lines to a file descriptor in batches, and holds nobody up whatever becomes of them. Where writing fails, or nobody
 * reads and a megabyte waits, lines are dropped; the first one that gets through again says how many.
 */
export class LineOutput {
  readonly #fd: number;
  readonly #timer: NodeJS.Timeout;
  #waiting = '';
  #lines = 0;
  /** Lost before what waits. */
  #missing = 0;
  /** Lost after what waits. */
  #overflown = 0;
  #batch: Batch | undefined;
  #written = 0;
  /** Whether half a line was the last to get through. */
  #torn = false;
  #passing: Promise<void> | undefined;

  /** A pipe or socket has to be non-blocking. */
  constructor(fd: number) {
    this.#fd = fd;
    this.#timer = setInterval(() => void this.#pass(), passEveryMs).unref();
  }

  /** Takes one line, which ends in a newline. */
  write(line: string): void {
    const kept = this.#waiting.length + (this.#batch?.bytes.length ?? 0);
    if (this.#overflown > 0 || kept + line.length > maxWaiting) {
      this.#overflown += 1;
      return;
    }
    this.#waiting += line;
    this.#lines += 1;
    if (this.#waiting.length >= batchLength) void this.#pass();
  }

  /** Passes on what waits, as far as that is possible within a second. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    const patience = AbortSignal.timeout(closePatienceMs);
    const passAll = async (): Promise<void> => {
      await this.#pass();
      while (this.#batch !== undefined && !patience.aborted) {
        await delay(passEveryMs / 10);
        await this.#pass();
      }
    };
    await Promise.race([passAll(), delay(closePatienceMs, undefined, { ref: false })]);
  }

  #pass(): Promise<void> {
    this.#passing ??= this.#passBatches().finally(() => {
      this.#passing = undefined;
    });
    return this.#passing;
  }

  /** Until nothing waits, or nothing can be written at the moment. */
  async #passBatches(): Promise<void> {
    for (;;) {
      this.#batch ??= this.#nextBatch();
      if (this.#batch === undefined) return;
      const { bytes } = this.#batch;
      try {
        this.#written += (await write(this.#fd, bytes, this.#written)).bytesWritten;
      } catch (error) {
        // A pipe that is full takes the rest later.
        if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) this.#drop(this.#batch);
        return;
      }
      if (this.#written < bytes.length) continue;
      this.#batch = undefined;
      this.#written = 0;
      this.#torn = false;
    }
  }

  #nextBatch(): Batch | undefined {
    const batch = { missing: this.#missing, lines: this.#lines };
    const text = `${batch.missing === 0 ? '' : this.#notice(batch.missing)}${this.#waiting}`;
    this.#missing = this.#overflown;
    this.#overflown = 0;
    this.#waiting = '';
    this.#lines = 0;
    if (text !== '') return { ...batch, bytes: Buffer.from(text) };
    return this.#missing === 0 ? undefined : this.#nextBatch();
  }

  /** Counts what did not get through, half a line included. */
  #drop({ missing, lines, bytes }: Batch): void {
    const lost = bytes.subarray(this.#written).filter((byte) => byte === newline).length;
    this.#missing += lost > lines ? missing + lines : lost;
    if (this.#written > 0) this.#torn = bytes[this.#written - 1] !== newline;
    this.#batch = undefined;
    this.#written = 0;
  }

  #notice(missing: number): string {
    const time = new Date().toISOString();
    const line = { level: 'warn', time, missing, msg: 'lines are missing here: they could not be written' };
    return `${this.#torn ? '\n' : ''}${JSON.stringify(line)}\n`;
  }
}
