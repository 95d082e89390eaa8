import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onceFor } from '../../src/lib/once-for.ts';

test('a value is computed once for each key, even if it is undefined', () => {
  const calls: string[] = [];
  const remembered = onceFor((key: { name: string }, value: string | undefined) => {
    calls.push(key.name);
    return value;
  });
  const [first, second] = [{ name: 'first' }, { name: 'second' }];
  assert.equal(remembered(first, 'a'), 'a');
  assert.equal(remembered(first, 'a'), 'a');
  assert.equal(remembered(second, undefined), undefined);
  assert.equal(remembered(second, undefined), undefined);
  assert.deepEqual(calls, ['first', 'second']);
});
