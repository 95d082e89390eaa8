import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { meantNumber, readDecimal, readInt } from '../../src/lpconfig/read-number.ts';

describe('a whole number in liblinphone', () => {
  const table: [text: string, number: number][] = [
    ['0', 0],
    ['5060', 5060],
    ['-2', -2],
    ['+7', 7],
    ['-0', 0],
    ['05060', 0o5060],
    ['08', 0],
    ['-017', -15],
    ['000', 0],
    ['0x500', 0x500],
    ['+0x500', 0x500],
    ['-0X1f', -31],
    ['0x', 0],
    ['2147483647', 2_147_483_647],
    ['2147483648', -2_147_483_648],
    ['4294967296', 0],
    ['4294967301', 5],
    ['-2147483649', 2_147_483_647],
    ['0xffffffff', -1],
    ['99999999999999999999', -1],
    ['-99999999999999999999', 0],
    ['30s', 30],
    ['', 0],
    ['yes', 0],
  ];
  for (const [text, number] of table) {
    test(`is read from ${JSON.stringify(text)} as ${number}`, () => assert.equal(readInt(text), number));
  }
});

describe('a number that liblinphone reads from decimal digits alone', () => {
  const table: [text: string, number: bigint][] = [
    ['010', 10n],
    ['+08', 8n],
    ['-08', -8n],
    ['0x10', 0n],
    ['2147483648', 2_147_483_648n],
    ['99999999999999999999', 2n ** 63n - 1n],
    ['-99999999999999999999', -(2n ** 63n)],
    ['yes', 0n],
  ];
  for (const [text, number] of table) {
    test(`is read from ${JSON.stringify(text)} as ${number}`, () => assert.equal(readDecimal(text), number));
  }
});

test('leading zeros do not make the number that an author means octal; 0x makes it hexadecimal', () => {
  assert.deepEqual(['010', '-08', '+0x10', '-0x10'].map(meantNumber), [10n, -8n, 16n, -16n]);
});
