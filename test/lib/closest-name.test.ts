import assert from 'node:assert/strict';
import { test } from 'node:test';
import { closestName } from '../../src/lib/closest-name.ts';

const names = ['proxy', 'auth', 'document'];

test('the closest name is at most two letters away', () => {
  const cases: Record<string, string> = {
    proxi: 'proxy',
    prxy: 'proxy',
    PROXYS: 'proxy',
    auht: 'auth',
    documnet: 'document',
    dokumentt: 'document',
    proxy: 'proxy',
  };
  for (const [text, name] of Object.entries(cases)) assert.equal(closestName(text, names), name, text);
});

test('a name with more words is closest to the one that it contains', () => {
  assert.equal(closestName('beforeDocument', names), 'document');
  assert.equal(closestName('authHook', names), 'auth');
});

test('a name that is unlike all others has no closest one', () => {
  for (const text of ['', 'provision', 'doc', 'constructor', '__proto__'])
    assert.equal(closestName(text, names), undefined);
});
