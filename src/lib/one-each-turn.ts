import { setImmediate as nextTurn } from 'node:timers/promises';

/**
 * Returns a function to wait for before costly work. It lets one caller through in each turn of the event loop, so that
 * a crowd that asks for costly things delays other requests by one of them, not by all.
 */
export function oneEachTurn(): () => Promise<void> {
  let free = Promise.resolve();
  return () => {
    const mine = free;
    free = mine.then(() => nextTurn());
    return mine;
  };
}
