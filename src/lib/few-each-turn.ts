import { setImmediate as nextTurn } from 'node:timers/promises';

/**
 * Returns a function to await before expensive work. It lets `count` callers through in each turn of the event loop, so
 * that many expensive requests delay the others by only a few at a time.
 */
export function fewEachTurn(count: number): () => Promise<void> {
  let free = Promise.resolve();
  let left = count;
  return () => {
    const mine = free;
    left -= 1;
    if (left === 0) {
      left = count;
      free = mine.then(() => nextTurn());
    }
    return mine;
  };
}
