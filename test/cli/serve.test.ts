import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { environmentOf, openTerminal } from '../support/cli.ts';
import { forEachDatabase } from '../support/databases.ts';
import { freePort } from '../support/free-port.ts';
import { startServe } from '../support/serve.ts';
import { serveHere } from '../support/serve-here.ts';
import { tempDirectory } from '../support/temp-directory.ts';
import { waitUntil } from '../support/wait-until.ts';

const launcher = fileURLToPath(new URL('../../bin/ringup.cjs', import.meta.url));

/** `ringup` in a process of its own, until it ends. */
async function run(words: string, environment: Record<string, string>) {
  const child = spawn(process.execPath, ['--', launcher, ...words.split(' ')], {
    env: { PATH: process.env.PATH, NODE_OPTIONS: process.env.NODE_OPTIONS, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [out, err, [status]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { status, out, err };
}

// One database: it is about the process; what it shares with commands is tested on both below.
describe('ringup serve', () => {
  test('prints on standard error where everything is, and how to become the first administrator', async (t) => {
    const dataDir = join(tempDirectory(), 'data');
    const serving = await startServe({ RINGUP_DATA_DIR: dataDir });
    t.after(() => serving.kill());
    assert.ok(await waitUntil(() => serving.said().includes('/setup/')));
    const said = serving.said();
    assert.match(said, new RegExp(`^Ringup listens on ${serving.url}\n`));
    for (const line of [
      `  Phones use   ${serving.url}/provisioning\n`,
      `  Manual       ${serving.url}/api\n`,
      `  Database     ${join(dataDir, 'ringup.sqlite')}\n`,
      '  Spaces       sip.example.test\n',
    ]) {
      assert.ok(said.includes(line), line);
    }
    assert.match(
      said,
      /Note: .*Only this machine can reach this address\..*serve --lan,.*RINGUP_LISTEN.*RINGUP_PUBLIC_URL/,
    );
    const link = /http:\S+\/setup\/[A-Za-z0-9]{22}/.exec(said)?.[0] ?? '';
    assert.equal((await fetch(link)).status, 200);
    assert.ok(await waitUntil(() => serving.logged().includes('/setup/:token')));
    assert.ok(!serving.logged().includes(link.slice(-22)), 'the secret is not logged');
    assert.equal(statSync(dataDir).mode & 0o777, 0o700);
    assert.equal(await serving.stop(), 0);
  });

  test('prints a new link at each start until there is an administrator', async () => {
    const dataDir = tempDirectory();
    const links: string[] = [];
    for (let time = 0; time < 2; time += 1) {
      const serving = await serveHere({ RINGUP_DATA_DIR: dataDir });
      links.push(/\/setup\/[A-Za-z0-9]{22}/.exec(serving.said())?.[0] ?? '');
      if (time === 1) assert.doesNotMatch(await (await fetch(`${serving.url}${links[0]}`)).text(), /<form/);
      await serving.stop();
    }
    assert.notEqual(links[0], links[1]);
    await openTerminal({ RINGUP_DATA_DIR: dataDir })('account add root --admin --activated');
    const serving = await serveHere({ RINGUP_DATA_DIR: dataDir });
    assert.equal(await serving.stop(), 0);
    assert.ok(!serving.said().includes('/setup/'));
  });

  test('refuses to start on a SQLite file that another server uses, with status 1', async (t) => {
    const dataDir = tempDirectory();
    const serving = await serveHere({ RINGUP_DATA_DIR: dataDir });
    t.after(() => serving.stop());
    const second = await run('serve', { RINGUP_DATA_DIR: dataDir, RINGUP_LISTEN: `127.0.0.1:${await freePort()}` });
    assert.deepEqual([second.status, second.out], [1, '']);
    assert.equal(second.err, `Another \`./ringup serve\` is running on ${dataDir}: stop it first.\n`);
    assert.equal((await fetch(`${serving.url}/health/ready`)).status, 200);
  });

  test('does not run out of memory if clients request much and do not read', async (t) => {
    const serving = await startServe({ RINGUP_DATA_DIR: tempDirectory() });
    t.after(() => serving.kill());
    for (const path of ['/api', '/api/openapi.json', '/provisioning/unknown']) {
      const request = `GET ${path} HTTP/1.1\r\nHost: ringup.example.test\r\nAccept: text/html\r\n\r\n`;
      const sockets = [2_000, ...Array.from({ length: 64 }, () => 100)].map((count) => {
        const socket = connect(serving.port, '127.0.0.1', () => socket.write(request.repeat(count)));
        return socket.on('error', () => {}).pause();
      });
      for (let count = 0; count < 20; count += 1) {
        assert.equal((await fetch(`${serving.url}/provisioning`)).status, 200);
      }
      for (const socket of sockets) socket.destroy();
    }
    assert.equal(await serving.stop(), 0);
  });

  test('ends with status 2 if its address is taken or its settings are wrong', async (t) => {
    const other = createServer().listen(0, '127.0.0.1');
    t.after(() => other.close());
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const serve = (environment: Record<string, string>, options = '') => openTerminal(environment)(`serve ${options}`);
    const taken = await serve({ RINGUP_LISTEN: `127.0.0.1:${port}` });
    assert.equal(taken.status, 2);
    assert.equal(
      taken.err,
      `Cannot listen on 127.0.0.1:${port}: another program uses this port. Stop it, or set another port, such as ` +
        `RINGUP_LISTEN=127.0.0.1:${port === 65_535 ? 8080 : port + 1}.\n`,
    );
    const elsewhere = await serve({ RINGUP_LISTEN: '192.0.2.1:8080' });
    assert.match(
      elsewhere.err,
      /^Cannot listen on 192\.0\.2\.1:8080: .*EADDRNOTAVAIL.* RINGUP_LISTEN sets the address/,
    );
    const wrong = await serve({ RINGUP_LINPHONERC: '/nonexistent/rc' });
    assert.equal(wrong.status, 2);
    assert.match(wrong.err, /^RINGUP_LINPHONERC names \/nonexistent\/rc, which cannot be read: .*\n$/);
    const missing = await serve({}, '--env-file /nonexistent/env');
    assert.equal(missing.status, 2);
    assert.match(missing.err, /^--env-file \/nonexistent\/env cannot be read/);
    const program = join(import.meta.dirname, '../../bin/ringup.cjs');
    const byItself = spawnSync(program, ['serve', '--env-file', '/nonexistent/env'], { encoding: 'utf8' });
    assert.equal(byItself.status, 2, 'Node.js took the option for its own');
    assert.match(byItself.stderr, /^--env-file \/nonexistent\/env cannot be read/);
  });

  test('ends if something fails after it has begun to listen', async () => {
    const RINGUP_DATA_DIR = tempDirectory();
    mkdirSync(join(RINGUP_DATA_DIR, 'server.json'));
    const RINGUP_LISTEN = `127.0.0.1:${await freePort()}`;
    const { status, err } = await run('serve', { RINGUP_DATA_DIR, RINGUP_LISTEN });
    assert.equal(status, 1);
    assert.match(err, /server\.json/);
  });

  test('ends, like all commands, although a hook keeps a timer', async () => {
    const RINGUP_HOOKS = join(tempDirectory(), 'hooks.js');
    writeFileSync(RINGUP_HOOKS, 'setInterval(() => {}, 60_000);\nmodule.exports = {};\n');
    const RINGUP_DATA_DIR = tempDirectory();
    const serving = await startServe({ RINGUP_DATA_DIR, RINGUP_HOOKS });
    assert.equal(await serving.stop(), 0);
    const { status, out } = await run('check', { RINGUP_DATA_DIR, RINGUP_HOOKS });
    assert.equal(status, 0, out);
  });

  test('can start again after it was killed', async () => {
    const dataDir = tempDirectory();
    const first = await startServe({ RINGUP_DATA_DIR: dataDir });
    const token = (await openTerminal({ RINGUP_DATA_DIR: dataDir })('account add alice --json')).json
      .provisioning_token;
    await first.kill();
    const second = await serveHere({ RINGUP_DATA_DIR: dataDir });
    assert.match(await (await fetch(`${second.url}/provisioning/${token}`)).text(), /sip:alice@/);
    assert.equal(await second.stop(), 0);
  });

  test('answers open requests before it ends on SIGTERM', async () => {
    const serving = await startServe({ RINGUP_DATA_DIR: tempDirectory() });
    const socket = connect(serving.port, '127.0.0.1');
    await once(socket, 'connect');
    const answer = text(socket);
    socket.write(
      'POST /api/spaces HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{',
    );
    // So that the server has begun to read it.
    assert.equal((await fetch(`${serving.url}/health/ready`)).status, 200);
    const stopped = serving.stop();
    socket.write('}');
    assert.match(await answer, /^HTTP\/1\.1 (?:401|503) /);
    assert.equal(await stopped, 0);
  });

  test('counts a signal once if it arrives twice, from the terminal and through npm', async () => {
    const port = await freePort();
    const child = spawn(process.execPath, [launcher, 'serve'], {
      env: { PATH: process.env.PATH, RINGUP_DATA_DIR: tempDirectory(), RINGUP_LISTEN: `127.0.0.1:${port}` },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const exit = once(child, 'exit');
    await once(child.stderr, 'data');
    // Stopped, so that it meets them together.
    for (const signal of ['SIGSTOP', 'SIGINT', 'SIGINT', 'SIGTERM', 'SIGCONT'] as const) child.kill(signal);
    assert.deepEqual(await exit, [0, null]);
  });
});

forEachDatabase('a running server', (makeUrl) => {
  test('accepts changes by commands, which take effect immediately', async (t) => {
    const environment = environmentOf(await makeUrl());
    const serving = await serveHere(environment);
    t.after(() => serving.stop());
    const ringup = openTerminal({ ...environment, RINGUP_PUBLIC_URL: serving.url });
    const fetched = async (url: string) => (await fetch(url)).text();
    await ringup('account add root --admin --activated');
    const { api_key, id } = (await ringup('api-key create root --json')).json;
    const asRoot = async () =>
      (await fetch(`${serving.url}/api/accounts`, { headers: { 'x-api-key': api_key } })).status;
    assert.equal(await asRoot(), 200);
    const { provisioning_url } = (await ringup('account add alice --json')).json;
    await ringup('account block alice');
    assert.doesNotMatch(await fetched(provisioning_url), /alice/);
    await ringup('account unblock alice');
    assert.match(await fetched((await ringup('token issue alice --json')).json.provisioning_url), /sip:alice@/);
    await ringup(['space', 'set', 'sip.example.test', 'linphonerc=[ui]\nnew=1']);
    const seen = async () => (await fetched(`${serving.url}/provisioning`)).includes('"new"');
    assert.ok(await waitUntil(seen));
    await ringup(`api-key revoke ${id}`);
    assert.equal(await asRoot(), 401);
  });
});

describe('the launcher', () => {
  test('returns the exit status of the command', async () => {
    const environment = { RINGUP_DATA_DIR: tempDirectory() };
    assert.equal((await run('migrate', environment)).status, 0);
    const ends = await Promise.all(['account show nobody', 'account shwo'].map((words) => run(words, environment)));
    assert.deepEqual(
      ends.map(({ status }) => status),
      [1, 2],
    );
  });

  const shell: readonly (readonly [title: string, command: string, status: number, complaint: RegExp])[] = [
    ['succeeds if the reader of its output stops early', '"$0" -- "$1" --help | true', 0, /^$/],
    [
      'fails with one line if the disk is full',
      '"$0" -- "$1" migrate > /dev/full',
      1,
      /^Standard output cannot be written: ENOSPC.*\n$/,
    ],
  ];
  for (const [title, command, status, complaint] of shell) {
    test(title, async () => {
      const child = spawn('/bin/sh', ['-c', command, process.execPath, launcher], {
        env: { PATH: process.env.PATH, NODE_OPTIONS: process.env.NODE_OPTIONS, RINGUP_DATA_DIR: tempDirectory() },
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      const [err, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
      assert.match(err, complaint);
      assert.equal(code, status);
    });
  }
});
