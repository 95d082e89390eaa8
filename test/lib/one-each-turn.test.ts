import assert from 'node:assert/strict';
import { test } from 'node:test';
import { oneEachTurn } from '../../src/lib/one-each-turn.ts';

test('one of those who wait gets through in each turn of the event loop, in the order in which they came', async () => {
  const turn = oneEachTurn();
  const through: number[] = [];
  const all = Promise.all(
    [1, 2, 3].map(async (each) => {
      await turn();
      through.push(each);
    }),
  );
  const seen: number[] = [];
  const watch = (): void => {
    seen.push(through.length);
    if (through.length < 3) setImmediate(watch);
  };
  setImmediate(watch);
  await all;
  assert.deepEqual(through, [1, 2, 3]);
  for (const [index, count] of seen.entries()) assert.ok(count - (seen[index - 1] ?? 0) <= 1, String(seen));
});
