import assert from 'node:assert/strict';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { openApp } from '../../src/app.ts';
import { LinphonercFile } from '../../src/config/linphonerc-file.ts';
import { loadSettings } from '../../src/config/load-config.ts';
import { AppError } from '../../src/errors.ts';
import { createLogger } from '../../src/lib/logger.ts';
import { openTestApp } from '../support/app.ts';
import { sqliteUrl } from '../support/databases.ts';
import { tempDirectory } from '../support/temp-directory.ts';
import { waitUntil } from '../support/wait-until.ts';

// One database: the file is read before any database is opened.

describe('the linphonerc of the instance', () => {
  const broken: readonly [what: string, make: (path: string) => unknown, message: RegExp][] = [
    ['that is missing', () => {}, /cannot be read: there is no such file/],
    ['in whose place is a directory', (path) => mkdirSync(path), /cannot be read: it is a folder/],
    [
      'whose path leads through a file',
      (path) => writeFileSync(path, ''),
      /cannot be read: a part of its path is not a folder/,
    ],
    ['that is a link to nowhere', (path) => symlinkSync(`${path}.gone`, path), /cannot be read: there is no such file/],
    [
      'that is a link to itself',
      (path) => symlinkSync(path, path),
      /cannot be read: it is a link that leads to itself/,
    ],
    ['that is a socket', (path) => listenAt(path), /cannot be read: (ENXIO|EOPNOTSUPP)/],
    [
      'that may not be read',
      (path) => writeFileSync(path, '[a]\nb\n', { mode: 0o000 }),
      /cannot be read: its permissions refuse it|:2:1: /,
    ],
    ['with a key before any section', (path) => writeFileSync(path, 'a=1\n'), /:1:1: .*: a=1$/],
    ['with a line that is no entry', (path) => writeFileSync(path, '[a]\nb=1\n\nno entry\n'), /:4:1: .*: no entry$/],
    ['with an unclosed section', (path) => writeFileSync(path, '[a\n'), /:1:\d+: .*: \[a$/],
    ['with an empty section name', (path) => writeFileSync(path, '[]\n'), /:1:\d+: /],
    ['with a name that is not allowed', (path) => writeFileSync(path, '[a]\nb(c=1\n'), /:2:1: .*: b\(c=1$/],
    ['with an empty name', (path) => writeFileSync(path, '[a]\n=1\n'), /:2:1: /],
    ['with a control character', (path) => writeFileSync(path, '[a]\nb=\u0007\n'), /:2:\d+: /],
    ['with a zero byte', (path) => writeFileSync(path, '[a]\nb=\0\n'), /:2:\d+: /],
    ['that is not UTF-8', (path) => writeFileSync(path, Buffer.from('[a]\nb=\xe9\n', 'latin1')), /:2:\d+: .*UTF-8/],
    [
      'with an entry that is too long',
      (path) => writeFileSync(path, `[a]\nb=${'x'.repeat(20_000)}\n`),
      /:2:\d+: .*16000 bytes/,
    ],
  ];
  for (const [what, make, message] of broken) {
    test(`stops the start if it is a file ${what}: the error says where, and nothing is created`, async () => {
      const data = join(tempDirectory(), 'data');
      const path = join(tempDirectory(), 'linphonerc');
      const listening = await make(path);
      const file = what === 'whose path leads through a file' ? join(path, 'linphonerc') : path;
      const settings = loadSettings({ RINGUP_DATA_DIR: data, RINGUP_LINPHONERC: file });
      await assert.rejects(
        openApp(settings, { log: createLogger('silent', { write: () => {} }) }),
        (error) =>
          error instanceof AppError &&
          error.code === 'linphonerc-broken' &&
          message.test(error.message) &&
          error.message.includes(file),
      );
      assert.ok(!existsSync(data));
      if (listening !== undefined) (listening as ReturnType<typeof createServer>).close();
    });
  }

  test('stops the start with an error that names all of its mistakes', async () => {
    const file = join(tempDirectory(), 'linphonerc');
    writeFileSync(file, 'a=1\n[b]\nc\n; skipped\nd=\u0001\n');
    const settings = loadSettings({ RINGUP_DATA_DIR: tempDirectory(), RINGUP_LINPHONERC: file });
    await assert.rejects(openApp(settings, { log: createLogger('silent', { write: () => {} }) }), (error) => {
      const lines = error instanceof Error ? error.message.split('\n') : [];
      assert.deepEqual(
        lines.map((line) => line.slice(file.length).split(':')[1]),
        ['1', '3', '5'],
      );
      return true;
    });
  });
});

test('a linphonerc that becomes unreadable while the server runs leaves its last valid version in force', async () => {
  const file = join(tempDirectory(), 'linphonerc');
  const replace = (text: string): void => {
    writeFileSync(`${file}.new`, text);
    renameSync(`${file}.new`, file);
  };
  replace('[ui]\ngood=1\n');
  const t = await openTestApp(sqliteUrl(join(tempDirectory(), 'ringup.sqlite')), { RINGUP_LINPHONERC: file });
  const base = async () => (await t.server.inject({ url: '/provisioning' })).body;
  const good = await base();
  assert.match(good, /name="good"/);
  for (const breakIt of [
    () => replace('[ui]\nbroken\n'),
    () => replace('[ui]\ngood=\u0000\n'),
    () => rmSync(file),
    () => mkdirSync(file),
  ]) {
    breakIt();
    assert.throws(() => t.app.linphonerc.refresh(), AppError);
    assert.equal(await base(), good);
  }
  rmSync(file, { recursive: true });
  replace('[ui]\nbetter=1\n');
  assert.ok(await waitUntil(async () => /name="better"/.test(await base())));
  await t.close();
});

test('a linphonerc whose permissions change while the server runs is read again', async () => {
  const file = join(tempDirectory(), 'linphonerc');
  writeFileSync(file, '[ui]\nold=1\n');
  utimesSync(file, 1, 1);
  const linphonerc = LinphonercFile.open(file);
  const text = () => [...(linphonerc.document.get('ui')?.keys() ?? [])];
  assert.deepEqual(text(), ['old']);
  // Root can read every file. So another text stands for one that can be read at last: size, mtime and inode stay.
  writeFileSync(file, '[ui]\nnew=1\n');
  utimesSync(file, 1, 1);
  assert.ok(
    await waitUntil(() => {
      chmodSync(file, 0o600);
      linphonerc.refresh();
      return text()[0] === 'new';
    }),
  );
});

test('a linphonerc whose path cannot be followed while the server runs is named once, and read once it can', () => {
  const folder = join(tempDirectory(), 'folder');
  mkdirSync(folder);
  const file = join(folder, 'linphonerc');
  writeFileSync(file, '[ui]\na=1\n');
  const linphonerc = LinphonercFile.open(file);
  renameSync(folder, `${folder}.away`);
  symlinkSync(folder, folder);
  assert.throws(() => linphonerc.refresh(), {
    code: 'linphonerc-broken',
    message: /it is a link that leads to itself/,
  });
  linphonerc.refresh();
  rmSync(folder);
  renameSync(`${folder}.away`, folder);
  linphonerc.refresh();
  assert.equal(linphonerc.document.size, 1);
});

async function listenAt(path: string) {
  const server = createServer().listen(path);
  await once(server, 'listening');
  return server;
}
