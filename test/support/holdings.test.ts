import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lossesIn } from './holdings.ts';

const before = { spaces: { 1: { host: null, algorithms: ['MD5'] } }, events: { 7: { actor: 'me' } } };

test('new fields and rows do not count as losses', () => {
  const after = {
    spaces: { 1: { host: null, algorithms: ['MD5'], language: 'en' }, 2: {} },
    events: { 7: { actor: 'me' }, 8: { actor: 'command line' } },
    groups: {},
  };
  assert.deepEqual(lossesIn(after, before), []);
});

test('missing rows, other values and longer lists count as losses', () => {
  const after = { spaces: { 1: { host: '', algorithms: ['MD5', 'SHA-256'] } }, events: {} };
  assert.deepEqual(lossesIn(after, before), [
    '/spaces/1/host is "", was null',
    '/spaces/1/algorithms has become longer',
    '/events/7 is gone',
  ]);
});
