import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { startRingup } from './ringup-process.ts';
import { median } from './statistics.ts';

const starts = 5;

export interface StartTimes {
  /** Seconds from the start of the process to the end of its first answer; medians. */
  readonly fresh: number;
  readonly again: number;
}

/** On an empty data directory, where the database is made first, and on one that is there. */
export async function measureStart(parent: string): Promise<StartTimes> {
  const fresh: number[] = [];
  const again: number[] = [];
  for (let index = 0; index < starts; index += 1) {
    const dataDir = join(parent, `start-${index}`);
    mkdirSync(dataDir);
    for (const times of [fresh, again]) {
      const ringup = await startRingup(dataDir);
      times.push(ringup.startSeconds);
      await ringup.stop();
    }
  }
  return { fresh: median(fresh), again: median(again) };
}
