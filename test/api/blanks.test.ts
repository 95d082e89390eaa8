import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { getAccount } from '../../src/accounts/account-store.ts';
import { computeHa1 } from '../../src/sip/ha1.ts';
import { openTestApp, type TestApp } from '../support/app.ts';
import { forEachTerminal } from '../support/cli.ts';
import { forEachDatabase } from '../support/databases.ts';

/** Around a value that was copied: a BOM, a zero-width space, a no-break space, a line end. */
const around = (value: string): string => `\ufeff\u200b ${value}\u00a0\u200b\r\n`;

forEachDatabase('spaces around a value', (makeUrl) => {
  let t: TestApp;
  before(async () => {
    t = await openTestApp(await makeUrl());
  });
  after(() => t.close());

  const fields = { username: 'copied', email: 'copied@mail.test', phone: '+33601020311', display_name: 'Copied Name' };
  const wrapped = Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, around(value)]));

  test('are removed from names, addresses and phone numbers of an account, but not from its password', async () => {
    const body = { ...wrapped, domain: around('sip.example.test'), password: around('secret') };
    const { status, json } = await t.api('POST', '/api/accounts', body).catch(() => ({ status: 0, json: {} }));
    assert.equal(status, 422, 'a line end in a password is refused, not taken off');
    assert.deepEqual(Object.keys(json.errors), ['password']);
    const made = await t.api('POST', '/api/accounts', { ...body, password: ' secret\u00a0' });
    assert.equal(made.status, 200, made.text);
    const { username, email, phone, display_name, domain } = made.json;
    assert.deepEqual({ username, email, phone, display_name, domain }, { ...fields, domain: 'sip.example.test' });
    const { ha1s } = await getAccount(t.app.database, made.json.id);
    assert.equal(ha1s[0]?.ha1, computeHa1('SHA-256', 'copied', domain, ' secret\u00a0'));
  });

  test('are removed from the address in a search', async () => {
    const account = await t.makeAccount({ username: 'sought', email: 'sought@mail.test' });
    for (const path of [
      `${around('sought@sip.example.test')}/search`,
      `${around('sought@mail.test')}/search-by-email`,
    ]) {
      const [value = '', call] = path.split(/\/(?=search)/);
      const { json } = await t.api('GET', `/api/accounts/${encodeURIComponent(value)}/${call}`);
      assert.equal(json.id, account.id, path);
    }
  });

  test('are removed from the settings of a space, but not from its linphonerc and its secret', async () => {
    const linphonerc = '\n[sip]\nkey=1\n\n';
    const settings = {
      name: 'A name',
      registrar: 'sip:reg.test',
      realm: 'R',
      refetch: 'client',
      token_lifetime: '3d',
      turn_server: 'turn.test',
      host: 'phones.test',
    };
    const body = Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, around(value)]));
    const { json } = await t.api('POST', '/api/spaces', { ...body, domain: around('blanks.test'), linphonerc });
    for (const [name, value] of Object.entries(settings)) assert.equal(json[name], value, name);
    assert.deepEqual([json.domain, json.linphonerc], ['blanks.test', linphonerc]);
    assert.equal((await t.api('GET', `/api/spaces/${encodeURIComponent(around('blanks.test'))}`)).json.realm, 'R');
  });

  test('are removed from an external account, but not from its password and its HA1', async () => {
    const { id } = await t.makeAccount();
    const external = { username: 'out', domain: 'other.test', realm: 'R', registrar: 'reg.test', protocol: 'TCP' };
    const body = Object.fromEntries(Object.entries(external).map(([name, value]) => [name, around(value)]));
    const made = await t.api('POST', `/api/accounts/${id}/external`, { ...body, password: ' p ' });
    for (const [name, value] of Object.entries(external)) assert.equal(made.json[name], value, name);
    const { external: stored } = await getAccount(t.app.database, id);
    assert.equal(stored?.ha1s[1]?.ha1, computeHa1('MD5', 'out', 'R', ' p '));
    const ha1 = { ha1: ` ${'d'.repeat(32)}`, algorithm: 'MD5' };
    assert.equal((await t.api('POST', `/api/accounts/${id}/external`, { ...external, ...ha1 })).status, 422);
  });
});

forEachTerminal('spaces around the arguments of a command', (open) => {
  test('are removed', async () => {
    const ringup = await open({ RINGUP_SIP_DOMAIN: around('typed.test'), RINGUP_LISTEN: ' 127.0.0.1:8099\r' });
    const added = await ringup(['account', 'add', around('anna'), '--email', around('anna@mail.test'), '--json']);
    assert.equal(added.status, 0, added.err);
    assert.deepEqual(
      [added.json.username, added.json.domain, added.json.email],
      ['anna', 'typed.test', 'anna@mail.test'],
    );
    assert.match(added.json.provisioning_url ?? added.out, /127\.0\.0\.1:8099/);
    const set = [
      'account',
      'set',
      around('anna@typed.test'),
      ` phone =${around('+33601020304')}`,
      `admin= true `,
      '--json',
    ];
    const changed = await ringup(set);
    assert.deepEqual([changed.json.phone, changed.json.admin], ['+33601020304', true], changed.err);
    assert.equal((await ringup(['space', 'show', around('typed.test')])).status, 0);
  });
});
