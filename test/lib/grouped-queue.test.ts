import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GroupedQueue } from '../../src/lib/grouped-queue.ts';
import { assertGrowsLinearly } from '../support/growth.ts';

function queueOf(...values: readonly string[]): GroupedQueue<string> {
  const queue = new GroupedQueue<string>();
  for (const value of values) queue.add(value.slice(0, 1), value, value);
  return queue;
}

test('a grouped queue knows its oldest value, and that of each group', () => {
  const queue = queueOf('b1', 'a1', 'b2');
  assert.deepEqual([queue.oldest(), queue.oldestOf('a'), queue.oldestOf('b')], ['b1', 'a1', 'b1']);
  queue.delete('b1');
  assert.deepEqual([queue.oldest(), queue.oldestOf('b'), queue.size], ['a1', 'b2', 2]);
  queue.delete('b1');
  queue.add('z', 'a1', 'a key that is there');
  assert.deepEqual([queue.size, queue.sizeOf('a'), queue.sizeOf('z'), queue.oldestOf('z')], [2, 1, 0, undefined]);
});

test('a grouped queue knows its largest group, and of equal groups the one that has been that large for longest', () => {
  const queue = queueOf('a1', 'b1', 'b2', 'c1', 'c2', 'c3');
  const gone: (string | undefined)[] = [];
  while (queue.size > 0) {
    const oldest = queue.oldestOfLargest() ?? '';
    gone.push(oldest);
    queue.delete(oldest);
  }
  assert.deepEqual(gone, ['c1', 'b1', 'c2', 'a1', 'b2', 'c3']);
  assert.equal(queue.oldestOfLargest(), undefined);
});

test('displacing the oldest value of the largest group costs the same among many groups as among few', () => {
  let next = 0;
  assertGrowsLinearly(
    (size) => ({ size, queue: queueWithGroups(size) }),
    ({ size, queue }) => {
      for (let count = 0; count < size; count += 1) {
        queue.delete(String(queue.oldestOfLargest()));
        next += 1;
        queue.add(`more ${next}`, `more ${next}`, `more ${next}`);
      }
    },
    8_000,
  );
});

function queueWithGroups(size: number): GroupedQueue<string> {
  const queue = new GroupedQueue<string>();
  for (let count = 0; count < size; count += 1) queue.add(`group ${count}`, `key ${count}`, `key ${count}`);
  return queue;
}
