import assert from 'node:assert/strict';
import { test } from 'node:test';
import { skipUnless } from './skip-unless.ts';

test('a machine that cannot run a test skips it with the reason, and fails with `CI=true`', () => {
  assert.equal(skipUnless(true, 'no disks', { CI: 'true' }), false);
  assert.equal(skipUnless(false, 'no disks', {}), 'no disks');
  assert.throws(() => skipUnless(false, 'no disks', { CI: 'true' }), /^Error: no disks$/);
});
