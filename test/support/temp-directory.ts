import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const directories: string[] = [];

process.once('exit', () => {
  for (const path of directories) rmSync(path, { recursive: true, force: true });
});

/** A new empty directory with a short path (a Unix socket's is limited to 107 bytes), gone when this process ends. */
export function tempDirectory(): string {
  const path = mkdtempSync(join(tmpdir(), 'ringup-'));
  directories.push(path);
  return path;
}
