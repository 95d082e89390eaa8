import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { columnsOf } from '../../src/importing/columns.ts';
import { derivedUsername } from '../../src/importing/derived-username.ts';
import { foreignText } from '../../src/importing/foreign-file.ts';
import { openText } from '../../src/importing/open-table.ts';
import { readRow } from '../../src/importing/read-row.ts';
import { Surveyor } from '../../src/importing/survey-table.ts';
import { assertGrowsLinearly } from '../support/growth.ts';

const header = 'username,name,email,phone,note,group\n';

describe('the time to read a table grows only with its size:', () => {
  test('the search for its header', () => {
    for (const [before, size] of [
      ['\n', 400_000],
      ['\r\n', 400_000],
      [' \n', 60_000],
      ['#\n', 60_000],
    ] as const) {
      const open = (text: string) => {
        const isFound = text.length < 2_000 || /^[\r\n]*u/.test(text);
        if (isFound) assert.equal(openText(text).header.length, 6);
        else assert.throws(() => openText(text), /no line with the names/);
      };
      assertGrowsLinearly((each) => before.repeat(each / before.length) + header, open, size, JSON.stringify(before));
    }
  });

  test('a header and rows full of brackets', () => {
    for (const piece of ['[', '[[a', ']']) {
      const cells = (size: number) => piece.repeat(size / piece.length);
      assertGrowsLinearly((size) => `username,${cells(size)}\na,b\n`, openText, 9_900, piece);
      const read = (text: string) => [...openText(text).pages()];
      assertGrowsLinearly((size) => `username,name\n[${cells(size)},b\n`, read, 9_900, piece);
    }
  });

  test('many columns for phone numbers with long counts', () => {
    const headerOf = (size: number) => Array.from({ length: size }, (_, at) => `phone${at}${'1'.repeat(4_000)}value`);
    const read = (names: readonly string[]) => columnsOf(names, new Surveyor(names).survey);
    assertGrowsLinearly(headerOf, read, 200);
  });

  test('a row, whatever its cells are full of', () => {
    const names = header.trim().split(',');
    const survey = new Surveyor(names).survey;
    const context = {
      columns: columnsOf(names, survey),
      survey,
      space: { domain: 'x.test', effectiveRealm: 'x.test' },
    };
    const cellsOf = (piece: string) => (size: number) => names.map(() => `a${piece.repeat(size / piece.length)}!`);
    for (const piece of ['\t', ' ', '\t"', "\t'", ';', ',', '@', '.', '-', '[', '1', 'x', '?', '\u00a0']) {
      const read = (cells: readonly string[]) => derivedUsername(readRow(cells, context).fields);
      assertGrowsLinearly(cellsOf(piece), read, 9_900, JSON.stringify(piece));
    }
  });

  test('what kind of file it may be, by its beginning', () => {
    for (const piece of ['\n', ' \n ', '-', '( [ ', '[a](', '[', 'a ', ');']) {
      const textOf = (size: number) => `x\n${piece.repeat(size / piece.length)}\n]`;
      assertGrowsLinearly(textOf, foreignText, 3_900, JSON.stringify(piece));
    }
  });
});

test('a header may have a thousand comments before it, but not thousands', () => {
  assert.equal(openText(`${'# comment\n'.repeat(1_000)}${header}a\n`).line, 1_001);
  assert.throws(() => openText(`${'# comment\n'.repeat(1_001)}${header}a\n`), /no line with the names/);
});

test('others have a turn while a table is read, also over lines that are no rows and over long rows', () => {
  for (const [line, count] of [
    ['#\n', 40_000],
    ['\ttotal\n', 40_000],
    [`a,${'x'.repeat(9_000)}\n`, 200],
    ['a,b\n', 2_000],
  ] as const) {
    const pages = [...openText(`${header}${line.repeat(count)}z,z\n`).pages()];
    assert.ok(pages.length > 7, `${pages.length} pages for ${line.slice(0, 10)}`);
    assert.deepEqual(pages.flat().at(-1)?.cells, ['z', 'z']);
  }
});
