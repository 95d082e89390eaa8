import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { linkSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { openTerminal } from '../support/cli.ts';
import { skipUnlessMounting } from '../support/small-disk.ts';
import { tempDirectory } from '../support/temp-directory.ts';

// One database: only SQLite has a file that can lie in a wrong place.

const places = [
  {
    title: 'mounted by itself',
    skip: skipUnlessMounting(),
    begin: (file: string) => {
      const outside = join(tempDirectory(), 'outside.sqlite');
      writeFileSync(outside, '');
      mount('mount', '--bind', outside, file);
    },
    end: (file: string) => mount('umount', file),
    says: /ringup\.sqlite is mounted by itself, .+: mount the folder .+ instead\.$/,
  },
  {
    title: 'of two names',
    skip: false,
    begin: (file: string) => linkSync(file, `${file}.other`),
    end: (file: string) => rmSync(`${file}.other`),
    says: /ringup\.sqlite has 2 names \(hard links\), .+ copy the file\.$/,
  },
];

for (const { title, skip, begin, end, says } of places) {
  test(`a SQLite file ${title} is refused by serve, check, migrate and restore alike`, { skip }, async () => {
    const dataDir = join(tempDirectory(), 'the data');
    mkdirSync(dataDir);
    const file = join(dataDir, 'ringup.sqlite');
    const ringup = openTerminal({ RINGUP_DATA_DIR: dataDir });
    await ringup('migrate');
    await ringup('account add alice');
    const backup = join(tempDirectory(), 'backup');
    await ringup(['backup', backup]);
    begin(file);
    try {
      const { status, json } = await ringup('check --json');
      assert.equal(status, 1);
      assert.match(json.database.wrong.join('\n'), says);
      for (const words of [['serve'], ['migrate'], ['restore', backup, '--yes']]) {
        const { status, err } = await ringup(words);
        assert.equal(status, 1, words[0]);
        assert.match(err.trimEnd(), says);
      }
    } finally {
      end(file);
    }
    assert.deepEqual((await ringup('check --json')).json.database, { wrong: [], unwise: [] });
    assert.match((await ringup('account list')).out, /alice/);
  });
}

test('a SQLite file to which a killed restore gave a second name is used as before', async () => {
  const ringup = openTerminal();
  await ringup('migrate');
  await ringup('account add alice');
  const file = join(String(ringup.environment.RINGUP_DATA_DIR), 'ringup.sqlite');
  const backup = join(tempDirectory(), 'backup');
  await ringup(['backup', backup]);
  linkSync(file, `${file}.before-restore-20261201T120000Z`);
  assert.deepEqual((await ringup('check --json')).json.database, { wrong: [], unwise: [] });
  assert.equal((await ringup('migrate')).status, 0);
  assert.match((await ringup('account list')).out, /alice/);
  assert.equal((await ringup(['restore', backup, '--yes'])).status, 0);
  assert.match((await ringup('account list')).out, /alice/);
  linkSync(file, `${file}.other`);
  assert.equal((await ringup('migrate')).status, 1, 'another name');
});

function mount(command: string, ...args: string[]): void {
  const { status, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
}
