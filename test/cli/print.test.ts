import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { record, table, widthOf } from '../../src/cli/output/print.ts';
import { textWidth } from '../../src/lib/text-width.ts';

const usual = { width: 80 };

test('control characters are printed visibly, so that a terminal does not obey them', () => {
  assert.equal(table(usual, [{ name: '\u001b[2Ja\u0007\u009b\n' }], ''), 'name\n␛[2Ja␇<U+009B>\n');
  assert.equal(record(usual, { name: 'a\u001b\nb', list: ['\u009b'] }), 'name  a␛\n      b\nlist  <U+009B>\n');
});

describe('a table', () => {
  test('is as wide as the terminal, or as COLUMNS says, or 80 columns', () => {
    assert.equal(widthOf({ columns: 132, environment: { COLUMNS: '40' } }), 132);
    assert.equal(widthOf({ environment: { COLUMNS: '40' } }), 40);
    for (const COLUMNS of [undefined, '', '0', 'wide', '-3']) assert.equal(widthOf({ environment: { COLUMNS } }), 80);
  });

  test('cuts the widest cells, with an ellipsis at their ends', () => {
    const rows = [{ id: 7, account: 'alice@sip.example.test', name: 'n'.repeat(100), state: 'active' }];
    const [heading = '', row = '', ...rest] = table(usual, rows, '').split('\n');
    assert.match(row, /^7 {3}alice@sip\.example\.test {2}n+… {2}active$/);
    assert.equal(textWidth(row), 80);
    assert.match(heading, /^id {2}account +name +state$/);
    assert.deepEqual(rest, ['']);
  });

  test('cuts texts before it cuts times and numbers', () => {
    const at = new Date(2026, 0, 31, 13, 5);
    const rows = [{ id: 1_234_567, name: 'n'.repeat(30), from: at, until: at }];
    const row = table({ width: 66 }, rows, '').split('\n')[1] ?? '';
    assert.match(row, /^1234567 {2}n+… {2}2026-01-31 13:05[+-]\d\d:\d\d {2}2026-01-31 13:05[+-]\d\d:\d\d$/);
  });

  test('may have hundreds of thousands of rows', () => {
    const rows = Array.from({ length: 200_000 }, (_, index) => ({ id: index, name: 'n' }));
    const lines = table(usual, rows, '').split('\n');
    assert.deepEqual([lines[0], lines[1], lines[200_000]], ['id      name', '0       n', '199999  n']);
  });

  test('is not cut if its width is unlimited', () => {
    const rows = [{ name: 'n'.repeat(1_000), other: 'x'.repeat(1_000) }];
    assert.equal(table({ width: Number.POSITIVE_INFINITY }, rows, '').includes('…'), false);
  });

  test('keeps its columns aligned with characters that take two columns, or none', () => {
    const names = ['日本語', '👩‍👩‍👧 家族', 'e\u0301te\u0301', '한국', 'plain'];
    const lines = table(
      usual,
      names.map((name) => ({ name, state: 'active' })),
      '',
    )
      .trimEnd()
      .split('\n');
    const column = textWidth('👩‍👩‍👧 家族') + 2;
    for (const line of lines.slice(1)) {
      assert.equal(textWidth(line.slice(0, line.indexOf('active'))), column, line);
    }
  });

  test('cuts between characters, never within one', () => {
    for (let width = 6; width < 30; width += 1) {
      const name = '日本語👩‍👩‍👧e\u0301é한국'.repeat(3);
      const line = table({ width }, [{ name }], '').trimEnd().split('\n')[1] ?? '';
      assert.ok(textWidth(line) <= width && line.endsWith('…'), line);
      const kept = line.slice(0, -1);
      assert.ok(name.startsWith(kept) && !/^[\u200d\u0301\udc00-\udfff]/.test(name.slice(kept.length)), line);
    }
  });
});

describe('a record', () => {
  test('shows times to the minute in the local time zone, with its offset', () => {
    const before = process.env.TZ;
    for (const [zone, shown] of [
      ['Europe/Berlin', '2026-07-31 14:05+02:00'],
      ['America/St_Johns', '2026-07-31 09:35-02:30'],
      ['UTC', '2026-07-31 12:05+00:00'],
    ] as const) {
      process.env.TZ = zone;
      assert.equal(record(usual, { created_at: '2026-07-31T12:05:59.999Z' }), `created_at  ${shown}\n`);
    }
    if (before === undefined) delete process.env.TZ;
    else process.env.TZ = before;
  });

  test('breaks long values between words', () => {
    const text = record({ width: 30 }, { name: 'one two three four five six seven eight', id: 1 });
    assert.equal(text, 'name  one two three four five\n      six seven eight\nid    1\n');
  });
});
