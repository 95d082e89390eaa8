import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseId } from '../../src/lib/parse-id.ts';

test('an id is a decimal number from 1 to the maximum of a column, without any other characters', () => {
  for (const [text, id] of [
    ['1', 1],
    ['1234567890', 1_234_567_890],
    ['2147483647', 2_147_483_647],
  ] as const) {
    assert.equal(parseId(text), id);
  }
  for (const text of ['', '0', '-1', '+1', '01', '1.0', '1e3', '0x1', ' 1', '1\n', 'x', '2147483648', '9'.repeat(30)]) {
    assert.equal(parseId(text), undefined, JSON.stringify(text));
  }
});
