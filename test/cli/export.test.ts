import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { computeHa1 } from '../../src/sip/ha1.ts';
import { forEachTerminal, openTerminal, type Terminal } from '../support/cli.ts';
import { requirePrograms } from '../support/debian.ts';
import { registrarPrograms, startRegistrar } from '../support/kamailio.ts';
import { register } from '../support/sip-register.ts';
import { tempDirectory } from '../support/temp-directory.ts';

const heading = 'username(string) domain(string) realm(string) algorithm(string) ha1(string)\n';

async function withAccounts(open: () => Promise<Terminal>): Promise<Terminal> {
  const ringup = await open();
  await ringup('space set sip.example.test algorithms=SHA-256,MD5');
  for (const name of ['alice', 'bob']) await ringup(`account add ${name} --password secret --activated`);
  await ringup('account add waiting');
  await ringup('account add blocked --activated');
  await ringup('account block blocked');
  return ringup;
}

forEachTerminal('ringup export kamailio', (open) => {
  test('writes the credentials of active accounts only', async () => {
    const ringup = await withAccounts(open);
    const { json } = await ringup('export kamailio --json');
    const row = (username: string, algorithm: 'SHA-256' | 'MD5') => ({
      username,
      domain: 'sip.example.test',
      realm: 'sip.example.test',
      algorithm,
      ha1: computeHa1(algorithm, username, 'sip.example.test', 'secret'),
    });
    assert.deepEqual(json, [row('alice', 'SHA-256'), row('bob', 'SHA-256'), row('alice', 'MD5'), row('bob', 'MD5')]);
    const { out } = await ringup('export kamailio --algorithm MD5');
    const line = (name: string) => `${name}:sip.example.test:sip.example.test:MD5:${row(name, 'MD5').ha1}\n`;
    assert.equal(out, `${heading}${line('alice')}${line('bob')}`);
  });

  test('says how many credentials it wrote, also if it is one', async () => {
    const ringup = await open();
    await ringup('account add alice --activated');
    const file = join(tempDirectory(), 'sip_credentials');
    assert.equal((await ringup(['export', 'kamailio', file])).out, `Wrote 1 credential to ${file}.\n`);
  });

  test('escapes colons', async () => {
    const ringup = await open({ RINGUP_SIP_DOMAIN: '[::1]' });
    await ringup(['space', 'set', '[::1]', 'username_pattern=^.+$']);
    await ringup(['account', 'add', 'ab@[::1]', '--activated']);
    assert.match((await ringup('export kamailio')).out, /\nab:\[\\:\\:1\]:\[\\:\\:1\]:SHA-256:[0-9a-f]{64}\n$/);
  });

  test('writes a complete file that only its owner can read; an existing file keeps its mode', async () => {
    const ringup = await withAccounts(open);
    const folder = tempDirectory();
    const file = join(folder, 'sip_credentials');
    const { out } = await ringup(['export', 'kamailio', file]);
    assert.equal(out, `Wrote 4 credentials to ${file}.\n`);
    assert.equal(readFileSync(file, 'utf8').split('\n').length, 6);
    assert.equal(statSync(file).mode & 0o777, 0o600);
    const before = process.umask(0);
    const unmasked = join(folder, 'unmasked');
    await ringup(['export', 'kamailio', unmasked]);
    process.umask(before);
    assert.equal(statSync(unmasked).mode & 0o777, 0o600, 'whatever the umask');
    rmSync(unmasked);
    chmodSync(file, 0o640);
    const link = join(folder, 'link');
    symlinkSync(file, link);
    assert.deepEqual((await ringup(['export', 'kamailio', link, '--algorithm', 'SHA-256', '--json'])).json, {
      file: link,
      credentials: 2,
    });
    assert.equal(statSync(file).mode & 0o777, 0o640);
    assert.equal(readFileSync(file, 'utf8').split('\n').length, 4);
    assert.deepEqual(readdirSync(folder).sort(), ['link', 'sip_credentials']);
  });

  test('fails with one line and status 1 if it cannot write', async () => {
    const ringup = await withAccounts(open);
    const folder = tempDirectory();
    mkdirSync(join(folder, 'folder'));
    for (const path of [join(folder, 'folder'), join(folder, 'missing', 'file'), '/dev/null']) {
      const { status, out, err } = await ringup(['export', 'kamailio', path]);
      assert.deepEqual([status, out], [1, ''], path);
      assert.match(err, /^\S+ (?:is not a file|cannot be written: its folder does not exist)\.\n$/);
    }
  });

  test('prints a table without rows and an empty list if there are no accounts', async () => {
    const ringup = await open();
    assert.equal((await ringup('export kamailio')).out, heading);
    assert.equal((await ringup('export kamailio --json')).out, '[]\n');
  });
});

// One database: only the file is tested.
for (const algorithm of ['SHA-256', 'MD5'] as const) {
  test(`a Kamailio that reads the file (db_text) lets its accounts register, with ${algorithm}`, async (t) => {
    if (!requirePrograms(t, registrarPrograms)) return;
    const ringup = await withAccounts(async () => {
      const terminal = openTerminal();
      await terminal('migrate');
      return terminal;
    });
    const folder = tempDirectory();
    const table = join(folder, 'credentials');
    await ringup(['export', 'kamailio', table, '--algorithm', algorithm]);
    const registrar = await startRegistrar({ database: { text: folder }, algorithm, table: 'credentials' });
    t.after(() => registrar.stop());
    const { port } = registrar;
    const as = (username: string, password: string) =>
      register({ port, username, domain: 'sip.example.test', password });
    assert.equal(await as('alice', 'secret'), 200, registrar.log());
    assert.equal(await as('alice', 'wrong'), 401);
    assert.equal(await as('blocked', 'secret'), 401);
    assert.deepEqual(await registrar.registered(), ['alice@sip.example.test']);

    await ringup('account password alice --password changed');
    await ringup(['export', 'kamailio', table, '--algorithm', algorithm]);
    // Kamailio tells files apart by the second they were written in.
    const later = Date.now() / 1000 + 60;
    utimesSync(table, later, later);
    assert.equal(await as('alice', 'secret'), 401, 'the new file counts at once');
    assert.equal(await as('alice', 'changed'), 200);
  });
}
