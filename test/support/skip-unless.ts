import assert from 'node:assert/strict';
import { test } from 'node:test';

/**
 * Returns the option `skip` of tests that only some machines can run: false, or the reason why this one cannot. With
 * `CI=true`, also defines a test that fails with the reason.
 */
export function skipUnless(
  isPossible: boolean,
  reason: string,
  environment: NodeJS.ProcessEnv = process.env,
  define: typeof test = test,
): string | false {
  if (isPossible) return false;
  if (environment.CI === 'true') define('can be run on this machine', () => assert.fail(reason));
  return reason;
}
