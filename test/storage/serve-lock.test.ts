import assert from 'node:assert/strict';
import { linkSync, mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { lockSqliteFile } from '../../src/storage/serve-lock.ts';
import { tempDirectory } from '../support/temp-directory.ts';

const newFile = () => join(tempDirectory(), 'ringup.sqlite');

test('the first start creates the data directory, accessible only to its owner', () => {
  const dataDir = join(tempDirectory(), 'var', 'data');
  lockSqliteFile(join(dataDir, 'ringup.sqlite'))();
  assert.equal(statSync(dataDir).mode & 0o777, 0o700);
});

test('a SQLite file has one server at a time', () => {
  const file = newFile();
  const unlock = lockSqliteFile(file);
  assert.throws(() => lockSqliteFile(file), { code: 'database-in-use' });
  unlock();
  lockSqliteFile(file)();
});

test('a SQLite file has one server at a time, whatever names symbolic links give it or its folder', () => {
  const folder = tempDirectory();
  const file = join(folder, 'ringup.sqlite');
  const unlock = lockSqliteFile(file);
  const elsewhere = tempDirectory();
  symlinkSync(file, join(elsewhere, 'ringup.sqlite'));
  symlinkSync(folder, join(elsewhere, 'folder'));
  for (const name of ['ringup.sqlite', 'folder/ringup.sqlite']) {
    assert.throws(() => lockSqliteFile(join(elsewhere, name)), { code: 'database-in-use' }, name);
  }
  unlock();
  lockSqliteFile(join(elsewhere, 'ringup.sqlite'))();
});

test('a SQLite file with a second hard link is refused, because SQLite would keep changes for each name', () => {
  const file = newFile();
  lockSqliteFile(file)();
  linkSync(file, join(tempDirectory(), 'ringup.sqlite'));
  assert.throws(() => lockSqliteFile(file), { code: 'database-linked', message: /2 names/ });
});

test('a damaged lock file that no server holds is named with what is wrong', () => {
  const damaged = newFile();
  const lock = join(damaged, '..', 'serve.lock');
  writeFileSync(lock, 'this is no lock, but a text that somebody wrote over it\n'.repeat(20));
  assert.throws(() => lockSqliteFile(damaged), {
    code: 'file-unusable',
    message: new RegExp(
      `^${lock} is damaged, or Ringup did not make it \\(file is not a database\\): make sure .+ delete this file\\.$`,
    ),
  });
  const blocked = newFile();
  mkdirSync(join(blocked, '..', 'serve.lock'));
  assert.throws(() => lockSqliteFile(blocked), {
    code: 'file-unusable',
    message: /serve\.lock cannot be used: EISDIR/,
  });
});
