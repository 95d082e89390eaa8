import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseInstant } from '../../src/lib/parse-instant.ts';

const noon = Date.UTC(2026, 0, 31, 12);

for (const [text, expected] of [
  ['2026-01-31', Date.UTC(2026, 0, 31)],
  ['2026-01-31T12:00Z', noon],
  ['2026-01-31T12:00:00Z', noon],
  ['2026-01-31T12:00:00.000Z', noon],
  ['2026-01-31T13:00:00+01:00', noon],
  ['2026-01-31T12:00:00', noon],
  ['2026-01-31T12:00', noon],
  ['2028-02-29', Date.UTC(2028, 1, 29)],
  ['2026-02-29', undefined],
  ['2026-02-30T12:00Z', undefined],
  ['2026-06-31', undefined],
  ['2026-13-31', undefined],
  ['2026-01-31T25:00', undefined],
  ['2026-01-31 12:00', undefined],
  ['31.1.2026', undefined],
  ['', undefined],
] as const) {
  test(`"${text}" is read as ${expected === undefined ? 'no instant' : new Date(expected).toISOString()}`, () => {
    assert.equal(parseInstant(text), expected);
  });
}
