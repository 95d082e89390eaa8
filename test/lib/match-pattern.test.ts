import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isPattern, matchesPattern } from '../../src/lib/match-pattern.ts';

for (const [pattern, text, matches] of [
  ['^[a-z]+$', 'abc', true],
  ['^[a-z]+$', 'ab1', false],
  ['^.$', '🛠', true],
  ['^\\p{L}+$', 'zoë', true],
  ['^\\d{3}$', '123', true],
  ['b', 'abc', true],
  ['^[a-z0-9+_.-]{1,64}$', 'a+b_c.d-1', true],
] as const) {
  test(`${text} ${matches ? 'matches' : 'does not match'} ${pattern}`, () => {
    assert.equal(matchesPattern(pattern, text), matches);
  });
}

for (const pattern of ['(', '(?=a)b', '(a)\\1', '(a{1000}){1000}', '(.?){1000}']) {
  test(`${pattern} is refused, because it cannot be matched in linear time`, () => {
    assert.equal(isPattern(pattern), false);
    assert.equal(matchesPattern(pattern, 'a'), undefined);
  });
}

// An engine that backtracks would need longer than the age of the universe.
for (const pattern of ['^(a+)+$', '^([a-z]+)*$', '^(\\w+\\s?)*$', '(x+x+)+y', '^(a|aa)+$', '^(a?){100}a{100}$']) {
  test(`${pattern} is matched quickly, however long the text is`, () => {
    assert.equal(matchesPattern(pattern, `${'a'.repeat(10_000)}!`), false);
    assert.equal(matchesPattern(pattern, `${'x'.repeat(10_000)}!`), false);
  });
}
