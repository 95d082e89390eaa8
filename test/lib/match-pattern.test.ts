import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Script } from 'node:vm';
import { isSlowPattern, matchesPattern } from '../../src/lib/match-pattern.ts';

for (const [pattern, text, matches] of [
  ['^[a-z]+$', 'abc', true],
  ['^[a-z]+$', 'ab1', false],
  ['^.$', '🛠', true],
  ['b', 'abc', true],
] as const) {
  test(`${text} ${matches ? 'matches' : 'does not match'} ${pattern}`, () => {
    assert.equal(matchesPattern(pattern, text), matches);
  });
}

test('a pattern that would take for ever is given up', () => {
  assert.equal(matchesPattern('^(a+)+$', `${'a'.repeat(127)}!`), undefined);
});

test('a pattern is not given up because other processes have the processor: it is tried again', (t) => {
  const run = t.mock.method(Script.prototype, 'runInContext');
  const timedOut = () => {
    throw Object.assign(new Error('timed out'), { code: 'ERR_SCRIPT_EXECUTION_TIMEOUT' });
  };
  for (let call = 0; call < 3; call += 1) run.mock.mockImplementationOnce(timedOut, call);
  assert.equal(matchesPattern('^[a-z]+$', 'abc'), true);
  assert.equal(run.mock.callCount(), 4);
});

test('a pattern that is none throws', () => {
  assert.throws(() => matchesPattern('(', 'a'));
});

test('a pattern that takes too long is told by trying it; an ordinary one is not', () => {
  for (const slow of ['^(a+)+$', '^([a-z]+)*$', '^(\\w+\\s?)*$']) assert.equal(isSlowPattern(slow), true, slow);
  for (const ordinary of ['^[a-z0-9+_.-]{1,64}$', '[0-9]{3,6}', '\\p{L}+', 'x.*']) {
    assert.equal(isSlowPattern(ordinary), false, ordinary);
  }
});
