import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises';

/** Timers fire up to so many milliseconds late. */
const timersLateMs = 0.2;

/** What `find` finds, at once. Nothing, and every failure, so many milliseconds after the call, whatever the search took of them. */
export async function atOnceOrEvenly<T>(
  milliseconds: number,
  find: () => Promise<T | undefined>,
): Promise<T | undefined> {
  const endsAt = performance.now() + milliseconds;
  let found: T | undefined;
  try {
    found = await find();
    return found;
  } finally {
    if (found === undefined) await waitUntil(endsAt);
  }
}

/**
 * Timers wait whole milliseconds from when they are set: by them alone, what came before the wait would come after it as well.
 * So the fraction that is left is waited for turn by turn, while others are served.
 */
async function waitUntil(instant: number): Promise<void> {
  const whole = Math.floor(instant - timersLateMs - performance.now());
  if (whole > 0) await delay(whole);
  while (performance.now() < instant) await nextTurn();
}
