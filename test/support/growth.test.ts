import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertGrowsLinearly } from './growth.ts';

const letters = (size: number) => 'a'.repeat(size);

test('a cost that grows with the input passes', () => {
  assertGrowsLinearly(letters, (text) => [...text].sort(), 200_000);
});

test('a cost that grows with the square of the input fails', () => {
  const everyPair = (text: string): number => {
    let pairs = 0;
    for (const one of text) for (const other of text) if (one === other) pairs += 1;
    return pairs;
  };
  assert.throws(() => assertGrowsLinearly(letters, everyPair, 3_000, 'pairs'), /^AssertionError.*: pairs: /);
});
