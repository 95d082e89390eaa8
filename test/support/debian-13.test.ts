import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { debian13 } from './debian-13.ts';

test('the tests look for Debian 13 where the script creates it by default', (t) => {
  if (process.env.TEST_CACHE !== undefined) return t.skip('TEST_CACHE says where');
  const script = readFileSync(join(import.meta.dirname, '../../.ci/make-debian-13'), 'utf8');
  assert.ok(script.includes(`cache=\${TEST_CACHE:-${dirname(debian13)}}\nroot=$cache/debian-13\n`));
});
