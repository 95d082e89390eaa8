import assert from 'node:assert/strict';
import fs, { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { effectiveSecret } from '../../src/config/secret.ts';
import { tempDirectory } from '../support/temp-directory.ts';

describe('a data directory where files cannot have two names', () => {
  const refuseLinks = (t: TestContext, before: () => void = () => {}) => {
    t.mock.method(fs, 'linkSync', () => {
      before();
      throw Object.assign(new Error('EPERM: operation not permitted, link'), { code: 'EPERM', syscall: 'link' });
    });
    syncBuiltinESMExports();
    t.after(() => {
      t.mock.restoreAll();
      syncBuiltinESMExports();
    });
  };

  test('gets its secret at the first start', (t) => {
    refuseLinks(t);
    const dataDir = tempDirectory();
    const secret = effectiveSecret({ secret: null, dataDir });
    assert.ok(secret.length >= 32);
    assert.deepEqual(readdirSync(dataDir), ['secret']);
    assert.equal(readFileSync(join(dataDir, 'secret'), 'utf8').trim(), secret);
    assert.equal(statSync(join(dataDir, 'secret')).mode & 0o777, 0o600);
  });

  test('keeps the secret of another first start, which is awaited until it is complete', (t) => {
    const dataDir = tempDirectory();
    const file = join(dataDir, 'secret');
    const waits = t.mock.method(Atomics, 'wait', () => {
      if (waits.mock.callCount() === 2) writeFileSync(file, `${'o'.repeat(64)}\n`);
      return 'timed-out';
    });
    refuseLinks(t, () => writeFileSync(file, ''));
    assert.equal(effectiveSecret({ secret: null, dataDir }), 'o'.repeat(64));
    assert.deepEqual(readdirSync(dataDir), ['secret']);
    // One that reads it first waits as well.
    writeFileSync(file, '');
    waits.mock.resetCalls();
    assert.equal(effectiveSecret({ secret: null, dataDir }), 'o'.repeat(64));
  });

  test('has no empty secret after a start that could not complete it', (t) => {
    refuseLinks(t);
    t.mock.method(fs, 'renameSync', () => {
      throw Object.assign(new Error('EIO: i/o error, rename'), { code: 'EIO', syscall: 'rename' });
    });
    syncBuiltinESMExports();
    const dataDir = tempDirectory();
    assert.throws(() => effectiveSecret({ secret: null, dataDir }), /EIO/);
    assert.deepEqual(readdirSync(dataDir), []);
  });
});

test('an empty secret is refused rather than replaced', (t) => {
  t.mock.method(Atomics, 'wait', () => 'timed-out');
  const dataDir = tempDirectory();
  writeFileSync(join(dataDir, 'secret'), '');
  assert.throws(() => effectiveSecret({ secret: null, dataDir }), /secret is empty, but needs at least 32/);
  assert.equal(readFileSync(join(dataDir, 'secret'), 'utf8'), '');
});
