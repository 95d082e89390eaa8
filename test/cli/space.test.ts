import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileSettings } from '../../src/cli/fields.ts';
import { defaultSettings } from '../../src/spaces/setting-values.ts';
import { spaceWith } from '../../src/spaces/space.ts';
import { spaceJson } from '../../src/views/space.ts';
import { openTestApp } from '../support/app.ts';
import { forEachTerminal } from '../support/cli.ts';
import { tempDirectory } from '../support/temp-directory.ts';

forEachTerminal('ringup space', (open) => {
  test('the first space is created with the database, as the settings say', async () => {
    const ringup = await open({
      RINGUP_SIP_DOMAIN: 'sip.mine.test',
      RINGUP_SIP_REGISTRAR: 'sip:pbx.mine.test;transport=tcp',
    });
    const [space, ...others] = (await ringup('space list --json')).json;
    assert.deepEqual(others, []);
    assert.deepEqual(
      [space.domain, space.registrar, space.super],
      ['sip.mine.test', 'sip:pbx.mine.test;transport=tcp', true],
    );
    assert.match((await ringup('space list')).out, /^domain .*\nsip\.mine\.test +- +sip\.mine\.test +yes +sip:pbx/);
  });

  test('the help of set names each setting that can be read from a file', async () => {
    const ringup = await open();
    const { out } = await ringup('space set --help');
    for (const name of fileSettings.keys()) assert.ok(out.includes(`${name}=@FILE`), name);
  });

  test('add creates a space, and show prints all of it', async () => {
    const ringup = await open();
    const words = [
      'space',
      'add',
      'sip.two.test',
      '--host',
      'two.test',
      '--name',
      'Number Two',
      '--registrar',
      'sip:pbx.test',
      '--super',
    ];
    const { status, json } = await ringup([...words, '--json']);
    assert.equal(status, 0);
    const { id, created_at, updated_at } = json;
    assert.equal(id, 2);
    assert.equal(created_at, updated_at);
    const usual = spaceJson(spaceWith(defaultSettings('sip.two.test'), { id, createdAt: 0, updatedAt: 0 }));
    const given = { host: 'two.test', name: 'Number Two', registrar: 'sip:pbx.test', super: true };
    assert.deepEqual(json, { ...usual, ...given, created_at, updated_at });
    assert.deepEqual((await ringup('space show SIP.two.test --json')).json, json);
    assert.match((await ringup('space show sip.two.test')).out, /^id +2\n[\s\S]*^algorithms +SHA-256$/m);
  });

  test('set changes the domain once it is confirmed, and names the accounts without a password', async () => {
    const ringup = await open();
    await ringup('account add alice');
    const refused = await ringup('space set sip.example.test domain=sip.example.com');
    assert.equal(refused.status, 1);
    assert.match(refused.err, /new domain "sip\.example\.com".*confirm=true/);
    const { status, out, err } = await ringup('space set sip.example.test domain=sip.example.com confirm=true');
    assert.equal(status, 0, err);
    assert.match(out, /^domain +sip\.example\.com$/m);
    assert.match(err, /no password now, and get one with their next code: alice@sip\.example\.com\./);
    const { json } = await ringup('space set sip.example.com domain=sip.example.org confirm=true --json');
    assert.equal(json.passwords_ended, undefined, 'alice has had none since');
    assert.equal((await ringup('account show alice@sip.example.org --json')).json.sip_uri, 'sip:alice@sip.example.org');
  });

  test('set changes the settings it names, and reads a linphonerc from a file', async () => {
    const ringup = await open();
    const file = join(tempDirectory(), 'rc');
    writeFileSync(file, '[sip]\nmedia_encryption=srtp\n');
    const words = [
      `linphonerc=@${file}`,
      'seeded=sip/*',
      'retry_window=60',
      'algorithms=SHA-256,MD5',
      'token_lifetime=1h',
      'super=true',
    ];
    const { json } = await ringup(['space', 'set', 'sip.example.test', ...words, '--json']);
    assert.deepEqual(
      [json.linphonerc, json.seeded, json.retry_window, json.algorithms, json.token_lifetime],
      ['[sip]\nmedia_encryption=srtp\n', ['sip/*'], 60, ['SHA-256', 'MD5'], '1h'],
    );
    const alice = (await ringup('account add alice --json')).json;
    assert.deepEqual(alice.passwords, [{ algorithm: 'SHA-256' }, { algorithm: 'MD5' }]);
    assert.equal(Date.parse(alice.provisioning_token_expire_at) - Date.parse(alice.created_at), 3_600_000);
    assert.match((await ringup('preview alice')).out, /<entry name="media_encryption">srtp<\/entry>/);
    assert.equal((await ringup('space set sip.example.test token_lifetime= --json')).json.token_lifetime, null);
  });

  test('set accepts a TURN secret in a file or a word, which is never shown', async () => {
    const ringup = await open();
    const file = join(tempDirectory(), 'secret');
    writeFileSync(file, 'as coturn has it\n');
    const before = (await ringup('space show sip.example.test')).out;
    assert.match(before, /^turn_secret_set +no$/m);
    for (const word of [`turn_secret=@${file}`, 'turn_secret=as coturn has it']) {
      const set = ['space', 'set', 'sip.example.test', 'turn_server=turn.example.test', word];
      const shown = [await ringup(set), await ringup([...set, '--json']), await ringup('space list --json')];
      for (const { out, err } of shown) assert.doesNotMatch(out + err, /coturn/);
      assert.match(shown[0]?.out ?? '', /^turn_secret_set +yes$/m);
    }
    const off = await ringup('space set sip.example.test turn_secret= turn_server= --json');
    assert.deepEqual([off.json.turn_secret_set, off.json.turn_server], [false, null]);
    assert.equal(
      (await ringup('space show sip.example.test')).out.replace(/^updated_at.*/m, ''),
      before.replace(/^updated_at.*/m, ''),
    );
  });

  test('set requires confirmation for a new realm', async () => {
    const ringup = await open();
    const refused = await ringup('space set sip.example.test realm=other');
    assert.equal(refused.status, 1);
    assert.match(
      refused.err,
      /^The new realm "other" invalidates the stored passwords of this space: .*confirm=true.*\n$/,
    );
    assert.equal((await ringup('space set sip.example.test realm=other confirm=true --json')).json.realm, 'other');
  });

  const refusals: readonly (readonly [words: string, status: number, complaint: RegExp])[] = [
    ['add sip.example.test', 1, /^domain "sip\.example\.test" is already taken by another space\.\n$/],
    ['add Not_A_Domain', 1, /^domain .*\.\n$/],
    ['add sip.two.test --registrar pbx', 1, /^registrar "pbx" must begin with "sip:".*\n$/],
    ['show sip.exampel.test', 1, /^There is no space "sip\.exampel\.test": did you mean sip\.example\.test\?\n$/],
    ['show sip.nowhere.invalid', 1, /`\.\/ringup space list` shows all spaces\.\n$/],
    ['set sip.example.test retry_window=601', 1, /^retry_window must be at most 600\.\n$/],
    [
      'set sip.example.test retry_window=abc super=maybe',
      1,
      /^super "maybe" must be true or false; retry_window "abc" must be a whole number or null\.\n$/,
    ],
    [
      'set sip.example.test turn_server=http://turn.test',
      1,
      /^turn_server "http:\/\/turn\.test" must be a host in lower case, .*\n$/,
    ],
    ['set sip.example.test turn_secret=short', 1, /^turn_secret must have at least 8 characters\.\n$/],
    [
      'set sip.example.test turn_lifetime=0',
      1,
      /^turn_lifetime "0" must be a duration from 1m to 366d, such as 24h\.\n$/,
    ],
    ['set sip.example.test turn_in_document=true', 1, /^turn_in_document needs turn_server and turn_secret\.\n$/],
    ['set sip.example.test algorithms=SHA-1', 1, /^algorithms "SHA-1" must be one of SHA-256, MD5\.\n$/],
    ['set sip.example.test refetch=never', 1, /^refetch "never" must be one of once, every-start, client\.\n$/],
    ['set sip.example.test linphonerc=broken', 1, /^linphonerc line 1: .*broken\.\n$/],
    [
      'set sip.example.test linphonerc=@/nonexistent/rc',
      2,
      /^\/nonexistent\/rc cannot be read: there is no such file\.\n$/,
    ],
    [
      'set sip.example.test domain=sip.other.test',
      1,
      /^The new domain "sip\.other\.test" changes .* Add confirm=true to continue\.\n$/,
    ],
    [
      'set sip.example.test phone_country=Germany',
      1,
      /^phone_country "Germany" must be the two-letter code of a country \(ISO 3166\), such as FR\.\n$/,
    ],
    ['set sip.example.test super=false', 1, /only super space/],
    ['set sip.example.test retry=1 retry_windwo=1', 2, /^There is no key "retry"/],
    ['delete sip.example.test --yes', 1, /only super space/],
  ];
  test('refuses wrong input with one line, and changes nothing', async () => {
    const ringup = await open();
    const before = (await ringup('space list --json')).out;
    for (const [words, expected, complaint] of refusals) {
      const { status, out, err } = await ringup(`space ${words} --json`);
      assert.deepEqual([status, out], [expected, ''], words);
      assert.match(err, complaint);
    }
    assert.equal((await ringup('space list --json')).out, before);
  });

  test('set restores the default of every setting that gets an empty value', async () => {
    const ringup = await open();
    await ringup('space add sip.two.test');
    const fresh = (await ringup('space show sip.two.test --json')).json;
    const changed = await ringup(
      'space set sip.two.test name=Two max_accounts=5 max_devices=2 overwrite_all=false algorithms=MD5 refetch=client ' +
        'password_min_length=9 username_pattern=^x seeded=a/b self_service=false turn_lifetime=2d directory=everyone',
    );
    assert.equal(changed.status, 0, changed.err);
    const emptied = await ringup(
      'space set sip.two.test name= max_accounts= max_devices= overwrite_all= algorithms= refetch= ' +
        'password_min_length= username_pattern= seeded= self_service= turn_lifetime= directory= --json',
    );
    assert.equal(emptied.status, 0, emptied.err);
    assert.deepEqual({ ...emptied.json, updated_at: '' }, { ...fresh, updated_at: '' });
  });

  test('delete refuses a space with accounts unless --with-accounts is given', async () => {
    const ringup = await open();
    await ringup('space add sip.two.test');
    await ringup('account add carl@sip.two.test');
    const refused = await ringup('space delete sip.two.test --yes');
    assert.equal(refused.status, 1);
    assert.match(refused.err, /^The space "sip\.two\.test" still has accounts: .* \(--with-accounts\)\.\n$/);
    assert.equal(
      (await ringup('space delete sip.two.test --with-accounts --yes')).out,
      'Deleted the space sip.two.test.\n',
    );
    assert.equal((await ringup('space list --json')).json.length, 1);
    assert.deepEqual((await ringup('account list --json')).json, []);
  });

  test('set and show print what the linter finds in the linphonerc, like the warnings of the API', async () => {
    const instance = join(tempDirectory(), 'instance');
    writeFileSync(instance, '[sip]\nuse_ipv6=1\n');
    const ringup = await open({ RINGUP_LINPHONERC: instance });
    const file = join(tempDirectory(), 'linphonerc');
    writeFileSync(file, '[sip]\nuse_ipv6=yes\n');
    const set = `space set sip.example.test linphonerc=@${file}`;
    const inWords = await ringup(set);
    assert.equal(inWords.status, 0, inWords.err);
    assert.match(inWords.err, /^space sip\.example\.test:2:1: error: wrong-type\n/);
    const { json, err } = await ringup(`${set} --json`);
    assert.equal(err, '');
    const t = await openTestApp(ringup.databaseUrl);
    assert.deepEqual(json.warnings, (await t.api('GET', '/api/spaces/sip.example.test')).json.warnings);
    await t.close();
    assert.match((await ringup('space show sip.example.test')).err, /wrong-type/);

    writeFileSync(instance, 'broken');
    assert.deepEqual((await ringup(`${set} --json`)).json.warnings, json.warnings);
    writeFileSync(file, '[sip]\nuse_ipv6=1\n');
    const mended = await ringup(set);
    assert.deepEqual([mended.status, mended.err], [0, '']);
    assert.equal(Object.hasOwn((await ringup(`${set} --json`)).json, 'warnings'), false);
  });
});
