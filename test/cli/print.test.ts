import assert from 'node:assert/strict';
import { test } from 'node:test';
import { record, table } from '../../src/cli/output/print.ts';

test('what a terminal would obey is shown, not done', () => {
  assert.equal(table([{ name: '\u001b[2Ja\u0007\u009b\n' }], ''), 'name\n\ufffd[2Ja\ufffd\ufffd\n');
  assert.equal(record({ name: 'a\u001b\nb' }), 'name  a\ufffd\n      b\n');
});
