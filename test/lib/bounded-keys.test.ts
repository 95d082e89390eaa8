import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BoundedKeys } from '../../src/lib/bounded-keys.ts';

const bounds = { max: 100, maxInGroup: 4, lifetimeMs: 1_000 };

test('keys beyond the bound share a few entries, and displace no other key', () => {
  const keys = new BoundedKeys(bounds, () => 0);
  for (let count = 0; count < 100; count += 1) assert.equal(keys.of(`key ${count}`), `key ${count}`);
  const shared = new Set(Array.from({ length: 10_000 }, (_, count) => keys.of(`more ${count}`)));
  assert.ok(shared.size <= 256);
  assert.equal(keys.size, 100);
  assert.equal(keys.of('key 0'), 'key 0');
});

test('a key is forgotten once it has not been used for its lifetime', () => {
  let now = 0;
  const keys = new BoundedKeys({ ...bounds, max: 2 }, () => now);
  keys.of('used');
  keys.of('idle');
  now = 600;
  keys.of('used');
  now = 1_200;
  assert.equal(keys.of('new'), 'new');
  assert.equal(keys.has('idle'), false);
  assert.equal(keys.has('used'), true);
});

test('only a few keys of one group are counted separately, and the others count as the group', () => {
  let now = 0;
  const keys = new BoundedKeys(bounds, () => now);
  const seen = new Set(Array.from({ length: 1_000 }, (_, count) => keys.of(`net ${count}`, 'group')));
  assert.deepEqual([...seen], ['net 0', 'net 1', 'net 2', 'net 3', 'group']);
  assert.equal(keys.of('elsewhere', 'other group'), 'elsewhere');
  now = 1_000;
  assert.equal(keys.of('net 7', 'group'), 'net 7');
});
