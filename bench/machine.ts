import { closeSync, fdatasyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { percentile } from './statistics.ts';

const times = 300;

/** Describes the machine that the figures come from. `directory` is on the disk that the databases use. */
export function describeMachine(directory: string): string {
  const [first] = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  const { p50, p99 } = measureFsync(directory);
  return (
    `Node.js ${process.versions.node}, ${process.platform}, ${cpus().length} cores (${first?.model.trim()}), ` +
    `${memory} GiB. One fsync (4 KiB more of a file): p50 ${p50.toFixed(2)} ms, p99 ${p99.toFixed(2)} ms.\n`
  );
}

/** Returns how many milliseconds it takes to write 4 KiB to a file and to sync it to the disk. */
function measureFsync(directory: string): { p50: number; p99: number } {
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
