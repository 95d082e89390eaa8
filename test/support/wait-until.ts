import { setTimeout as sleep } from 'node:timers/promises';

const intervalMs = 25;

/** Asks again and again until the answer is true; false when the time is over. */
export async function waitUntil(condition: () => boolean | Promise<boolean>, timeoutMs: number): Promise<boolean> {
  const end = performance.now() + timeoutMs;
  while (!(await condition())) {
    if (performance.now() > end) return false;
    await sleep(intervalMs);
  }
  return true;
}
