import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { quoteText } from '../../src/errors/quote-text.ts';
import { openTerminal } from '../support/cli.ts';
import { databaseKinds } from '../support/databases.ts';
import { skipUnless } from '../support/skip-unless.ts';
import { tempDirectory } from '../support/temp-directory.ts';
import { patienceMs } from '../support/wait-until.ts';

// One database: a folder that cannot be one is refused before any is opened.

const launcher = fileURLToPath(new URL('../../bin/ringup.cjs', import.meta.url));
const [sqlite] = databaseKinds;

/** Mounts of the command's own, which end with it. */
const ownMounts = ['--mount', ...(process.getuid?.() === 0 ? [] : ['--map-root-user'])];
const canMount = spawnSync('unshare', [...ownMounts, 'true']).status === 0;
const skip = skipUnless(canMount, 'commands cannot get mounts of their own here: `unshare --mount` failed');

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
    { env: { PATH: process.env.PATH, RINGUP_DATA_DIR: folder }, encoding: 'utf8', timeout: patienceMs },
  );
  return { status, stderr };
}

async function folderWithDatabase(): Promise<string> {
  const folder = tempDirectory();
  const { makeUrl } = (await sqlite?.start()) ?? {};
  assert.ok(makeUrl !== undefined);
  copyFileSync(await makeUrl(), join(folder, 'ringup.sqlite'));
  return folder;
}

describe('a data directory that cannot be used', () => {
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
    test(`makes ringup ${command} name the ${mount === 'full' ? 'full' : 'read-only'} folder ${content === 'empty' ? 'without' : 'with'} a database, and what to do`, {
      skip,
    }, async () => {
      const folder = content === 'empty' ? tempDirectory() : await folderWithDatabase();
      const { status, stderr } = runOn(mount, folder, command);
      assert.equal(status, 1, stderr);
      assert.match(stderr, new RegExp(`^.*${says.source.replace('FOLDER', folder)}\n$`));
      assert.doesNotMatch(stderr, /Another|EROFS|ENOSPC/);
    });
  }

  test('makes ringup serve name a damaged serve.lock, and what to do', async () => {
    const folder = await folderWithDatabase();
    writeFileSync(join(folder, 'serve.lock'), 'this is no lock, but a text that somebody wrote over it\n'.repeat(20));
    const { status, stderr } = spawnSync(process.execPath, [launcher, 'serve'], {
      env: { PATH: process.env.PATH, RINGUP_DATA_DIR: folder },
      encoding: 'utf8',
      timeout: patienceMs,
    });
    assert.equal(status, 1, stderr);
    assert.match(
      stderr,
      new RegExp(`^${folder}/serve\\.lock is damaged, .+ no server runs on ${folder}, then delete this file\\.\n$`),
    );
  });
});

/** Makes what is in the way in a folder, and returns the path that can be no data directory. */
const obstacles: readonly (readonly [
  name: string,
  make: (folder: string) => string,
  why: (folder: string) => string,
])[] = [
  ['a file', (folder) => file(folder, 'file'), () => 'it is not a folder'],
  [
    'a path through a file',
    (folder) => join(file(folder, 'file'), 'a', 'b'),
    (folder) => `"${folder}/file" is not a folder`,
  ],
  ['a path through a device', () => '/dev/null/data', () => '"/dev/null" is not a folder'],
  ['a link that leads nowhere', (folder) => link(folder, '/nowhere/at/all'), () => 'it is a link that leads nowhere'],
  [
    'a path through a link that leads nowhere',
    (folder) => join(link(folder, '/nowhere'), 'a'),
    (folder) => `"${folder}/link" is a link that leads nowhere`,
  ],
  ['a link to itself', (folder) => link(folder, 'link'), () => 'it is a link that leads to itself'],
  [
    'a path through a link to itself',
    (folder) => join(link(folder, 'link'), 'a'),
    (folder) => `"${folder}/link" is a link that leads to itself`,
  ],
  ['a name that is too long', (folder) => join(folder, 'x'.repeat(300)), () => 'its name is too long'],
];

function file(folder: string, name: string): string {
  writeFileSync(join(folder, name), '');
  return join(folder, name);
}

function link(folder: string, target: string): string {
  symlinkSync(target, join(folder, 'link'));
  return join(folder, 'link');
}

const refused = (dataDir: string, why: string) =>
  `The folder ${quoteText(dataDir)} cannot be used, because ${why}: set RINGUP_DATA_DIR to another one.\n`;

describe('a path that cannot be a data directory', () => {
  for (const [name, make, why] of obstacles) {
    for (const command of [
      'serve',
      'migrate',
      'migrate --status',
      'account list',
      'lint',
      'backup b',
      'restore package.json',
    ]) {
      test(`makes ringup ${command} say in one sentence why, and create nothing: ${name}`, async () => {
        const folder = tempDirectory();
        const dataDir = make(folder);
        const before = readdirSync(folder);
        const { status, out, err } = await openTerminal({ RINGUP_DATA_DIR: dataDir })(command);
        assert.deepEqual([status, out, err], [1, '', refused(dataDir, why(folder))]);
        assert.deepEqual(readdirSync(folder), before);
      });
    }

    test(`makes ringup check say why, and create nothing: ${name}`, async () => {
      const folder = tempDirectory();
      const dataDir = make(folder);
      const { status, json } = await openTerminal({ RINGUP_DATA_DIR: dataDir })('check --json');
      assert.equal(status, 1);
      assert.deepEqual([json.database.wrong, json.files.wrong], [[refused(dataDir, why(folder)).trim()], []]);
      const onServer = { RINGUP_DATA_DIR: dataDir, RINGUP_DATABASE_URL: 'postgres://127.0.0.1:1/none' };
      const { json: other } = await openTerminal(onServer)('check --json');
      assert.deepEqual(other.files.wrong, [refused(dataDir, why(folder)).trim()]);
    });
  }

  // In a process of its own, which can be ended if it does not end.
  const proc = { skip: process.platform !== 'linux' };
  for (const command of ['serve', 'migrate', 'account list', 'check', 'restore package.json']) {
    test(`makes ringup ${command} say that no data directory can be created below /proc`, proc, () => {
      const { status, stdout, stderr } = run(command, '/proc/ringup/data');
      assert.equal(status, 1, stderr);
      const why = refused('/proc/ringup/data', 'no folder can be made in "/proc"').trim();
      assert.ok(`${stdout}${stderr}`.includes(why), stdout + stderr);
    });
  }

  for (const command of ['serve', 'migrate', 'account list']) {
    test(`makes ringup ${command} say that it may not enter the data directory`, () => {
      const folder = tempDirectory();
      const closed = join(folder, 'closed');
      mkdirSync(closed);
      chmodSync(folder, 0o755);
      chmodSync(closed, 0);
      const { status, stderr } = run(command, join(closed, 'data'), process.getuid?.() === 0 ? { uid: 65_534 } : {});
      chmodSync(closed, 0o700);
      assert.equal(status, 1, stderr);
      assert.equal(stderr, refused(join(closed, 'data'), `the permissions of "${closed}" refuse it`));
    });
  }

  test('makes ringup serve name the folder above it that may not be written', () => {
    const folder = tempDirectory();
    chmodSync(folder, 0o555);
    const { status, stderr } = run('serve', join(folder, 'a', 'b'), process.getuid?.() === 0 ? { uid: 65_534 } : {});
    assert.equal(status, 1, stderr);
    assert.equal(stderr, refused(join(folder, 'a', 'b'), `the permissions of "${folder}" refuse it`));
  });

  test('makes ringup backup name the obstacle alone, and no setting', async () => {
    const folder = await folderWithDatabase();
    const target = join(file(folder, 'file'), 'backup');
    const { status, err } = await openTerminal({ RINGUP_DATA_DIR: folder })(`backup ${target}`);
    assert.equal(status, 1);
    assert.equal(err, `The folder "${folder}/file" cannot be used, because it is not a folder: name another one.\n`);
  });
});

function run(command: string, dataDir: string, who: { uid?: number } = {}) {
  return spawnSync(process.execPath, [launcher, ...command.split(' ')], {
    env: { PATH: process.env.PATH, RINGUP_DATA_DIR: dataDir },
    encoding: 'utf8',
    timeout: patienceMs,
    killSignal: 'SIGKILL',
    ...who,
  });
}
