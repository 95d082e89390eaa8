import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { lockDataDirectory } from '../../src/storage/serve-lock.ts';
import { tempDirectory } from '../support/temp-directory.ts';

test('the first start makes the data directory, for its owner alone', () => {
  const dataDir = join(tempDirectory(), 'var', 'data');
  lockDataDirectory(dataDir)();
  assert.equal(statSync(dataDir).mode & 0o777, 0o700);
});

test('a data directory has one server at a time', () => {
  const dataDir = tempDirectory();
  const unlock = lockDataDirectory(dataDir);
  assert.throws(() => lockDataDirectory(dataDir), { code: 'database-in-use' });
  unlock();
  lockDataDirectory(dataDir)();
});
