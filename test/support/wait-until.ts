import { setTimeout as sleep } from 'node:timers/promises';

const intervalMs = 25;

/** Far longer than anything here takes, even on a busy machine, so that only something that hangs exceeds it. */
export const patienceMs = 180_000;

/** Checks repeatedly until the result is true. Returns false when the time is over. */
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

/** Does not use `performance.now`, because a test may have stopped it. */
function monotonicMs(): number {
  return Number(process.hrtime.bigint() / 1_000_000n);
}
