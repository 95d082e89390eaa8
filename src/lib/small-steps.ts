import { setTimeout as delay } from 'node:timers/promises';

/** So many rows keep other requests waiting for a few milliseconds. */
const rowsAtOnce = 500;
const pauseMs = 50;

/**
 * Handles the rows of a long table in small steps with pauses between them, so that requests do not wait. `step` gets
 * how many rows it may handle, and returns whether there may be more. `signal` ends the work after the current step.
 */
export async function inSmallSteps(step: (limit: number) => Promise<boolean>, signal?: AbortSignal): Promise<void> {
  while (signal?.aborted !== true && (await step(rowsAtOnce))) await delay(pauseMs);
}

/**
 * Does the same for a table whose rows are read by their ids. `page` gets the last id that was handled, and returns the
 * last one of its own rows, or undefined if it was the last page.
 */
export function pageByPage(
  page: (after: number, limit: number) => Promise<number | undefined>,
  signal?: AbortSignal,
): Promise<void> {
  let after = 0;
  return inSmallSteps(async (limit) => {
    const last = await page(after, limit);
    after = last ?? after;
    return last !== undefined;
  }, signal);
}
