import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { formatDuration, parseDuration } from '../../src/lib/duration.ts';

const day = 86_400_000;

describe('a duration', () => {
  for (const [text, milliseconds] of [
    ['0', 0],
    ['90s', 90_000],
    ['15m', 900_000],
    ['1h', 3_600_000],
    ['7d', 7 * day],
    ['2w', 14 * day],
    ['36525d', 36_525 * day],
  ] as const) {
    test(`${text} is ${milliseconds} milliseconds`, () => {
      assert.equal(parseDuration(text), milliseconds);
    });
  }

  const refused = [
    '',
    '7',
    '00',
    '0s',
    '0m',
    '00d',
    'd',
    '-1d',
    '+1d',
    '1.5h',
    '1 h',
    ' 1h',
    '1h ',
    '1h\n',
    '1H',
    '1y',
    '1ms',
    '1h30m',
    '1e3s',
    '٧d',
  ];
  for (const text of [...refused, '36526d', '9999999999s', '99999999999999999999s', '1'.repeat(100_000)]) {
    test(`${JSON.stringify(text.slice(0, 30))} is not a duration`, () => {
      assert.equal(parseDuration(text), undefined);
    });
  }
});

describe('a shown duration', () => {
  for (const [milliseconds, text] of [
    [0, '0'],
    [-5000, '0'],
    [499, '0'],
    [1499, '1s'],
    [90_000, '90s'],
    [120_000, '2m'],
    [5_400_000, '90m'],
    [7 * day, '7d'],
    [14 * day, '14d'],
  ] as const) {
    test(`is ${text} for ${milliseconds} milliseconds`, () => {
      assert.equal(formatDuration(milliseconds), text);
    });
  }

  test('can be parsed back into the same whole seconds', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 3_155_760_000 }), (seconds) => {
        assert.equal(parseDuration(formatDuration(seconds * 1000)), seconds * 1000);
      }),
    );
  });
});
