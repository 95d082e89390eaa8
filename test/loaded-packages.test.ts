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

/** Where a process is to leave what it loaded, and how to read it. */
function recording() {
  const file = join(tempDirectory(), 'packages');
  return {
    environment: { PATH: process.env.PATH ?? '', NODE_OPTIONS: `--import=${recorder}`, LOADED_PACKAGES: file },
    loaded: () => readFileSync(file, 'utf8').split('\n'),
  };
}

function loadedBy(...words: string[]): string[] {
  const { environment, loaded } = recording();
  const env = { ...environment, RINGUP_DATA_DIR: tempDirectory() };
  const { status, stderr } = spawnSync(process.execPath, [launcher, ...words], { env, encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  return loaded().filter(isOurs);
}

/** Whether it is a dependency of ours, not of one of them. */
function isOurs(name: string): boolean {
  return Object.hasOwn(packageJson.dependencies, name);
}

// What is new in one of these lists costs every such start: import what is heavy where it is first used.
const storage = ['better-sqlite3', 'commander', 'ipaddr.js', 'kysely', 'pino', 'typebox'];

test('--version loads every command, but no server, no driver of PostgreSQL and no reader of phone numbers', () => {
  assert.deepEqual(loadedBy('--version'), [...storage, 'qr'].sort());
});

test('a command that reads from SQLite loads no more', () => {
  assert.deepEqual(loadedBy('account', 'list'), [...storage, 'qr'].sort());
});

test('a command loads only what it needs itself', () => {
  assert.deepEqual(loadedBy('migrate'), storage);
});

test('serve loads what answers requests as well, and no compiler of schemas', async () => {
  const { environment, loaded } = recording();
  const serving = await startServe({ ...environment, RINGUP_DATA_DIR: tempDirectory() });
  await serving.stop();
  const packages = loaded();
  const answering = ['@fastify/swagger', 'cookie', 'fastify', 'ghtml', 'isbot', 'qr'];
  assert.deepEqual(packages.filter(isOurs), [...storage, ...answering].sort());
  for (const compiler of ['typebox/compile', 'ajv', '@fastify/fast-json-stringify-compiler'])
    assert.ok(!packages.includes(compiler), compiler);
});
