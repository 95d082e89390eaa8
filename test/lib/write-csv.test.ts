import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readCsv } from '../../src/lib/read-csv.ts';
import { csvLine, withoutApostrophe } from '../../src/lib/write-csv.ts';
import { assertGrowsLinearly } from '../support/growth.ts';

/**
 * The cells of a line as a spreadsheet reads them that divides it at semicolons: a quotation mark counts at a
 * beginning.
 */
function cellsAtSemicolons(line: string): string[] {
  return line.split(/[;\r\n]/).map((cell) => cell.replace(/^(["\s]*)/, ''));
}

const values = [
  '=1+1',
  'x;=1+1;y',
  ';=HYPERLINK("http://x.test")',
  'x";"=1+1&"',
  'x; =1',
  'x\n=1+1',
  'x\r\n@SUM(1)',
  "x;'=1",
  "''=1;''=1",
  "x;'y",
];

/** Texts of the characters that separate, quote or begin a formula. */
const sign = fc.constantFrom(...';|\t\r\n "=+-@\'x1\u00a0');
const anyCell = fc.array(sign, { maxLength: 12 }).map((signs) => signs.join(''));

test('no cell of a table is a formula, even if semicolons separate the cells', () => {
  for (const value of values) {
    for (const cell of cellsAtSemicolons(csvLine(['user', value, 'end']))) assert.doesNotMatch(cell, /^[=+\-@]/, value);
  }
  fc.assert(
    fc.property(anyCell, (value) => {
      for (const cell of cellsAtSemicolons(csvLine(['user', value, 'end']))) assert.doesNotMatch(cell, /^[=+\-@]/);
    }),
    { numRuns: 2_000 },
  );
});

test('reading a cell gives back what was written to it', () => {
  for (const value of values) {
    const [row] = readCsv(csvLine(['user', value, 'end']), ',');
    assert.equal(withoutApostrophe(row?.cells[1] ?? ''), value);
  }
  fc.assert(
    fc.property(anyCell, (value) => {
      const [row] = readCsv(csvLine(['user', value, 'end']), ',');
      assert.equal(withoutApostrophe(row?.cells[1] ?? ''), value);
    }),
    { numRuns: 2_000 },
  );
});

test('a cell takes time that grows only with its length, to write and to read', () => {
  for (const piece of [' ', '\t', '\t"', '\r\n', ';', ';"', "\t'", "';=", "'=", '=']) {
    for (const end of ['x', '=', "'="]) {
      const cellOf = (size: number) => piece.repeat(size / piece.length) + end;
      assertGrowsLinearly((size) => [cellOf(size)], csvLine, 30_000, `writing ${JSON.stringify(piece + end)}`);
      assertGrowsLinearly(cellOf, withoutApostrophe, 30_000, `reading ${JSON.stringify(piece + end)}`);
    }
  }
});
