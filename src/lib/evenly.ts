import { setTimeout as delay } from 'node:timers/promises';

/**
 * What `find` finds, at once. Nothing, and every failure, so many milliseconds after the call, to the millisecond that timers
 * are good for: what the search took, if it took less, is lost in that.
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
    if (found === undefined) await delay(Math.ceil(startedAt + milliseconds - performance.now()));
  }
}
