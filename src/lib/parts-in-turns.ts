import { setImmediate as nextTurn } from 'node:timers/promises';

/** So many rows, with a query for all of them, keep other requests waiting for a few milliseconds. */
export const rowsEachTurn = 50;

/**
 * Yields a list in parts, each in a turn of the event loop of its own. SQLite answers synchronously, so without this,
 * all other requests would wait for the whole list.
 */
export async function* partsInTurns<T>(items: readonly T[], size = rowsEachTurn): AsyncGenerator<readonly T[]> {
  for (let start = 0; start < items.length; start += size) {
    if (start > 0) await nextTurn();
    yield items.slice(start, start + size);
  }
}
