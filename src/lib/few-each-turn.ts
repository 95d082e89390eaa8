import { setImmediate as nextTurn } from 'node:timers/promises';

/**
 * Returns a function to wait for before costly work. It lets so many callers through in each turn of the event loop, so
 * that a crowd that asks for costly things delays other requests by a few of them, not by all.
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
