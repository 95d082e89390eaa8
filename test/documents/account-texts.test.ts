import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import type { Account } from '../../src/accounts/account.ts';
import { getAccount } from '../../src/accounts/account-store.ts';
import { openTestApp, type TestApp } from '../support/app.ts';
import { dumpDatabase } from '../support/database-dump.ts';
import { forEachDatabase } from '../support/databases.ts';
import { assertValidDocument, parseDocument } from '../support/xml.ts';

const spaceText = '[proxy_0]\nreg_expires=600\n[sip]\nmedia_encryption=srtp\n[ui]\ntheme=light\n';
const ownText = '[proxy_0]\nreg_expires=120\n[ui]\ntheme=dark\n[extra]\nkey=own\n';

forEachDatabase("an account's own linphonerc text", (makeUrl) => {
  let t: TestApp;
  before(async () => {
    t = await openTestApp(await makeUrl());
  });
  after(() => t.close());
  afterEach(() => t.setSpace({ linphonerc: '', seeded: [], refetch: 'once' }));

  const documentOf = async (account: Account) => {
    const { body } = await t.server.inject({ url: `/provisioning/${await t.makeToken(account)}` });
    assertValidDocument(body);
    const document = parseDocument(body);
    return (section: string, entry: string) => document.get(section)?.get(entry);
  };

  test("takes precedence over the space's text, but not over the fields of the account", async () => {
    await t.setSpace({ linphonerc: spaceText });
    const entry = await documentOf(await t.makeAccount({ linphonerc: `${ownText}[proxy_0]\nreg_identity=x\n` }));
    assert.equal(entry('proxy_0', 'reg_expires')?.value, '120');
    assert.equal(entry('sip', 'media_encryption')?.value, 'srtp');
    assert.equal(entry('extra', 'key')?.value, 'own');
    assert.match(entry('proxy_0', 'reg_identity')?.value ?? '', /^<sip:/);
    assert.match(entry('misc', 'contacts-vcard-list')?.value ?? '', /\/contacts\/vcard$/);
  });

  test('replaces what the server adds, and is not in documents of other accounts', async () => {
    const own = await documentOf(await t.makeAccount({ linphonerc: '[misc]\ncontacts-vcard-list=https://own.test\n' }));
    assert.equal(own('misc', 'contacts-vcard-list')?.value, 'https://own.test');
    const other = await documentOf(await t.makeAccount());
    assert.notEqual(other('misc', 'contacts-vcard-list')?.value, 'https://own.test');
    assert.ok(!(await t.server.inject({ url: '/provisioning' })).body.includes('own.test'));
  });

  test('is seeded by the patterns of the space', async () => {
    await t.setSpace({ seeded: ['ui/*'] });
    const entry = await documentOf(await t.makeAccount({ linphonerc: ownText }));
    assert.equal(entry('ui', 'theme')?.overwrite, false);
    assert.equal(entry('extra', 'key')?.overwrite, true);
  });

  test('is set, shown and emptied by administrators, and sent back unchanged', async () => {
    const { json } = await t.api('POST', '/api/accounts', { username: 'own', password: 'secret', linphonerc: ownText });
    assert.equal(json.linphonerc, ownText);
    const url = `/api/accounts/${json.id}`;
    const { json: shown } = await t.api('GET', url);
    assert.equal(shown.linphonerc, ownText);
    assert.equal((await t.api('PUT', url, shown)).status, 200);
    assert.equal((await getAccount(t.app.database, json.id)).linphonerc, ownText);
    const changed = await t.api('PUT', url, { linphonerc: '' });
    assert.equal(changed.json.linphonerc, '');
    const { json: events } = await t.api('GET', `${url}/events`);
    assert.equal(events.data.at(-1).detail?.fields ?? JSON.stringify(events.data), 'linphonerc');
  });

  test('is not shown to the user, who cannot change it either', async () => {
    const user = await t.makeAccount({ linphonerc: ownText, activated: true });
    const friend = await t.makeAccount({ linphonerc: ownText });
    await t.api('POST', `/api/accounts/${user.id}/contacts/${friend.id}`);
    const key = (await t.api('POST', `/api/accounts/${user.id}/api_keys`, { name: 'k' })).json.api_key;
    for (const url of ['/api/accounts/me', '/api/accounts/me/contacts', '/api/accounts/me/provision']) {
      const { statusCode, body } = await t.server.inject({ url, headers: { 'x-api-key': key } });
      assert.equal(statusCode, 200);
      assert.ok(!body.includes('linphonerc'), url);
    }
    const url = `/api/accounts/${user.id}`;
    const refused = await t.server.inject({
      method: 'PUT',
      url,
      headers: { 'x-api-key': key },
      payload: { linphonerc: '' },
    });
    assert.equal(refused.statusCode, 403);
  });

  test('is refused with every mistake, and nothing is changed', async () => {
    const account = await t.makeAccount({ linphonerc: ownText });
    const before = await dumpDatabase(t.app.database);
    const broken = '[sip\nkey=1\nno key\n';
    for (const [method, url, rest] of [
      ['PUT', `/api/accounts/${account.id}`, {}],
      ['POST', '/api/accounts', { username: 'broken', password: 'secret' }],
    ] as const) {
      const { status, json } = await t.api(method, url, { ...rest, linphonerc: broken });
      assert.deepEqual([status, Object.keys(json.errors)], [422, ['linphonerc']]);
      assert.match(json.errors.linphonerc[0], /^line 1: .*\[sip/);
      assert.match(json.errors.linphonerc.at(-1), /^line 3: .*no key/);
    }
    assert.equal((await t.api('PUT', `/api/accounts/${account.id}`, { linphonerc: '#'.repeat(20_001) })).status, 422);
    assert.deepEqual(await dumpDatabase(t.app.database), before);
  });

  test('appears in the preview as an origin, with its line', async () => {
    await t.setSpace({ linphonerc: spaceText });
    const account = await t.makeAccount({ username: 'origin', linphonerc: ownText });
    const { json } = await t.api('GET', `/api/accounts/${account.id}/preview`);
    const entries = json.sections.find(({ name }: { name: string }) => name === 'proxy_0').entries;
    const { value, layer, file, line } = entries.find(({ name }: { name: string }) => name === 'reg_expires');
    const expected = ['120', 'account-text', 'account origin@sip.example.test', 2];
    assert.deepEqual([value, layer, file, line], expected);
  });

  test('moves the external account to the next place if it has a proxy, and a revoked phone loses it there', async () => {
    await t.setSpace({ refetch: 'every-start' });
    const account = await t.makeAccount({
      linphonerc: '[proxy_1]\nreg_proxy=<sip:second.test>\n[ldap_0]\npassword=sesame\n',
    });
    const external = { username: 'ext', domain: 'other.test', password: 'secret' };
    await t.api('POST', `/api/accounts/${account.id}/external`, external);
    const entry = await documentOf(account);
    assert.equal(entry('proxy_2', 'idkey')?.value, 'external_account');
    const [address = ''] = /\/provisioning\/me.*/.exec(entry('misc', 'config-uri')?.value ?? '') ?? [];
    const { json: devices } = await t.api('GET', `/api/accounts/${account.id}/devices`);
    await t.api('DELETE', `/api/accounts/${account.id}/devices/${Object.keys(devices)[0]}`);
    const { body } = await t.server.inject({ url: address, headers: { 'x-linphone-provisioning': '1' } });
    assert.equal(parseDocument(body).get('proxy_2')?.get('reg_sendregister')?.value, '0');
    assert.doesNotMatch(body, /sesame|second\.test/, 'a revoked phone is not asked who it is');
  });
});
