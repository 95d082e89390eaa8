import assert from 'node:assert/strict';
import { type SpawnSyncReturns, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import packageJson from '../package.json' with { type: 'json' };
import { findProgram } from './support/find-program.ts';
import { freePort } from './support/free-port.ts';
import { tempDirectory } from './support/temp-directory.ts';
import { waitUntil } from './support/wait-until.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const systemPath = `/usr/bin${delimiter}/bin`;
const shells = ['sh', 'dash', 'bash'].filter((name) => findProgram(name) !== undefined);

/** A folder with the launcher and what it starts, as after `git clone`. */
function clone({ installed = false }: { readonly installed?: boolean } = {}): string {
  const folder = join(tempDirectory(), 'ring up');
  for (const name of ['ringup', 'bin', 'src', 'package.json']) {
    cpSync(join(root, name), join(folder, name), { recursive: true });
  }
  if (installed) symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  return folder;
}

/** A folder for the path with a `node` that says this version of itself, and runs nothing else than the launcher. */
function withNode(version: string): string {
  const folder = tempDirectory();
  const node = join(folder, 'node');
  const preload = join(folder, 'version.cjs');
  writeFileSync(preload, `Object.defineProperty(process.versions, 'node', { value: '${version}' });`);
  writeFileSync(node, `#!/bin/sh\nexec '${process.execPath}' --require '${preload}' "$@"\n`);
  chmodSync(node, 0o755);
  return `${folder}${delimiter}${systemPath}`;
}

function run(
  words: readonly string[],
  { path = dirname(process.execPath), cwd = '/' }: { readonly path?: string; readonly cwd?: string } = {},
): SpawnSyncReturns<string> {
  const [command = '', ...rest] = words;
  return spawnSync(command, rest, {
    cwd,
    encoding: 'utf8',
    env: { PATH: `${path}${delimiter}${systemPath}`, CDPATH: '/usr' },
  });
}

describe('./ringup', { skip: process.platform === 'win32' }, () => {
  for (const shell of shells) {
    test(`runs the program in ${findProgram(shell)}, from any folder`, () => {
      const folder = clone({ installed: true });
      for (const { cwd, file } of [
        { cwd: '/', file: join(folder, 'ringup') },
        { cwd: folder, file: 'ringup' },
        { cwd: dirname(folder), file: 'ring up/ringup' },
      ]) {
        const { status, stdout, stderr } = run([shell, file, '--version'], { cwd });
        assert.deepEqual([status, stdout, stderr], [0, `${packageJson.version}\n`, ''], file);
      }
    });
  }

  test('finds its folder through symbolic links, relative ones and chains of them too', () => {
    const folder = clone({ installed: true });
    const links = join(dirname(folder), 'links');
    mkdirSync(join(links, 'deeper'), { recursive: true });
    symlinkSync(join(folder, 'ringup'), join(links, 'absolute'));
    symlinkSync('../ring up/ringup', join(links, 'relative'));
    symlinkSync('../relative', join(links, 'deeper', 'chain'));
    symlinkSync('links', join(dirname(folder), 'of-a-folder'));
    for (const file of ['links/absolute', 'links/relative', 'links/deeper/chain', 'of-a-folder/relative']) {
      const { status, stdout, stderr } = run([join(dirname(folder), file), '--version']);
      assert.deepEqual([status, stdout, stderr], [0, `${packageJson.version}\n`, ''], file);
    }
    const found = run(['sh', '-c', 'relative --version'], { path: links });
    assert.equal(found.stdout, `${packageJson.version}\n`, 'on the path');
  });

  test('passes every argument and the exit status on', () => {
    const { status, stderr } = run([join(clone({ installed: true }), 'ringup'), 'no such', '$HOME *', '']);
    assert.equal(status, 2);
    assert.match(stderr, /unknown command 'no such'/);
  });

  test('takes the Node.js of `npm ci` before that of the path', { skip: !bringsNode() }, () => {
    const folder = clone({ installed: true });
    assert.equal(run([join(folder, 'ringup'), '--version'], { path: withNode('12.22.9') }).status, 0);
  });

  test('takes the Node.js of the path if that of `npm ci` does not run', () => {
    const folder = clone();
    const brought = join(folder, 'node_modules/.bin/node');
    mkdirSync(dirname(brought), { recursive: true });
    writeFileSync(brought, '#!/no/such/loader\n');
    chmodSync(brought, 0o755);
    for (const name of Object.keys(packageJson.dependencies)) {
      mkdirSync(dirname(join(folder, 'node_modules', name)), { recursive: true });
      symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name));
    }
    assert.equal(run([join(folder, 'ringup'), '--version']).stdout, `${packageJson.version}\n`);
  });

  const oneSentence = /^[^\n]+\.\n$/;

  test('says in one sentence which Node.js it found and what to do, with status 2, if none is suitable', () => {
    for (const version of ['12.22.9', '20.20.2', '22.17.1']) {
      const { status, stdout, stderr } = run([join(clone(), 'ringup'), 'serve'], { path: withNode(version) });
      assert.deepEqual([status, stdout], [2, ''], version);
      assert.match(stderr, oneSentence);
      assert.ok(stderr.includes(`this is ${version}: run \`npm ci\``), stderr);
    }
  });

  test('says in one sentence that there is no Node.js, with status 2', () => {
    const links = tempDirectory();
    for (const name of ['sh', 'dirname', 'readlink']) symlinkSync(findProgram(name) ?? '', join(links, name));
    const { status, stdout, stderr } = spawnSync('/bin/sh', [join(clone(), 'ringup'), '--help'], {
      encoding: 'utf8',
      env: { PATH: links },
    });
    assert.deepEqual([status, stdout], [2, '']);
    assert.match(stderr, oneSentence);
    assert.match(stderr, /found no Node\.js .*npm ci/);
  });

  test('says in one sentence that `npm ci` was not run, with status 2, whatever the command', () => {
    const folder = clone();
    for (const word of ['--version', 'serve', 'nonsense']) {
      const { status, stdout, stderr } = run([join(folder, 'ringup'), word]);
      assert.deepEqual(
        [status, stdout, stderr],
        [2, '', `Ringup is not installed yet: run \`npm ci\` in ${folder}.\n`],
      );
    }
  });

  test('becomes the server: it has its process id, and a signal ends it with the exit status of the program', async () => {
    const dataDir = tempDirectory();
    const port = await freePort();
    const child = spawn(join(root, 'ringup'), ['serve'], {
      env: { PATH: systemPath, RINGUP_DATA_DIR: dataDir, RINGUP_LISTEN: `127.0.0.1:${port}` },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    child.stderr.on('data', (chunk) => {
      said += String(chunk);
    });
    const isListening = await waitUntil(() => said.includes('Ringup listens on'));
    assert.ok(isListening, said);
    assert.match(readFileSync(`/proc/${child.pid}/cmdline`, 'latin1'), /ringup\.cjs\0serve/);
    child.kill('SIGTERM');
    const [status] = await once(child, 'exit');
    assert.equal(status, 0);
  });

  test('is a script for any POSIX shell, and ringup.cmd has the line ends of Windows', () => {
    assert.match(readFileSync(join(root, 'ringup'), 'utf8'), /^#!\/bin\/sh\n/);
    assert.doesNotMatch(readFileSync(join(root, 'ringup.cmd'), 'utf8'), /[^\r]\n/);
  });
});

function bringsNode(): boolean {
  return spawnSync(join(root, 'node_modules/.bin/node'), ['--version']).status === 0;
}
