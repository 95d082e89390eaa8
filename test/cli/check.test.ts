import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { sql } from 'kysely';
import { dialectOf, openDatabase } from '../../src/storage/dialect.ts';
import { environmentOf, openTerminal } from '../support/cli.ts';
import { forEachDatabase } from '../support/databases.ts';
import { migrationNames } from '../support/migrations.ts';
import { tempDirectory } from '../support/temp-directory.ts';

const fine = { wrong: [], unwise: [] };
const unset = { ...fine, unset: true };

// One database: it is about settings and files.
describe('ringup check', () => {
  test('reports everything that is wrong at once, and ends with status 1', async () => {
    const dataDir = tempDirectory();
    writeFileSync(join(dataDir, 'ringup.sqlite'), 'something else'.repeat(100));
    writeFileSync(join(dataDir, 'hooks.ts'), 'export default { proxi() {} };\n');
    writeFileSync(join(dataDir, 'rc'), 'early=1\n[sip\n');
    const ringup = openTerminal({
      RINGUP_DATA_DIR: dataDir,
      RINGUP_LINPHONERC: join(dataDir, 'rc'),
      RINGUP_LISTEN: 'nowhere',
      RINGUP_LOG_LEVEL: 'loud',
    });
    const { status, json, err } = await ringup('check --json');
    assert.equal(status, 1);
    assert.equal(err, '6 things are wrong.\n');
    assert.match(json.settings.wrong[0], /^RINGUP_LISTEN "nowhere" must be /);
    assert.match(json.settings.wrong[1], /^RINGUP_LOG_LEVEL "loud" must be /);
    assert.match(json.linphonerc.wrong[0], /rc:1:1: /);
    assert.match(json.linphonerc.wrong[1], /rc:2:\d+: /);
    assert.match(json.hooks.wrong[0], /hooks\.ts:1:\d+: there is no hook "proxi", did you mean proxy\?/);
    assert.match(json.database.wrong[0], /^The database \S+\/ringup\.sqlite cannot be used: file is not a database\./);
    const words = await ringup('check');
    assert.match(
      words.out,
      /^settings: wrong\n {2}RINGUP_LISTEN "nowhere" must be .*\n[\s\S]*\ndatabase: wrong\n {2}The database/,
    );
  });

  test('does not check the file or database of an invalid setting', async () => {
    const ringup = openTerminal({ RINGUP_DATABASE_URL: 'mysql://db', RINGUP_DATA_DIR_FILE: '/nonexistent/file' });
    const { status, json } = await ringup('check --json');
    assert.equal(status, 1);
    assert.equal(json.settings.wrong.length, 2);
    const notLookedAt = {
      wrong: [],
      unwise: ['Not checked, because the setting that says where it is has a mistake.'],
    };
    assert.deepEqual([json.hooks, json.database], [notLookedAt, notLookedAt]);
  });

  test('reports a missing --env-file as a mistake', async () => {
    const { status, json } = await openTerminal()('check --env-file /nonexistent/env --json');
    assert.equal(status, 1);
    assert.match(json.settings.wrong[0], /^--env-file \/nonexistent\/env cannot be read/);
  });

  test('reports a data directory that cannot be created', async () => {
    const folder = tempDirectory();
    writeFileSync(join(folder, 'file'), '');
    const { status, json } = await openTerminal({ RINGUP_DATA_DIR: join(folder, 'file', 'data') })('check --json');
    assert.equal(status, 1);
    assert.match(json.database.wrong[0], /file.*is not a folder/);
  });

  test('reports a linphonerc or hooks file that is missing or a folder', async () => {
    const folder = tempDirectory();
    mkdirSync(join(folder, 'folder.ts'));
    for (const path of [join(folder, 'missing.ts'), join(folder, 'folder.ts')]) {
      const { status, json } = await openTerminal({ RINGUP_LINPHONERC: path, RINGUP_HOOKS: path })('check --json');
      assert.equal(status, 1);
      assert.equal(json.linphonerc.wrong.length, 1);
      assert.equal(json.hooks.wrong.length, 1);
    }
  });
});

forEachDatabase('ringup check', (makeUrl, makeEmptyUrl) => {
  // Nodes that share a database must share it.
  const secret = 's'.repeat(32);
  const sound = async () => ({
    ...environmentOf(await makeUrl()),
    RINGUP_SECRET: secret,
    RINGUP_PUBLIC_URL: 'https://ringup.example.test',
  });

  test('ends with status 0 for a sound installation', async () => {
    const ringup = openTerminal(await sound());
    await ringup('migrate');
    const { status, json, err } = await ringup('check --json');
    assert.deepEqual(
      [status, err, json],
      [0, '', { settings: fine, linphonerc: unset, hooks: unset, database: fine, files: fine }],
    );
    assert.equal(
      (await ringup('check')).out,
      'settings: fine\nlinphonerc: not set\nhooks: not set\ndatabase: fine\nfiles: fine\n',
    );
  });

  test('checks the linphonerc of a space even if the instance has none', async () => {
    const ringup = openTerminal(await sound());
    await ringup('migrate');
    await ringup(['space', 'set', 'sip.example.test', 'linphonerc=[sip]\nuse_ipv6=1\n']);
    assert.match((await ringup('check')).out, /^linphonerc: fine$/m);
  });

  test('reports settings that are unwise, with status 0', async () => {
    const linphonerc = join(tempDirectory(), 'rc');
    writeFileSync(linphonerc, '[sip]\n; a comment of another kind\nmedia_encryption=srtp\n');
    const ringup = openTerminal({
      ...environmentOf(await makeUrl()),
      RINGUP_SECRET: secret,
      RINGUP_LINPHONERC: linphonerc,
      RINGUP_TRUSTED_PROXIES: '127.0.0.1',
    });
    await ringup('migrate');
    await ringup('space set sip.example.test retry_window=0');
    await ringup(['space', 'set', 'sip.example.test', 'linphonerc=[sip]\n;x', 'username_pattern=^.{1,20}$']);
    const { status, json } = await openTerminal({ ...ringup.environment, RINGUP_SIP_DOMAIN: 'sip.new.test' })(
      'check --json',
    );
    assert.equal(status, 0);
    assert.match(json.settings.unwise[0], /^http:\/\/127\.0\.0\.1:8080: Only this machine/);
    assert.match(json.settings.unwise[1], /`\.\/ringup space set sip\.example\.test retry_window=`/);
    assert.match(json.settings.unwise[2], /`\.\/ringup space add sip\.new\.test`/);
    assert.match(
      json.settings.unwise[3],
      /^sip\.example\.test: username_pattern \^\.\{1,20\}\$ allows user names with ; " @ : \\ or/,
    );
    assert.match(json.linphonerc.unwise[0], /rc:2:1: /);
    assert.match(json.linphonerc.unwise[1], /^space sip\.example\.test:2:1: /);
    assert.deepEqual([json.hooks, json.database], [unset, fine]);
  });

  test('accepts an empty database, and says if a command has to migrate it', async () => {
    const url = await makeEmptyUrl();
    const embedded = dialectOf(url) === 'sqlite';
    const ringup = openTerminal(environmentOf(url));
    const lacks = `The database lacks ${migrationNames.join(', ')}. Apply the pending migrations with \`./ringup migrate\` or \`./ringup serve\`.`;
    const { status, json } = await ringup('check --json');
    assert.deepEqual([status, json.database.wrong], [0, []]);
    if (embedded) assert.match(json.database.unwise[0], /^There is no database in /);
    else assert.deepEqual(json.database.unwise, [lacks]);
    await ringup('migrate');
    assert.deepEqual((await ringup('check --json')).json.database, fine);
  });

  test('refuses a database of a later version in one sentence, as every command does', async () => {
    const url = await makeUrl();
    const ringup = openTerminal(environmentOf(url));
    await ringup('migrate');
    const database = await openDatabase(url);
    await sql`insert into kysely_migration (name, timestamp) values ('0999-later', '2030-01-01')`.execute(database);
    await database.close();
    const complaint = /^The database is newer than this program \(it has 0999-later\): .*\.$/;
    const { status, json } = await ringup('check --json');
    assert.equal(status, 1);
    assert.deepEqual(json.database.wrong.length, 1);
    assert.match(json.database.wrong[0], complaint);
    for (const words of ['account list', 'migrate', 'migrate --status', 'serve']) {
      const { status, err } = await ringup(words);
      assert.deepEqual([words, status], [words, 1]);
      assert.match(err.trimEnd(), complaint);
    }
  });

  test('names a space whose pattern for user names cannot be read', async () => {
    const url = await makeUrl();
    const ringup = openTerminal(environmentOf(url));
    await ringup('migrate');
    await ringup('space list');
    const database = await openDatabase(url);
    await sql`update spaces set username_pattern = '^(?=a)b'`.execute(database);
    await database.close();
    const { status, json } = await ringup('check --json');
    assert.equal(status, 1);
    assert.match(json.database.wrong[0], /^sip\.example\.test: the username_pattern "\^\(\?=a\)b" looks ahead or back/);
  });
});
