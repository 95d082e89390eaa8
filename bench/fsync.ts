import { closeSync, fdatasyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { percentile } from './statistics.ts';

const times = 300;

/** Milliseconds until 4 KiB more of a file are safe on the disk of `directory`. */
export function measureFsync(directory: string): { p50: number; p99: number } {
  const file = join(directory, 'fsync');
  const descriptor = openSync(file, 'w');
  const page = Buffer.alloc(4096, 1);
  const measured = Array.from({ length: times }, () => {
    writeSync(descriptor, page);
    const startedAt = performance.now();
    fdatasyncSync(descriptor);
    return performance.now() - startedAt;
  });
  closeSync(descriptor);
  rmSync(file);
  return { p50: percentile(measured, 0.5), p99: percentile(measured, 0.99) };
}
