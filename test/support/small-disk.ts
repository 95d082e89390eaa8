import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { skipUnless } from './skip-unless.ts';
import { tempDirectory } from './temp-directory.ts';

/** A separate disk in memory. */
export interface SmallDisk {
  readonly folder: string;
  /** Writes until the disk is full. */
  fill(): void;
  /** Deletes the data that filled the disk. */
  free(): void;
  unmount(): void;
}

/** Returns the option `skip` of tests that mount something. */
export function skipUnlessMounting(): string | false {
  const disk = mountDisk('1m');
  disk?.unmount();
  return skipUnless(disk !== undefined, 'only root may mount, and not in every container');
}

export function mountDisk(size: string): SmallDisk | undefined {
  const folder = tempDirectory();
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder]).status !== 0) return undefined;
  const filler = join(folder, 'filler');
  return {
    folder,
    fill: () => {
      for (const bytes of [64 * 1024, 4096, 1]) while (append(filler, bytes));
    },
    free: () => rmSync(filler),
    unmount: () => void spawnSync('umount', ['--lazy', folder]),
  };
}

function append(file: string, bytes: number): boolean {
  try {
    writeFileSync(file, Buffer.alloc(bytes, 'x'), { flag: 'a' });
    return true;
  } catch {
    return false;
  }
}
