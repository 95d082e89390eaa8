import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { skipUnless } from './skip-unless.ts';

test('a machine that cannot run a test skips it with the reason, and fails with `CI=true`', () => {
  const define = mock.fn((_title: string, run: () => void) => run());
  const asked = (isPossible: boolean, environment: NodeJS.ProcessEnv) =>
    skipUnless(isPossible, 'no disks', environment, define as unknown as typeof test);
  assert.equal(asked(true, { CI: 'true' }), false);
  assert.equal(asked(false, {}), 'no disks');
  assert.throws(() => asked(false, { CI: 'true' }), /no disks/);
  assert.equal(define.mock.callCount(), 1);
});
