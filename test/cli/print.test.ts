import assert from 'node:assert/strict';
import { test } from 'node:test';
import { record, table } from '../../src/cli/output/print.ts';

test('what a terminal would obey is shown, not done', () => {
  assert.equal(table([{ name: '\u001b[2Ja\u0007\u009b\n' }], ''), 'name\n␛[2Ja␇<U+009B>\n');
  assert.equal(record({ name: 'a\u001b\nb', list: ['\u009b'] }), 'name  a␛\n      b\nlist  <U+009B>\n');
});
