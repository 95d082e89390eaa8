import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fewEachTurn } from '../../src/lib/few-each-turn.ts';

test('the given number of callers continue in each turn of the event loop, in the order in which they came', async () => {
  const turn = fewEachTurn(2);
  const through: number[] = [];
  const all = Promise.all(
    [1, 2, 3, 4, 5].map(async (each) => {
      await turn();
      through.push(each);
    }),
  );
  const seen: number[] = [];
  const watch = (): void => {
    seen.push(through.length);
    if (through.length < 5) setImmediate(watch);
  };
  setImmediate(watch);
  await all;
  assert.deepEqual(through, [1, 2, 3, 4, 5]);
  for (const [index, count] of seen.entries()) assert.ok(count - (seen[index - 1] ?? 0) <= 2, String(seen));
});
