import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const directories: string[] = [];

process.once('exit', () => {
  for (const path of directories) rmSync(path, { recursive: true, force: true });
});

/**
 * Returns a new empty directory, which is removed when this process ends. Its path is short, because the path of a Unix
 * socket is limited to 107 bytes.
 */
export function tempDirectory(): string {
  const path = mkdtempSync(join(tmpdir(), 'ringup-'));
  directories.push(path);
  return path;
}
