import { randomInt } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';

const chanceMs = 4;

/**
 * What `find` finds, at once. Nothing, and every failure, so many milliseconds after the call and up to three more, by chance.
 * Timers wait whole milliseconds from when they are set: what the search took of one is not hidden by the wait, but is lost
 * in a chance that is a thousand times as long.
 */
export async function atOnceOrEvenly<T>(
  milliseconds: number,
  find: () => Promise<T | undefined>,
): Promise<T | undefined> {
  const startedAt = performance.now();
  let found: T | undefined;
  try {
    found = await find();
    return found;
  } finally {
    if (found === undefined) {
      const rest = Math.max(0, Math.ceil(startedAt + milliseconds - performance.now()));
      await delay(rest + randomInt(chanceMs));
    }
  }
}
