import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RecentTimes } from '../../src/lib/recent-times.ts';

test('a time is kept for at least the given period, and for at most twice as long', () => {
  const times = new RecentTimes(1_000_000, 10_000);
  times.note(1, 1_000_000);
  times.note(2, 1_009_999.7);
  times.note(3, 1_010_001);
  assert.equal(times.find(1), 1_000_000);
  assert.equal(times.find(2), 1_009_999);
  times.note(4, 1_019_000);
  assert.equal(times.find(2), 1_009_999);
  times.note(5, 1_020_002);
  assert.equal(times.find(1), undefined);
  assert.equal(times.find(3), 1_010_001);
  assert.equal(times.find(6), undefined);
});

test('the newer time of a number counts', () => {
  const times = new RecentTimes(0, 100);
  times.note(7, 50);
  times.note(7, 170);
  assert.equal(times.find(7), 170);
});
