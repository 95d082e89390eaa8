import assert from 'node:assert/strict';
import { test } from 'node:test';
import v8 from 'node:v8';
import { readFile } from './read-file.ts';

test('a row with more cells than a table may have is refused, wherever it stands', () => {
  assert.throws(() => readFile(`username${',c'.repeat(1_000_000)}\na\n`), /Line 1 is too long/);
  assert.throws(() => readFile(`username,name\na,A\nb,B${','.repeat(1_000_000)}\n`), /Line 3 is too long/);
  assert.equal(readFile(`username${',c'.repeat(199)}\na\n`).rows.length, 1);
});

test('a row that is longer than a table may have is refused', () => {
  assert.throws(() => readFile(`username,name\na,${'x'.repeat(19_000_000)}\n`), /Line 2 is too long/);
  assert.throws(() => readFile(`username,name\na,"${'""'.repeat(4_000_000)}"\n`), /Line 2 is too long/);
  assert.throws(() => readFile(`a,"${'""'.repeat(4_000_000)}`), /The quotation mark in line 1 is never closed/);
});

test('a file with more lines than a table may have is refused, even if they are not rows', () => {
  for (const line of ['\n', '\r', '#\r\n']) {
    assert.throws(() => readFile(`username,name\na,A\n${line.repeat(500_001)}`), /more than 500000 lines/);
  }
  assert.equal(readFile(`username,name\na,A\n${'\n'.repeat(499_000)}b,B\n`).rows.length, 2);
});

test('millions of quotation marks are read in the memory of a server', () => {
  const old = v8.getHeapStatistics().total_heap_size;
  assert.throws(() => readFile(`username,name\na,"${'""'.repeat(9_000_000)}"\n`), /Line 2 is too long/);
  assert.ok(v8.getHeapStatistics().total_heap_size - old < 64 * 1024 * 1024);
  const [row] = readFile(`username,note\na,"${'x""'.repeat(4_000)}"\n`).rows;
  assert.equal(row?.fields.note, 'x"'.repeat(4_000));
});

test('a cell that is too long is refused on its column, and only as much of it is kept', () => {
  const { rows } = readFile(`username,name,note\na,Ada,${'x'.repeat(10_001)}\nb,Bo,${'x'.repeat(10_000)}\n`);
  assert.deepEqual(rows[0], { line: 2, fields: { username: 'a', name: 'Ada' }, wrong: ['note: too-long'] });
  assert.equal(rows[1]?.fields.note?.length, 10_000);
});

test('quotation marks within a cell are read however many there are', () => {
  const { rows } = readFile(`username,name,note\na,"Ada ""A""",${'"""x"""'}\nb,"Bo" Berg,5" screen\n`);
  assert.deepEqual(
    rows.map(({ fields }) => [fields.name, fields.note]),
    [
      ['Ada "A"', '"x"'],
      ['Bo Berg', '5" screen'],
    ],
  );
});
