import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { databaseKinds } from '../support/databases.ts';
import { tempDirectory } from '../support/temp-directory.ts';

const launcher = fileURLToPath(new URL('../../bin/ringup.cjs', import.meta.url));
const [sqlite] = databaseKinds;

/** Mounts of the command's own, which end with it. */
const ownMounts = ['--mount', ...(process.getuid?.() === 0 ? [] : ['--map-root-user'])];
const canMount = spawnSync('unshare', [...ownMounts, 'true']).status === 0;

/** What mounts something on the data directory; `$1` has what it contained. */
const mounts = {
  readOnly: 'mount --bind "$1" "$1" && mount -o remount,ro,bind "$1"',
  full: 'cp -r "$1" "$1.copy" && mount -t tmpfs -o size=1m tmpfs "$1" && cp -r "$1.copy"/. "$1" && (cat /dev/zero >"$1/filler" 2>/dev/null || true)',
} as const;

/** Runs a command with its data directory on such a mount. */
function runOn(mount: keyof typeof mounts, folder: string, command: string) {
  const script = `${mounts[mount]} && shift && exec "$@"`;
  const { status, stderr } = spawnSync(
    'unshare',
    [...ownMounts, 'sh', '-c', script, 'sh', folder, process.execPath, launcher, ...command.split(' ')],
    { env: { PATH: process.env.PATH, RINGUP_DATA_DIR: folder }, encoding: 'utf8', timeout: 60_000 },
  );
  return { status, stderr };
}

async function folderWithDatabase(): Promise<string> {
  const folder = tempDirectory();
  const { makeMigratedUrl } = (await sqlite?.start()) ?? {};
  assert.ok(makeMigratedUrl !== undefined);
  copyFileSync(await makeMigratedUrl(), join(folder, 'ringup.sqlite'));
  return folder;
}

describe('a data directory that cannot be used is named in one line with what to do', () => {
  test('this machine lets tests mount something', () => assert.ok(canMount || process.env.CI !== 'true'));

  for (const [mount, command, content, says] of [
    [
      'readOnly',
      'serve',
      'empty',
      /ringup\.sqlite cannot be written, because FOLDER is read-only: make it writable, or .+/,
    ],
    [
      'readOnly',
      'serve',
      'database',
      /ringup\.sqlite cannot be written, because FOLDER is read-only: make it writable, or .+/,
    ],
    ['readOnly', 'account list', 'database', /ringup\.sqlite cannot be written, because FOLDER is read-only: .+/],
    ['full', 'serve', 'empty', /serve\.lock cannot be written, because the disk of FOLDER is full: free space there\./],
    [
      'full',
      'serve',
      'database',
      /serve\.lock cannot be written, because the disk of FOLDER is full: free space there\./,
    ],
    [
      'full',
      'account list',
      'database',
      /The database FOLDER\/ringup\.sqlite cannot be used: .+ Look for a full disk.+/,
    ],
  ] as const) {
    test(`${mount}, ${content}: ${command}`, { skip: !canMount }, async () => {
      const folder = content === 'empty' ? tempDirectory() : await folderWithDatabase();
      const { status, stderr } = runOn(mount, folder, command);
      assert.equal(status, 1, stderr);
      assert.match(stderr, new RegExp(`^.*${says.source.replace('FOLDER', folder)}\n$`));
      assert.doesNotMatch(stderr, /Another|EROFS|ENOSPC/);
    });
  }

  test('a damaged serve.lock', async () => {
    const folder = await folderWithDatabase();
    writeFileSync(join(folder, 'serve.lock'), 'this is no lock, but a text that somebody wrote over it\n'.repeat(20));
    const { status, stderr } = spawnSync(process.execPath, [launcher, 'serve'], {
      env: { PATH: process.env.PATH, RINGUP_DATA_DIR: folder },
      encoding: 'utf8',
      timeout: 60_000,
    });
    assert.equal(status, 1, stderr);
    assert.match(
      stderr,
      new RegExp(`^${folder}/serve\\.lock is damaged .+ no server runs on ${folder}, then delete this file\\.\n$`),
    );
  });
});
