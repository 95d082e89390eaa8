import assert from 'node:assert/strict';
import { test } from 'node:test';
import { progressOf } from '../../src/importing/watch-import.ts';

const counts = { create: 50, update: 0, unchanged: 0, skipped: 0, refused: 2 };

test('a running import never says that all rows are in', () => {
  const at = (written: number) => progressOf({ state: 'running', written, rows: 52, counts });
  assert.deepEqual([0, 12, 49, 50].map(at), ['0/50', '12/50', '49/50', '49/50']);
  assert.equal(progressOf({ state: 'checking', written: 0, rows: 52, counts }), '0/52');
  assert.equal(progressOf({ state: 'running', written: 0, rows: 2, counts }), '0/0');
});
