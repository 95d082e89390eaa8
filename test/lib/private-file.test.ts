import assert from 'node:assert/strict';
import { chmodSync, existsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { openApp } from '../../src/app.ts';
import { loadSettings } from '../../src/config/load-config.ts';
import { lockDatabase } from '../../src/instance-database.ts';
import { createLogger } from '../../src/lib/logger.ts';
import { openTerminal } from '../support/cli.ts';
import { tempDirectory } from '../support/temp-directory.ts';

// One database: PostgreSQL keeps no files in the data folder.

const names = ['ringup.sqlite', 'ringup.sqlite-wal', 'ringup.sqlite-shm', 'serve.lock', 'secret'] as const;
type Modes = Readonly<Record<(typeof names)[number], string>>;

/** The modes of the files of an instance while it runs. */
async function modesOfRun(dataDir: string): Promise<Modes> {
  const settings = loadSettings({ RINGUP_DATA_DIR: dataDir });
  const unlock = lockDatabase(settings);
  const app = await openApp(settings, { log: createLogger('silent', { write: () => {} }) });
  await app.startBackgroundWork();
  const modes = names.map((name) => [name, (statSync(join(dataDir, name)).mode & 0o777).toString(8)]);
  await app.close();
  unlock();
  return Object.fromEntries(modes);
}

const closed: Modes = {
  'ringup.sqlite': '600',
  'ringup.sqlite-wal': '600',
  'ringup.sqlite-shm': '600',
  'serve.lock': '600',
  secret: '600',
};
const readByGroup: Modes = {
  ...closed,
  'ringup.sqlite': '640',
  'ringup.sqlite-wal': '640',
  'ringup.sqlite-shm': '640',
};

describe('the files of the data directory', () => {
  for (const umask of [0o000, 0o022, 0o027, 0o077]) {
    test(`can only be read by their owner, even with umask ${umask.toString(8)}`, async () => {
      const dataDir = tempDirectory();
      chmodSync(dataDir, 0o777);
      const before = process.umask(umask);
      try {
        assert.deepEqual(await modesOfRun(dataDir), closed);
      } finally {
        process.umask(before);
      }
    });
  }

  test('lose every permission for others at the next start, while the group can still read the database', async () => {
    const dataDir = tempDirectory();
    await modesOfRun(dataDir);
    for (const name of names) if (existsSync(join(dataDir, name))) chmodSync(join(dataDir, name), 0o666);
    assert.deepEqual(await modesOfRun(dataDir), readByGroup);
    assert.deepEqual(await modesOfRun(dataDir), readByGroup);
    chmodSync(join(dataDir, 'ringup.sqlite'), 0o606);
    assert.deepEqual(await modesOfRun(dataDir), closed);
  });

  test('`ringup check` names a database that the group may read, and changes nothing', async () => {
    const dataDir = tempDirectory();
    await modesOfRun(dataDir);
    const file = join(dataDir, 'ringup.sqlite');
    const check = async () => (await openTerminal({ RINGUP_DATA_DIR: dataDir })('check --json')).json.files;
    assert.deepEqual(await check(), { wrong: [], unwise: [] });
    chmodSync(file, 0o646);
    assert.match((await check()).unwise[0], /ringup\.sqlite may read it/);
    assert.equal(statSync(file).mode & 0o777, 0o646);
  });

  for (const [title, content, complaint] of [
    ['an empty', '\n', /secret is empty, but needs at least 32/],
    ['a short', 'x'.repeat(31), /secret has 31 characters, but needs at least 32/],
  ] as const) {
    test(`${title} secret is refused, by \`ringup check\` too, and is not changed`, async () => {
      const dataDir = tempDirectory();
      await modesOfRun(dataDir);
      writeFileSync(join(dataDir, 'secret'), content);
      await assert.rejects(modesOfRun(dataDir), { code: 'settings-invalid', message: complaint });
      const { status, json } = await openTerminal({ RINGUP_DATA_DIR: dataDir })('check --json');
      assert.equal(status, 1);
      assert.match(json.files.wrong[0], complaint);
      assert.equal(statSync(join(dataDir, 'secret')).size, content.length);
    });
  }
});
