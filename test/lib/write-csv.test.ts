import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readCsv } from '../../src/lib/read-csv.ts';
import { csvLine, withoutApostrophe } from '../../src/lib/write-csv.ts';

/** The cells of a line as a spreadsheet reads them that divides it at semicolons: a quotation mark counts at a beginning. */
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

test('no cell of a table is a formula, even if semicolons separate the cells', () => {
  for (const value of values) {
    for (const cell of cellsAtSemicolons(csvLine(['user', value, 'end']))) assert.doesNotMatch(cell, /^[=+\-@]/, value);
  }
});

test('reading a cell gives back what was written to it', () => {
  for (const value of values) {
    const [row] = readCsv(csvLine(['user', value, 'end']), ',');
    assert.equal(withoutApostrophe(row?.cells[1] ?? ''), value);
  }
});
