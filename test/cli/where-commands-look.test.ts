import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import packageJson from '../../package.json' with { type: 'json' };
import { registerNode } from '../../src/cluster/node-store.ts';
import { type Environment, loadSettings } from '../../src/config/load-config.ts';
import { databaseLocation } from '../../src/instance-database.ts';
import { openDatabase } from '../../src/storage/dialect.ts';
import { environmentOf, openTerminal, type Terminal } from '../support/cli.ts';
import { commands } from '../support/commands.ts';
import { forEachDatabase } from '../support/databases.ts';
import { freePort } from '../support/free-port.ts';
import { startServe } from '../support/serve.ts';
import { type ServedHere, serveHere } from '../support/serve-here.ts';
import { tempDirectory } from '../support/temp-directory.ts';

/** What each argument of a command could be. */
const argumentWords: Readonly<Record<string, string>> = {
  'user[@domain]': 'alice',
  'contact[@domain]': 'bob',
  'key=value': 'name=x',
  domain: 'sip.example.test',
  id: '1',
};
const needNone = ['serve', 'demo', 'migrate', 'check', 'restore'];
const options: Readonly<Record<string, string>> = {
  'external set': ' --username u --domain d.test --password p',
  'account set': ' admin=true',
  'account import': ' package.json',
};

function callOf({ words, command }: (typeof commands)[number]): string {
  const args = command.registeredArguments
    .filter(({ required }) => required)
    .map((each) => argumentWords[each.name()] ?? join(tempDirectory(), 'file'));
  return [words, ...(words === 'account set' ? args.slice(0, 1) : args)].join(' ') + (options[words] ?? '');
}

// One database: only that of SQLite lies in a folder.
describe('a folder without a database', () => {
  for (const each of commands.filter(({ words }) => !needNone.includes(words))) {
    test(`makes ringup ${each.words} say where it looked and what to do, and create nothing`, async () => {
      const folder = tempDirectory();
      const dataDir = join(folder, 'deeper', 'data');
      const { status, out, err } = await openTerminal({ RINGUP_DATA_DIR: dataDir })(callOf(each));
      assert.deepEqual([status, out], [1, '']);
      assert.equal(
        err,
        `There is no database in "${dataDir}": \`./ringup serve\` makes one, or RINGUP_DATA_DIR, RINGUP_DATABASE_URL or --env-file name another.\n`,
      );
      assert.deepEqual(readdirSync(folder), []);
    });
  }

  test('is not changed if it exists, and is named by its absolute path', async () => {
    const dataDir = tempDirectory();
    const relative = join('..', '..', '..', '..', '..', '..', '..', '..', dataDir);
    const { status, err } = await openTerminal({ RINGUP_DATA_DIR: relative })('account list');
    assert.equal(status, 1);
    assert.ok(err.startsWith(`There is no database in "${dataDir}": `), err);
    assert.deepEqual(readdirSync(dataDir), []);
  });

  test('is noted by ringup check, which checks the rest, creates nothing, and ends with status 0', async () => {
    const folder = tempDirectory();
    const linphonerc = join(folder, 'rc');
    writeFileSync(linphonerc, '[sip]\nuse_ipv6=1\n');
    const environment = { RINGUP_DATA_DIR: join(folder, 'data'), RINGUP_LINPHONERC: linphonerc };
    const { status, json } = await openTerminal(environment)('check --json');
    assert.equal(status, 0);
    assert.match(json.database.unwise[0], /^There is no database in "\/.*\/data": /);
    assert.deepEqual(json.linphonerc, { wrong: [], unwise: [] });
    writeFileSync(linphonerc, '[sip]\nuse_ipv6=yes\n');
    assert.equal((await openTerminal(environment)('check')).status, 1, 'the rest is checked');
    assert.equal(existsSync(join(folder, 'data')), false);
  });

  test('lets migrate --status show what is pending and create nothing, and migrate create the database', async () => {
    const dataDir = join(tempDirectory(), 'data');
    const ringup = openTerminal({ RINGUP_DATA_DIR: dataDir });
    const { status, json, err } = await ringup('migrate --status --json');
    assert.deepEqual([status, json.applied], [0, []]);
    assert.match(err, /^Note: There is no database in /);
    assert.equal(existsSync(dataDir), false);
    assert.equal((await ringup('migrate')).err, '');
    assert.equal((await ringup('account list')).status, 0);
  });

  test('does not affect lint FILE, --help and --version', async () => {
    const folder = tempDirectory();
    const file = join(folder, 'rc');
    writeFileSync(file, '[sip]\nuse_ipv6=1\n');
    const ringup = openTerminal({ RINGUP_DATA_DIR: join(folder, 'data') });
    for (const words of [`lint ${file}`, '--help', 'account add --help', '--version']) {
      const { status, err } = await ringup(words);
      assert.deepEqual([status, err], [0, ''], words);
    }
    assert.deepEqual(readdirSync(folder), ['rc']);
  });
});

const linkOf = async (ringup: Terminal) => {
  const { json, err } = await ringup('token issue alice --json');
  return { host: new URL(json.provisioning_url).origin, err };
};

/** Writes a heartbeat of the server, because its own may be late on a busy machine. */
async function beat(environment: Environment, { url }: ServedHere): Promise<void> {
  const { boot_id: bootId } = (await (await fetch(`${url}/health/live`)).json()) as { boot_id: string };
  const database = await openDatabase(databaseLocation(loadSettings(environment)));
  await registerNode(database, bootId);
  await database.close();
}

forEachDatabase('the links that commands print', (makeUrl) => {
  /** An account, and the settings of commands that say nothing about addresses. */
  async function prepare() {
    const environment = environmentOf(await makeUrl());
    const ringup = openTerminal(environment);
    await ringup('migrate');
    await ringup('account add alice');
    return { environment, ringup };
  }

  test('lead to RINGUP_LISTEN if no server ever ran', async () => {
    const { environment } = await prepare();
    const ringup = openTerminal({ ...environment, RINGUP_LISTEN: '192.0.2.7:8111' });
    assert.deepEqual(await linkOf(ringup), { host: 'http://192.0.2.7:8111', err: '' });
  });

  test('lead to the running server, and once it has stopped, with a note, to the one that ran last', async () => {
    const { environment, ringup } = await prepare();
    const first = await serveHere({ ...environment, RINGUP_PUBLIC_URL: 'https://one.example.test' });
    await beat(environment, first);
    assert.deepEqual(await linkOf(ringup), { host: 'https://one.example.test', err: '' });
    await first.stop();
    const note = (url: string) => `Note: No server is running. This link leads to ${url}, where it ran last.\n`;
    assert.deepEqual(await linkOf(ringup), {
      host: 'https://one.example.test',
      err: note('https://one.example.test'),
    });
    const second = await serveHere({ ...environment, RINGUP_PUBLIC_URL: 'https://two.example.test' });
    await beat(environment, second);
    assert.deepEqual(await linkOf(ringup), { host: 'https://two.example.test', err: '' });
    await second.stop();
    assert.deepEqual(await linkOf(ringup), {
      host: 'https://two.example.test',
      err: note('https://two.example.test'),
    });
  });

  test('lead to RINGUP_PUBLIC_URL if it is set, with a note if the running server has another', async () => {
    const { environment } = await prepare();
    const ringup = openTerminal({ ...environment, RINGUP_PUBLIC_URL: 'https://mine.example.test' });
    const serving = await serveHere({ ...environment, RINGUP_PUBLIC_URL: 'https://one.example.test' });
    await beat(environment, serving);
    assert.deepEqual(await linkOf(ringup), {
      host: 'https://mine.example.test',
      err: 'Note: This link is made from RINGUP_PUBLIC_URL, but the running server has https://one.example.test.\n',
    });
    await serving.stop();
    assert.deepEqual(await linkOf(ringup), { host: 'https://mine.example.test', err: '' });
  });

  test('lead to the server that ran last, even after another one could not listen', async (t) => {
    const { environment, ringup } = await prepare();
    const serving = await serveHere(environment);
    await serving.stop();
    const taken = createServer().listen(0, '127.0.0.1');
    t.after(() => taken.close());
    await once(taken, 'listening');
    const listen = `127.0.0.1:${(taken.address() as AddressInfo).port}`;
    await assert.rejects(serveHere({ ...environment, RINGUP_LISTEN: listen, RINGUP_PUBLIC_URL: 'https://no.test' }));
    assert.equal((await linkOf(ringup)).host, serving.url);
  });
});

// One database: of PostgreSQL, commands learn it from the database.
describe('server.json', () => {
  test('says where the server runs, and can be read only by its owner', async (t) => {
    const dataDir = join(tempDirectory(), 'data');
    mkdirSync(dataDir);
    writeFileSync(join(dataDir, 'server.json'), '{', { mode: 0o666 });
    const port = await freePort();
    const environment = {
      RINGUP_DATA_DIR: dataDir,
      RINGUP_LISTEN: `127.0.0.1:${port}`,
      RINGUP_PUBLIC_URL: 'https://ringup.example.test/phones',
    };
    const startedAfter = Date.now();
    const serving = await startServe(environment);
    t.after(() => serving.kill());
    const file = join(dataDir, 'server.json');
    const { pid, boot_id, started_at, ...rest } = JSON.parse(readFileSync(file, 'utf8'));
    assert.deepEqual(rest, {
      public_url: 'https://ringup.example.test/phones',
      listen: `127.0.0.1:${port}`,
      data_dir: dataDir,
      version: packageJson.version,
    });
    assert.match(readFileSync(`/proc/${pid}/cmdline`, 'latin1'), /serve/);
    assert.match(boot_id, /^[0-9a-f-]{36}$/);
    assert.ok(Date.parse(started_at) >= startedAfter && started_at.endsWith('Z'));
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.deepEqual(
      readdirSync(dataDir).filter((name) => name.startsWith('server.json')),
      ['server.json'],
      'no draft is left',
    );
  });

  test('is still used after its server was killed, with a note that no server runs', async () => {
    const dataDir = tempDirectory();
    const serving = await startServe({ RINGUP_DATA_DIR: dataDir });
    await serving.kill();
    const ringup = openTerminal({ RINGUP_DATA_DIR: dataDir });
    await ringup('account add alice');
    const { host, err } = await linkOf(ringup);
    assert.equal(host, serving.url);
    assert.match(err, /^Note: No server is running\./);
  });

  test('is ignored if it cannot be read', async () => {
    const ringup = openTerminal({ RINGUP_LISTEN: '192.0.2.7:8111' });
    await ringup('migrate');
    await ringup('account add alice');
    const file = join(String(ringup.environment.RINGUP_DATA_DIR), 'server.json');
    const whole = { public_url: 'https://ringup.example.test', pid: 1, boot_id: 'x' };
    for (const text of [
      '',
      '{',
      'null',
      '[]',
      '{"public_url":1}',
      JSON.stringify({ ...whole, public_url: 'ftp://x' }),
    ]) {
      writeFileSync(file, text);
      assert.deepEqual(await linkOf(ringup), { host: 'http://192.0.2.7:8111', err: '' }, text);
    }
    rmSync(file);
    mkdirSync(file);
    assert.deepEqual(await linkOf(ringup), { host: 'http://192.0.2.7:8111', err: '' });
  });
});

// One database: it is about addresses.
test('serve --lan listens on all addresses, and commands make links for the first LAN address', async (t) => {
  const dataDir = tempDirectory();
  const port = await freePort();
  const serving = await serveHere({ RINGUP_DATA_DIR: dataDir, RINGUP_LISTEN: `127.0.0.1:${port}` }, ['--lan']);
  t.after(() => serving.stop());
  const { listen, public_url } = JSON.parse(readFileSync(join(dataDir, 'server.json'), 'utf8'));
  assert.equal(listen, `0.0.0.0:${port}`);
  const ringup = openTerminal({ RINGUP_DATA_DIR: dataDir });
  await ringup('account add alice');
  assert.equal((await linkOf(ringup)).host, public_url);
  assert.equal((await fetch(`http://127.0.0.2:${port}/health/live`)).status, 200);
});
