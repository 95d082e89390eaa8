import assert from 'node:assert/strict';
import fs, { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import Sqlite from 'better-sqlite3';
import { lockDatabase } from '../../src/instance-database.ts';
import { lockSqliteFile } from '../../src/storage/serve-lock.ts';
import { openTestApp } from '../support/app.ts';
import { openTerminal } from '../support/cli.ts';
import { forEachDatabase } from '../support/databases.ts';
import { earlierVersions, restoreEarlierVersion } from '../support/earlier-versions.ts';
import { tempDirectory } from '../support/temp-directory.ts';

const modeOf = (file: string): number => statSync(file).mode & 0o777;

async function withAlice() {
  const ringup = openTerminal();
  await ringup('migrate');
  await ringup('account add alice');
  const dataDir = String(ringup.environment.RINGUP_DATA_DIR);
  return { ringup, dataDir, database: join(dataDir, 'ringup.sqlite'), copy: join(tempDirectory(), 'new/copy.sqlite') };
}

// One database: PostgreSQL is left to its own programs, as the last test says.
describe('ringup backup', () => {
  test('copies the database while it is in use, into a private folder and file', async () => {
    const { ringup, dataDir, database, copy } = await withAlice();
    const unlock = lockSqliteFile(join(dataDir, 'ringup.sqlite'));
    const user = new Sqlite(database);
    user.exec("begin immediate; update accounts set display_name = 'not yet'");
    const { status, json } = await ringup(`backup ${copy} --json`);
    user.exec('rollback');
    user.close();
    unlock();
    assert.equal(status, 0);
    assert.deepEqual(json, { file: copy, bytes: statSync(copy).size, accounts: 1 });
    assert.deepEqual([modeOf(join(copy, '..')), modeOf(copy)], [0o700, 0o600]);
    assert.deepEqual(readdirSync(join(copy, '..')), ['copy.sqlite']);
    const opened = new Sqlite(copy, { readonly: true });
    assert.deepEqual(opened.pragma('integrity_check'), [{ integrity_check: 'ok' }]);
    assert.deepEqual(opened.prepare('select username, display_name from accounts').all(), [
      { username: 'alice', display_name: null },
    ]);
    opened.close();
  });

  test('works where files cannot have two names, and replaces no file there either', async (t) => {
    const { ringup, copy } = await withAlice();
    t.mock.method(fs, 'linkSync', () => {
      throw Object.assign(new Error('EPERM: operation not permitted, link'), { code: 'EPERM', syscall: 'link' });
    });
    syncBuiltinESMExports();
    t.after(() => {
      t.mock.restoreAll();
      syncBuiltinESMExports();
    });
    const { status, json, err } = await ringup(`backup ${copy} --json`);
    assert.deepEqual([status, json?.accounts], [0, 1], err);
    assert.deepEqual([modeOf(copy), readdirSync(join(copy, '..'))], [0o600, ['copy.sqlite']]);
    const before = readFileSync(copy);
    const again = await ringup(`backup ${copy}`);
    assert.equal(again.status, 1);
    assert.match(again.err, /exists/);
    assert.deepEqual([readFileSync(copy).equals(before), readdirSync(join(copy, '..'))], [true, ['copy.sqlite']]);
  });

  test('ends although the server commits again and again', async () => {
    const { ringup, database, copy } = await withAlice();
    const server = new Sqlite(database);
    server.exec('create table filler (text text)');
    const fill = server.prepare('insert into filler values (?)');
    server.transaction(() => Array.from({ length: 4_000 }, () => fill.run('x'.repeat(4_000))))();
    let left = 5_000;
    const commit = (): void => {
      if (left === 0) return;
      fill.run('one more');
      left -= 1;
      setImmediate(commit);
    };
    // Loaded before, because the commits would otherwise be over before the copying begins.
    await import('../../src/cli/work/backup.ts');
    setImmediate(commit);
    const { status } = await ringup(`backup ${copy}`);
    const unused = left;
    left = 0;
    server.close();
    assert.equal(status, 0);
    assert.ok(unused > 0, 'it ended before the commits did');
  });

  test('ticks off its task in the overview, and succeeds even if another writer prevents that', async () => {
    const { ringup, database, copy } = await withAlice();
    const backedUpAt = () => {
      const opened = new Sqlite(database, { readonly: true });
      const at = opened.prepare('select backed_up_at from instance').pluck().get();
      opened.close();
      return at;
    };
    const writer = new Sqlite(database);
    writer.exec('begin immediate');
    assert.equal((await ringup(`backup ${copy}`)).status, 0);
    writer.exec('rollback');
    writer.close();
    assert.equal(backedUpAt(), null);
    assert.equal((await ringup(`backup ${copy}.second`)).status, 0);
    assert.equal(typeof backedUpAt(), 'number');
  });

  test('says what the copy does not contain', async () => {
    const { ringup, copy } = await withAlice();
    const { out } = await ringup(`backup ${copy}`);
    assert.match(out, /^Copied 1 account to .*copy\.sqlite \(\d+ bytes\)\.\n.*linphonerc.*hooks.*settings.*secret/);
  });

  test('does not change an existing file', async () => {
    const { ringup, copy } = await withAlice();
    mkdirSync(join(copy, '..'));
    writeFileSync(copy, 'precious');
    const { status, err } = await ringup(`backup ${copy}`);
    assert.equal(status, 1);
    assert.match(err, /copy\.sqlite exists already/);
    assert.equal(readFileSync(copy, 'utf8'), 'precious');
    assert.deepEqual(readdirSync(join(copy, '..')), ['copy.sqlite']);
  });

  test('creates nothing if the folder has no database', async () => {
    const dataDir = join(tempDirectory(), 'none');
    const copy = join(tempDirectory(), 'copy.sqlite');
    const { status, err } = await openTerminal({ RINGUP_DATA_DIR: dataDir })(`backup ${copy}`);
    assert.equal(status, 1);
    assert.ok(err.includes(dataDir), err);
    assert.ok(!existsSync(dataDir) && !existsSync(copy));
  });

  test('refuses a damaged database, and leaves no file behind', async () => {
    const { ringup, database, copy } = await withAlice();
    const bytes = readFileSync(database);
    bytes.fill(0xff, 4096, 3 * 4096);
    writeFileSync(database, bytes);
    const { status, err } = await ringup(`backup ${copy}`);
    assert.equal(status, 1);
    assert.match(err, /is not a sound database of Ringup/);
    assert.deepEqual(readdirSync(join(copy, '..')), []);
  });
});

// One database: as above.
describe('ringup restore', () => {
  test('changes nothing if the database cannot be replaced', async (t) => {
    const { ringup, dataDir, copy } = await withAlice();
    await ringup(`backup ${copy}`);
    await ringup('account add bob');
    const rename = t.mock.method(fs, 'renameSync', () => {
      throw Object.assign(new Error('EIO: i/o error, rename'), { code: 'EIO', syscall: 'rename' });
    });
    syncBuiltinESMExports();
    t.after(() => {
      t.mock.restoreAll();
      syncBuiltinESMExports();
    });
    const { status, err } = await ringup(`restore ${copy} --yes`);
    assert.equal(status, 1);
    assert.match(err, /EIO/);
    assert.equal(rename.mock.callCount(), 1);
    assert.deepEqual(
      readdirSync(dataDir).filter((name) => /before-restore|draft/.test(name)),
      [],
    );
    assert.match((await ringup('account list')).out, /bob/);
  });

  test('loses no change that a reader keeps in the -wal if the database cannot be replaced', async (t) => {
    const { ringup, dataDir, database, copy } = await withAlice();
    await ringup(`backup ${copy}`);
    const reader = new Sqlite(database, { readonly: true });
    reader.exec('begin; select count(*) from accounts');
    await ringup('account add bob');
    const { renameSync } = fs;
    t.mock.method(fs, 'renameSync', (from: string, to: string) => {
      if (!from.includes('.draft-')) return renameSync(from, to);
      throw Object.assign(new Error('EIO: i/o error, rename'), { code: 'EIO', syscall: 'rename' });
    });
    syncBuiltinESMExports();
    t.after(() => {
      t.mock.restoreAll();
      syncBuiltinESMExports();
    });
    assert.equal((await ringup(`restore ${copy} --yes`)).status, 1);
    reader.close();
    assert.deepEqual(
      readdirSync(dataDir).filter((name) => /before-restore|draft/.test(name)),
      [],
    );
    assert.match((await ringup('account list')).out, /bob/);
  });

  test('puts the copy in place, keeps the previous database, and says what is undone', async () => {
    const { ringup, dataDir, database, copy } = await withAlice();
    await ringup(`backup ${copy}`);
    await ringup('account add bob');
    chmodSync(database, 0o640);
    const { status, out } = await ringup(`restore ${copy} --yes`);
    assert.equal(status, 0);
    assert.match(out, /^Restored 1 account from /);
    for (const undone of [
      /[Pp]asswords/,
      /blocks/,
      /revoked devices and keys/,
      /linphonerc.*hooks.*settings.*secret/,
    ]) {
      assert.match(out, undone);
    }
    const list = await ringup('account list --json');
    assert.deepEqual(
      list.json.map(({ username }: { username: string }) => username),
      ['alice'],
    );
    const [kept = ''] = readdirSync(dataDir).filter((name) => name.startsWith('ringup.sqlite.before-restore-'));
    assert.ok(out.includes(join(dataDir, kept)));
    assert.equal(modeOf(join(dataDir, kept)), 0o600);
    assert.equal(modeOf(database), 0o640, 'a SIP server that read the database still can');
    const before = openTerminal();
    const back = await before(`restore ${join(dataDir, kept)} --yes --json`);
    assert.equal(back.json.accounts, 2);
  });

  test('creates the database if there is none', async () => {
    const { ringup, copy } = await withAlice();
    await ringup(`backup ${copy}`);
    const other = openTerminal({ RINGUP_DATA_DIR: join(tempDirectory(), 'fresh') });
    const dataDir = String(other.environment.RINGUP_DATA_DIR);
    assert.match((await other(`restore ${copy}`)).err, /--yes/);
    assert.deepEqual(readdirSync(dataDir), ['serve.lock'], 'a refusal leaves no empty database');
    const { out } = await other(`restore ${copy} --yes`);
    assert.match(out, /^Restored 1 account from /);
    assert.doesNotMatch(out, /previous database/);
    assert.deepEqual(
      readdirSync(dataDir).filter((name) => name.includes('before-restore')),
      [],
    );
    assert.deepEqual([modeOf(dataDir), modeOf(join(dataDir, 'ringup.sqlite'))], [0o700, 0o600]);
    assert.equal((await other('account show alice')).status, 0);
  });

  test('refuses while a server runs, and requires --yes', async () => {
    const { ringup, dataDir, copy } = await withAlice();
    await ringup(`backup ${copy}`);
    const before = readdirSync(dataDir);
    const unlock = lockSqliteFile(join(dataDir, 'ringup.sqlite'));
    assert.match((await ringup(`restore ${copy} --yes`)).err, /serve. is running on/);
    unlock();
    const { status, err } = await ringup(`restore ${copy}`);
    assert.equal(status, 1);
    assert.match(err, /--yes/);
    assert.deepEqual(
      readdirSync(dataDir).filter((name) => name !== 'serve.lock'),
      before.filter((name) => name !== 'serve.lock'),
    );
  });

  test('asks at a terminal, and changes nothing if the answer is not yes', async () => {
    const { ringup, dataDir, copy } = await withAlice();
    await ringup(`backup ${copy}`);
    await ringup('account add bob');
    for (const answer of ['', 'n', 'yeah']) {
      assert.equal((await ringup.answering(answer)(`restore ${copy}`)).status, 1, answer);
      assert.equal((await ringup('account show bob')).status, 0);
    }
    assert.ok(!readdirSync(dataDir).some((name) => /before-restore|draft/.test(name)));
    assert.equal((await ringup.answering(' Yes ')(`restore ${copy}`)).status, 0);
    assert.equal((await ringup('account show bob')).status, 1);
  });

  test('removes the drafts that a killed restore left, as serve does, but no other copy', async () => {
    const { ringup, dataDir, copy } = await withAlice();
    await ringup(`backup ${copy}`);
    const own = 'ringup.sqlite.20261128';
    const draft = 'ringup.sqlite.draft-0123abcd';
    const leave = () => {
      for (const name of [own, draft, `${draft}-wal`, `${draft}-shm`]) writeFileSync(join(dataDir, name), 'left');
    };
    const left = () => readdirSync(dataDir).filter((name) => name === own || name.includes('draft'));
    leave();
    assert.equal((await ringup(`restore ${copy} --yes`)).status, 0);
    assert.deepEqual(left(), [own]);
    leave();
    lockDatabase({ databaseUrl: null, dataDir })();
    assert.deepEqual(left(), [own]);
  });

  for (const version of earlierVersions) {
    test(`migrates a copy of version ${version}, and keeps its accounts`, async () => {
      const copy = join(tempDirectory(), 'ringup.sqlite');
      const { facts } = await restoreEarlierVersion(version, copy);
      const ringup = openTerminal({ RINGUP_DATA_DIR: join(tempDirectory(), 'fresh') });
      assert.equal((await ringup(`restore ${copy} --yes --json`)).status, 0);
      assert.deepEqual((await ringup('migrate --status --json')).json.pending, []);
      assert.deepEqual((await ringup('export kamailio --json')).json, facts.credentials);
    });
  }

  test('refuses a file that is not an intact database of Ringup, or is from a newer version, and changes nothing', async () => {
    const { ringup, dataDir, copy } = await withAlice();
    await ringup(`backup ${copy}`);
    const folder = tempDirectory();
    const file = (name: string, content: Buffer | string) => {
      writeFileSync(join(folder, name), content);
      return join(folder, name);
    };
    const damaged = readFileSync(copy).fill(0xff, 4096, 3 * 4096);
    const newer = file('newer', readFileSync(copy));
    const foreign = file('foreign', '');
    const [later, other] = [new Sqlite(newer), new Sqlite(foreign)];
    later.exec("insert into kysely_migration (name, timestamp) values ('9999-later', 'now')");
    other.exec('create table accounts (id integer)');
    later.close();
    other.close();
    for (const [path, expected] of [
      [file('text', 'no database at all'), /not a sound database/],
      [file('damaged', damaged), /not a sound database/],
      [foreign, /not a sound database.*tables/],
      [newer, /newer than this program/],
      [join(folder, 'missing'), /^There is no file .*missing: check its name\.\n$/],
      [folder, /is not a file/],
    ] as const) {
      const { status, err } = await ringup(`restore ${path} --yes`);
      assert.equal(status, 1, path);
      assert.match(err, expected);
    }
    assert.ok(!readdirSync(dataDir).some((name) => /before-restore|draft/.test(name)));
    assert.equal((await ringup('account show alice')).status, 0);
  });

  test('ends the codes, auth tokens and user keys of the copy, which would otherwise become valid again', async () => {
    const url = join(tempDirectory(), 'ringup.sqlite');
    const t = await openTestApp(url);
    const account = await t.makeAccount({ activated: true });
    const code = await t.makeToken(account);
    const named = (await t.api('POST', `/api/accounts/${account.id}/api_keys`, { name: 'kept' })).json.api_key;
    const user = await t.server.inject({ url: '/api/accounts/me/api_key', headers: { 'x-api-key': named } });
    const auth = (await t.server.inject({ method: 'POST', url: '/api/accounts/auth_token' })).json().token;
    const copy = join(tempDirectory(), 'copy.sqlite');
    const ringup = openTerminal({ RINGUP_DATA_DIR: t.app.settings.dataDir });
    await ringup(`backup ${copy}`);
    await t.close();
    const { out } = await ringup(`restore ${copy} --yes`);
    assert.match(out, /Ended in the copy: \d open codes?, 1 API key of users, 0 unfinished imports, 0 waiting mails\./);
    const again = await openTestApp(url);
    const base = await again.server.inject({ url: '/provisioning' });
    assert.equal((await again.server.inject({ url: `/provisioning/${code}` })).body, base.body);
    const attach = `/api/accounts/auth_token/${auth}/attach`;
    assert.equal((await again.server.inject({ url: attach, headers: { 'x-api-key': named } })).statusCode, 404);
    const statusOf = async (key: string) =>
      (await again.server.inject({ url: '/api/accounts/me', headers: { 'x-api-key': key } })).statusCode;
    assert.deepEqual([await statusOf(user.body), await statusOf(named)], [401, 200]);
    await again.close();
  });
});

forEachDatabase('backup and restore', (makeUrl) => {
  test('leave PostgreSQL databases to the programs of PostgreSQL', async () => {
    const url = await makeUrl();
    if (!url.startsWith('postgres')) return;
    const ringup = openTerminal({ RINGUP_DATABASE_URL: url });
    for (const [words, program] of [
      ['backup /tmp/x', /pg_dump .*\/tmp\/x/],
      ['restore /tmp/x --yes', /pg_restore .*\/tmp\/x/],
    ] as const) {
      const { status, err } = await ringup(words);
      assert.equal(status, 1);
      assert.match(err, program);
      assert.ok(!err.includes(url), 'the URL may contain a password');
    }
  });
});
