import { setTimeout as sleep } from 'node:timers/promises';

const intervalMs = 25;

/** Far above what anything here takes, also on a busy machine: only what hangs comes to it. */
export const patienceMs = 60_000;

/** Asks again and again until the answer is true; false when the time is over. */
export async function waitUntil(
  condition: () => boolean | Promise<boolean>,
  timeoutMs: number = patienceMs,
): Promise<boolean> {
  const end = monotonicMs() + timeoutMs;
  while (!(await condition())) {
    if (monotonicMs() > end) return false;
    await sleep(intervalMs);
  }
  return true;
}

/** Not `performance.now`, which a test may have stopped. */
function monotonicMs(): number {
  return Number(process.hrtime.bigint() / 1_000_000n);
}
