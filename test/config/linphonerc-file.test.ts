import assert from 'node:assert/strict';
import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { LinphonercFile } from '../../src/config/linphonerc-file.ts';
import { findValue } from '../../src/lpconfig/document.ts';
import { openTestApp } from '../support/app.ts';
import { tempDirectory } from '../support/temp-directory.ts';
import { waitUntil } from '../support/wait-until.ts';

test('a broken file is refused with every mistake, by file and line', () => {
  const file = join(tempDirectory(), 'linphonerc');
  writeFileSync(file, '[sip]\nno equals sign\n[unclosed\nmedia_encryption=srtp\n');
  assert.throws(
    () => LinphonercFile.open(file),
    (error: Error) => {
      assert.match(error.message, new RegExp(`^${file}:2:.*no equals sign`, 'm'));
      assert.match(error.message, new RegExp(`^${file}:3:.*unclosed`, 'm'));
      return true;
    },
  );
});

test('a file that is missing, a directory or not text is refused by its name', () => {
  const directory = tempDirectory();
  const binary = join(directory, 'binary');
  writeFileSync(binary, Buffer.from([0x5b, 0xff, 0xfe, 0x5d]));
  for (const file of [join(directory, 'missing'), directory, binary]) {
    assert.throws(
      () => LinphonercFile.open(file),
      (error: Error) => error.message.includes(file),
    );
  }
});

test('a file that the server may not read is refused by its name', (t) => {
  const directory = tempDirectory();
  const file = join(directory, 'unreadable');
  writeFileSync(file, '[sip]\n', { mode: 0o000 });
  // Root may read everything, so it is somebody else for a moment.
  if (process.geteuid?.() === 0) {
    chmodSync(directory, 0o755);
    process.seteuid?.(65_534);
    t.after(() => process.seteuid?.(0));
  }
  assert.throws(
    () => LinphonercFile.open(file),
    (error: Error) => error.message.includes(file) && error.message.includes('EACCES'),
  );
});

test('a change counts within a second; a broken one leaves the last good text in force and is logged', async () => {
  const directory = tempDirectory();
  const file = join(directory, 'linphonerc');
  writeFileSync(file, '[sip]\nmedia_encryption=none\n');
  const t = await openTestApp(join(directory, 'ringup.sqlite'), { RINGUP_LINPHONERC: file });
  const served = async () => (await t.server.inject({ url: '/provisioning' })).body;
  assert.match(await served(), />none</);
  await sleep(20);
  writeFileSync(file, '[sip]\nmedia_encryption=srtp\n');
  assert.ok(await waitUntil(async () => />srtp</.test(await served()), 1_000));
  writeFileSync(file, '[sip\n');
  assert.ok(await waitUntil(() => t.logged().includes(`${file}:1:`), 1_000));
  assert.match(await served(), />srtp</);
  rmSync(file);
  assert.ok(await waitUntil(() => t.logged().includes('cannot be read'), 1_000));
  assert.match(await served(), />srtp</);
  writeFileSync(file, '[sip]\nmedia_encryption=zrtp\n');
  assert.ok(await waitUntil(async () => />zrtp</.test(await served()), 1_000));
  await t.close();
});

test('what a file says is found in its document', () => {
  const file = join(tempDirectory(), 'linphonerc');
  writeFileSync(file, '[sip]\nmedia_encryption=srtp\n; a comment to some\n');
  const linphonerc = LinphonercFile.open(file);
  assert.equal(findValue(linphonerc.document, 'sip', 'media_encryption'), 'srtp');
  assert.equal(linphonerc.warnings.length, 1);
  assert.equal(LinphonercFile.open(null).document.size, 0);
});
