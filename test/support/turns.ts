import { setImmediate as nextTurn } from 'node:timers/promises';

/**
 * Returns how many turns of the event loop begin while the work is under way. In each of them, other requests get their
 * answers; work that goes on without a turn keeps them waiting.
 */
export async function turnsDuring(work: () => Promise<unknown>): Promise<number> {
  let isUnderWay = true;
  let turns = 0;
  const counting = (async () => {
    for (;;) {
      await nextTurn();
      if (!isUnderWay) return;
      turns += 1;
    }
  })();
  try {
    await work();
  } finally {
    isUnderWay = false;
    await counting;
  }
  return turns;
}
