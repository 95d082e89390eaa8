import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import packageJson from '../package.json' with { type: 'json' };
import { startServe } from './support/serve.ts';
import { tempDirectory } from './support/temp-directory.ts';

const launcher = join(import.meta.dirname, '../bin/ringup.cjs');
const recorder = pathToFileURL(join(import.meta.dirname, 'support/record-packages.ts'));

/** Where a process is to leave what it loaded, and how to read it: our own dependencies, not theirs. */
function recording() {
  const file = join(tempDirectory(), 'packages');
  return {
    environment: { PATH: process.env.PATH ?? '', NODE_OPTIONS: `--import=${recorder}`, LOADED_PACKAGES: file },
    loaded: () =>
      readFileSync(file, 'utf8')
        .split('\n')
        .filter((name) => Object.hasOwn(packageJson.dependencies, name)),
  };
}

function loadedBy(...words: string[]): string[] {
  const { environment, loaded } = recording();
  const env = { ...environment, RINGUP_DATA_DIR: tempDirectory() };
  const { status, stderr } = spawnSync(process.execPath, [launcher, ...words], { env, encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  return loaded();
}

// What is new in one of these lists costs every start of every command: import what is heavy where it is first used.
const always = ['better-sqlite3', 'commander', 'ipaddr.js', 'kysely', 'pg', 'pino', 'qr', 'typebox'];

test('--version loads no server and no reader of phone numbers', () => {
  assert.deepEqual(loadedBy('--version'), always);
});

test('a command that reads from SQLite loads no more', () => {
  assert.deepEqual(loadedBy('account', 'list'), always);
});

test('serve loads what answers requests as well', async () => {
  const { environment, loaded } = recording();
  const serving = await startServe({ ...environment, RINGUP_DATA_DIR: tempDirectory() });
  await serving.stop();
  assert.deepEqual(loaded(), [...always, '@fastify/swagger', 'cookie', 'fastify', 'ghtml', 'isbot'].sort());
});
