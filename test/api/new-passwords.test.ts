import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import type { Account } from '../../src/accounts/account.ts';
import { openTestApp, type TestApp } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';
import { type PanelBrowser, panelBrowser, sameOrigin } from '../support/panel.ts';
import { parseDocument } from '../support/xml.ts';

const modern = { 'x-linphone-provisioning': '1', 'user-agent': 'LinphoneAndroid/5.2.5 (Pixel 7) LinphoneSDK/5.3.74' };
const pixel = /Pixel 7/;

forEachDatabase('the effects of a new password and of a block', (makeUrl) => {
  let t: TestApp;
  let account: Account;
  before(async () => {
    t = await openTestApp(await makeUrl());
    await t.setSpace({ refetch: 'every-start' });
  });
  beforeEach(async () => {
    account = await t.makeAccount({ activated: true });
  });
  after(() => t.close());

  const get = (url: string, headers: Record<string, string> = {}) => t.server.inject({ url, headers });
  const statusBy = async (key: string): Promise<number> =>
    (await get('/api/accounts/me', { 'x-api-key': key })).statusCode;
  const namedKey = async (): Promise<string> =>
    (await t.api('POST', `/api/accounts/${account.id}/api_keys`, { name: 'backup' })).json.api_key;
  const fetchKey = (by: string) => get('/api/accounts/me/api_key', { 'x-api-key': by });
  const userKey = async (): Promise<string> => (await fetchKey(await namedKey())).body;
  const attachedToken = async (by: string): Promise<string> => {
    const { token } = (await t.server.inject({ method: 'POST', url: '/api/accounts/auth_token' })).json();
    assert.equal((await get(`/api/accounts/auth_token/${token}/attach`, { 'x-api-key': by })).statusCode, 200);
    return token;
  };
  const phone = async (sent: Record<string, string> = modern) => {
    const { body } = await get(`/provisioning/${await t.makeToken(account)}`, sent);
    const misc = parseDocument(body).get('misc');
    const key = (misc?.get('config-uri-header_0')?.value ?? '').replace('x-device-key: ', '');
    const { pathname, search } = new URL(misc?.get('config-uri')?.value ?? '');
    return { fetch: () => get(`${pathname}${search}`, { ...sent, ...(key === '' ? {} : { 'x-device-key': key }) }) };
  };
  const put = (body: object) => t.api('PUT', `/api/accounts/${account.id}`, body);
  const devicesOf = async () => Object.values((await t.api('GET', `/api/accounts/${account.id}/devices`)).json);
  const changeOwn = (by: string, more: object = {}) =>
    t.server.inject({
      method: 'POST',
      url: '/api/accounts/me/password',
      headers: { 'x-api-key': by },
      payload: { old_password: 'secret', password: 'renewed', ...more },
    });
  const blockedAndBack = async (): Promise<void> => {
    for (const change of ['block', 'unblock']) await t.api('POST', `/api/accounts/${account.id}/${change}`);
  };

  const newPasswords: Readonly<Record<string, () => Promise<unknown>>> = {
    'an administrator sets': () => put({ password: 'renewed' }),
    'the user sets with a named key': async () => changeOwn(await namedKey()),
    'a code sets by reset_password': async () =>
      get(`/provisioning/${await t.makeToken(account)}?reset_password`, modern),
  };
  for (const [who, set] of Object.entries(newPasswords)) {
    test(`a new password that ${who} ends fetched keys and attached auth tokens; named keys and devices stay`, async () => {
      const [named, user, { fetch }] = [await namedKey(), await userKey(), await phone()];
      const token = await attachedToken(user);
      await set();
      assert.equal(await statusBy(user), 401);
      assert.equal((await get(`/api/accounts/me/api_key/${token}`)).statusCode, 404);
      assert.equal((await get(`/provisioning/auth_token/${token}`, modern)).statusCode, 404);
      assert.equal(await statusBy(named), 200);
      assert.equal((await fetch()).statusCode, 200);
    });
  }

  test('a fetched key that asks for a new password stays valid, and the others end', async () => {
    const [asking, other] = [await userKey(), await userKey()];
    assert.equal((await changeOwn(asking)).statusCode, 200);
    assert.deepEqual([await statusBy(asking), await statusBy(other)], [200, 401]);
  });

  test('a change that sets no password, or is refused, ends nothing', async () => {
    const [user, { fetch }] = [await userKey(), await phone()];
    const changed = await put({ display_name: 'Alice' });
    assert.equal(changed.json.devices, undefined);
    assert.equal((await changeOwn(user, { old_password: 'wrong', revoke_devices: true })).statusCode, 422);
    const alone = await put({ revoke_devices: true });
    assert.equal(alone.status, 422);
    assert.match(alone.json.errors.revoke_devices[0], /only together with a new password/);
    assert.equal(await statusBy(user), 200);
    assert.match((await fetch()).body, /ha1/);
  });

  test('the answer to a new password names exactly the devices that will fetch it by their keys', async () => {
    await get(`/provisioning/${await t.makeToken(account)}`, { 'user-agent': 'Unknown' });
    await phone();
    for (const { devices } of [(await put({ password: 'renewed' })).json, (await put({ password: 'secret' })).json]) {
      assert.equal(devices.length, 1);
      assert.match(devices[0].device_name ?? devices[0].name, pixel);
      assert.equal(devices[0].revoked_at, null);
    }
    const own = (await changeOwn(await namedKey())).json();
    assert.match(own.devices[0].device_name ?? own.devices[0].name, pixel);
  });

  test('a code that sets a new password counts the other devices that fetch it by their keys, without revoked ones', async () => {
    const countOf = async () => {
      await get(`/provisioning/${await t.makeToken(account)}?reset_password`, modern);
      const { data } = (await t.api('GET', `/api/accounts/${account.id}/events`)).json;
      return data.findLast((each: { kind: string }) => each.kind === 'fetched').detail.following;
    };
    await get(`/provisioning/${await t.makeToken(account)}`, { 'user-agent': 'Unknown' });
    assert.equal(await countOf(), 0);
    await phone();
    assert.equal(await countOf(), 2);
    await put({ password: 'renewed', revoke_devices: true });
    assert.equal(await countOf(), 0);
  });

  const revoking: Readonly<Record<string, () => Promise<{ devices: { revoked_at: string | null }[] }>>> = {
    'an administrator': async () => (await put({ password: 'renewed', revoke_devices: true })).json,
    'the user': async () => (await changeOwn(await namedKey(), { revoke_devices: true })).json(),
  };
  for (const [who, revoke] of Object.entries(revoking)) {
    test(`${who} can revoke all devices together with the change, with a key or without`, async () => {
      const phones = [await phone(), await phone({ 'user-agent': 'Unknown' })];
      const { devices } = await revoke();
      assert.deepEqual(
        devices.map(({ revoked_at: at }) => at !== null),
        [true, true],
      );
      for (const { fetch } of phones) {
        const { statusCode, body } = await fetch();
        assert.equal(statusCode, 200);
        assert.equal(parseDocument(body).get('proxy_0')?.get('reg_identity')?.value, '');
      }
      const events = (await t.api('GET', `/api/accounts/${account.id}/events`)).json.data as { kind: string }[];
      const kinds = events.map(({ kind }) => kind);
      assert.equal(kinds.filter((kind) => kind === 'device-revoked').length, 2);
      assert.equal(kinds.filter((kind) => kind === 'password-changed').length, 1);
    });
  }

  test('phones that fetch while they are revoked together with a new password do not get the new password', async () => {
    const phones = [await phone(), await phone(), await phone()];
    const fetching = phones.flatMap(({ fetch }) => [fetch(), fetch()]);
    const [, ...answers] = await Promise.all([put({ password: 'renewed', revoke_devices: true }), ...fetching]);
    const current = parseDocument((await get(`/provisioning/${await t.makeToken(account)}`, modern)).body);
    const ha1 = current.get('auth_info_0')?.get('ha1')?.value ?? '';
    assert.match(ha1, /^[0-9a-f]{64}$/);
    for (const { body } of answers) assert.ok(!body.includes(ha1));
    assert.equal((await devicesOf()).length, 4);
  });

  test('a key or an auth token that is requested while the password changes ends with the old password', async () => {
    for (const end of [() => put({ password: 'renewed' }), blockedAndBack]) {
      const user = await userKey();
      const asked = Array.from({ length: 6 }, () => fetchKey(user));
      const tokens = await Promise.all(asked.map(async () => attachedToken(user)).map((each) => each.catch(() => '')));
      const exchanged = tokens.map((token) => get(`/api/accounts/me/api_key/${token}`));
      await Promise.all([end(), ...asked, ...exchanged]);
      for (const answer of await Promise.all([...asked, ...exchanged])) {
        if (answer.statusCode !== 200) continue;
        const key = /json/.test(String(answer.headers['content-type'])) ? answer.json().api_key : answer.body;
        assert.equal(await statusBy(key), 401);
      }
      assert.equal(await statusBy(user), 401);
    }
  });

  test('a block ends fetched keys and attached auth tokens, and suspends named keys and devices', async () => {
    const [named, user, { fetch }] = [await namedKey(), await userKey(), await phone()];
    const token = await attachedToken(user);
    await t.api('POST', `/api/accounts/${account.id}/block`);
    assert.deepEqual([await statusBy(named), await statusBy(user), (await fetch()).statusCode], [403, 401, 403]);
    await t.api('POST', `/api/accounts/${account.id}/unblock`);
    assert.deepEqual([await statusBy(named), await statusBy(user), (await fetch()).statusCode], [200, 401, 200]);
    assert.equal((await get(`/api/accounts/me/api_key/${token}`)).statusCode, 404);
  });
});

forEachDatabase('a session that sets its own password by the API', (makeUrl) => {
  let t: TestApp;
  before(async () => {
    t = await openTestApp(await makeUrl());
  });
  after(() => t.close());

  const cookieOf = ({ cookies }: PanelBrowser) => [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  for (const [method, path, more] of [
    ['POST', (_id: number) => '/api/accounts/me/password', { old_password: 'administrator' }],
    ['PUT', (id: number) => `/api/accounts/${id}`, {}],
  ] as const) {
    test(`gets a new cookie from ${method}, and the other sessions end`, async () => {
      const { id, username } = await t.makeAccount({ admin: true, activated: true, password: 'administrator' });
      const [own, other] = [panelBrowser(t), panelBrowser(t)];
      for (const each of [own, other]) await each.signIn(username, 'administrator');
      const [cookie, ended] = [cookieOf(own), cookieOf(other)];
      const statusBy = async (sent: string) =>
        (await t.server.inject({ url: '/api/accounts/me', headers: { cookie: sent } })).statusCode;
      const headers = { ...sameOrigin, cookie };
      const payload = { ...more, password: 'a long password' };
      const answer = await t.server.inject({ method, url: path(id), headers, payload });
      assert.equal(answer.statusCode, 200, answer.body);
      const renewed = answer.cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
      const statuses = [];
      for (const sent of [renewed, cookie, ended]) statuses.push(await statusBy(sent));
      assert.deepEqual(statuses, [200, 401, 401]);
    });
  }

  for (const lost of [{ admin: false }, { activated: false }]) {
    test(`ends too if the account gives up its rights at once: ${JSON.stringify(lost)}`, async () => {
      const { id, username } = await t.makeAccount({ admin: true, activated: true, password: 'administrator' });
      const own = panelBrowser(t);
      await own.signIn(username, 'administrator');
      const headers = { ...sameOrigin, cookie: cookieOf(own) };
      const payload = { ...lost, password: 'a long password' };
      const answer = await t.server.inject({ method: 'PUT', url: `/api/accounts/${id}`, headers, payload });
      assert.equal(answer.statusCode, 200, answer.body);
      assert.deepEqual(answer.cookies, []);
      assert.equal((await t.server.inject({ url: '/api/accounts/me', headers })).statusCode, 401);
    });
  }
});
