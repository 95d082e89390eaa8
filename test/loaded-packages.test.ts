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

const dataDir = tempDirectory();
assert.equal(spawnSync(process.execPath, [launcher, 'migrate'], { env: { RINGUP_DATA_DIR: dataDir } }).status, 0);

function loadedBy(...words: string[]): string[] {
  const { environment, loaded } = recording();
  const env = { ...environment, RINGUP_DATA_DIR: dataDir };
  const { status, stderr } = spawnSync(process.execPath, [launcher, ...words], { env, encoding: 'utf8' });
  assert.ok(status === 0 || stderr.startsWith('error: '), stderr);
  return loaded().filter(isOurs);
}

/** Whether it is a dependency of ours, not of one of them. */
function isOurs(name: string): boolean {
  return Object.hasOwn(packageJson.dependencies, name);
}

// What is new in one of these lists costs every such start: import what is heavy where it is first used.
const storage = ['better-sqlite3', 'commander', 'kysely', 'pino', 'typebox'];

test('--version, --help and a wrong word load only what parses the command line', () => {
  for (const words of [['--version'], ['--help'], ['acount', 'list']]) {
    assert.deepEqual(loadedBy(...words), ['commander'], words.join(' '));
  }
});

test('--help and a wrong option load no code that a command needs only to run', () => {
  const { environment, loaded } = recording();
  const script = join(import.meta.dirname, 'support/ask-all-commands.ts');
  const { status, stderr } = spawnSync(process.execPath, [script], { env: environment, encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  assert.deepEqual(loaded().filter(isOurs), ['commander']);
  // Of our own code only what knows nothing of the domain. `src/cli/work` is for the rest.
  const folders = loaded().filter((name) => name.startsWith('src/'));
  assert.deepEqual(folders, ['src/cli', 'src/errors', 'src/lib', 'src/sip']);
});

test('a command that reads from SQLite loads only its driver and what draws codes', () => {
  assert.deepEqual(loadedBy('account', 'list'), [...storage, 'qr'].sort());
});

test('a command loads only what it needs itself', () => {
  assert.deepEqual(loadedBy('migrate'), storage);
});

// One database: each loads a driver of its own, and the rest is the same.
test('serve also loads what answers requests, but neither the schema compiler nor RE2', async () => {
  const { environment, loaded } = recording();
  const serving = await startServe({ ...environment, RINGUP_DATA_DIR: tempDirectory() });
  await serving.stop();
  const packages = loaded();
  const answering = ['cookie', 'fastify', 'ghtml', 'intl-messageformat', 'ipaddr.js', 'isbot', 'qr'];
  assert.deepEqual(packages.filter(isOurs), [...storage, ...answering].sort());
  for (const compiler of ['typebox/compile', 'ajv', '@fastify/fast-json-stringify-compiler'])
    assert.ok(!packages.includes(compiler), compiler);
  // With the usual pattern of user names, no advice at the start needs it.
  assert.ok(!packages.some((name) => name.endsWith('re2js')));
  // An ES module that imports `node:http` makes Node.js load its whole client, because that is one of the exports.
  assert.ok(!packages.includes('undici of Node.js'));
});
