import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import type { Account } from '../../src/accounts/account.ts';
import { buildServer } from '../../src/server.ts';
import { openTestApp, type TestApp, testDomain } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';
import { answerChallenge } from '../support/digest-client.ts';
import type { Json } from '../support/json.ts';
import { waitUntil } from '../support/wait-until.ts';
import { parseDocument } from '../support/xml.ts';

const modern = { 'x-linphone-provisioning': '1', 'user-agent': 'LinphoneAndroid/5.2.5 (Pixel 7) LinphoneSDK/5.3.74' };
const old = { 'user-agent': 'Unknown' };
const external = { username: 'out', domain: 'other.test', password: 'outer', protocol: 'TCP' };

forEachDatabase('devices', (makeUrl) => {
  let t: TestApp;
  before(async () => {
    t = await openTestApp(await makeUrl());
  });
  beforeEach(() => t.setSpace({ refetch: 'every-start', max_devices: 0, linphonerc: '', retry_window: 0 }));
  after(() => t.close());

  const get = (url: string, headers: Record<string, string> = {}) => t.server.inject({ url, headers });
  const valueIn = (body: string, section: string, entry: string) => parseDocument(body).get(section)?.get(entry)?.value;
  const devicesOf = async ({ id }: Account): Promise<Json[]> =>
    Object.values<Json>((await t.api('GET', `/api/accounts/${id}/devices`)).json);
  /** A phone's first start: its answer, and what it asks with from then on. */
  const provision = async (account: Account, headers: Record<string, string> = modern) => {
    return redeemed(await t.makeToken(account), headers);
  };
  const redeemed = async (token: string, headers: Record<string, string> = modern) => {
    const { body } = await get(`/provisioning/${token}`, headers);
    const [, key = ''] = /^x-device-key: (\w{22})$/.exec(valueIn(body, 'misc', 'config-uri-header_0') ?? '') ?? [];
    const address = (valueIn(body, 'misc', 'config-uri') ?? '').replace('https://ringup.example.test', '');
    return { body, key, address };
  };
  const byKey = ({ address, key }: { address: string; key: string }, headers: Record<string, string> = modern) =>
    get(address, { ...headers, 'x-device-key': key });
  /** Waits until the device counts as told, which is a second after the last byte. */
  const told = async (account: Account): Promise<void> =>
    assert.ok(
      await waitUntil(
        async () => (await t.app.deliveries.settleAll()) && (await devicesOf(account))[0].ended_at !== null,
      ),
    );
  const byDigest = async (account: Account, uri: string) => {
    const headers = { ...old, from: `sip:${account.username}@${testDomain}` };
    const asked = await get(uri, headers);
    const authorization = answerChallenge([asked.headers['www-authenticate'] ?? []].flat(), {
      username: account.username,
      password: 'secret',
      method: 'GET',
      uri,
    });
    return get(uri, { ...headers, authorization });
  };

  test('each phone gets its own address, and from Linphone 5.3 on also a key', async () => {
    const account = await t.makeAccount();
    const phone = await provision(account);
    assert.match(phone.key, /^\w{22}$/);
    assert.match(phone.address, /^\/provisioning\/me\?device=\w{22}$/);
    assert.equal(valueIn(phone.body, 'misc', 'transient_provisioning'), '0');
    const older = await provision(account, old);
    assert.equal(older.key, '');
    assert.match(older.address, /^\/provisioning\/me\?device=\w{22}$/);
    assert.equal(valueIn(older.body, 'misc', 'config-uri-header_0'), undefined);
    const [first, second] = await devicesOf(account);
    assert.deepEqual([first.app, first.device_name], ['Linphone on Android', 'Pixel 7']);
    assert.deepEqual([first.version, first.revoked_at, first.ended_at], ['5.2.5', null, null]);
    assert.deepEqual([second.app, second.version, second.user_agent], [null, null, 'Unknown']);
  });

  test('a space without refetch records the device, and issues no key', async () => {
    await t.setSpace({ refetch: 'once' });
    const account = await t.makeAccount();
    const { body, key } = await provision(account);
    assert.equal(key, '');
    assert.equal(valueIn(body, 'misc', 'config-uri'), undefined);
    assert.equal((await devicesOf(account)).length, 1);
  });

  test('eight requests with the same token create one device', async () => {
    const account = await t.makeAccount();
    const token = await t.makeToken(account);
    await Promise.all(Array.from({ length: 8 }, () => get(`/provisioning/${token}`, modern)));
    assert.equal((await devicesOf(account)).length, 1);
  });

  /** What as many answers to one token gave the phone. */
  const repeatedly = async (account: Account, times: number) => {
    await t.setSpace({ retry_window: 60 });
    const token = await t.makeToken(account);
    const answers: Awaited<ReturnType<typeof redeemed>>[] = [];
    for (let time = 0; time < times; time += 1) {
      answers.push(await redeemed(token));
      t.advance(1_000);
    }
    assert.equal(new Set(answers.map(({ key }) => key)).size, times);
    assert.equal(new Set(answers.map(({ address }) => address)).size, 1);
    return answers;
  };

  for (const used of [0, 1, 2, 3]) {
    test(`key ${used + 1} of the four in repeated answers to one token ends the others if it is used first`, async () => {
      const account = await t.makeAccount();
      const answers = await repeatedly(account, 4);
      assert.equal((await devicesOf(account)).length, 1);
      const first = answers.filter((_, index) => index === used);
      const others = answers.filter((_, index) => index !== used);
      const statuses: number[] = [];
      for (const answer of [...first, ...others, ...first]) statuses.push((await byKey(answer)).statusCode);
      assert.deepEqual(statuses, [200, 403, 403, 403, 200]);
    });
  }

  test('one of four keys that are used at the same moment still works afterwards', async () => {
    const account = await t.makeAccount();
    const answers = await repeatedly(account, 4);
    await Promise.all(answers.map((answer) => byKey(answer)));
    const later = await Promise.all(answers.map(async (answer) => (await byKey(answer)).statusCode));
    assert.deepEqual(later.sort(), [200, 403, 403, 403]);
  });

  test('each key of a revoked device gets the ending document and nothing else', async () => {
    const account = await t.makeAccount();
    const answers = await repeatedly(account, 2);
    await t.api('DELETE', `/api/accounts/${account.id}/devices/${(await devicesOf(account))[0].id}`);
    for (const answer of answers) assert.equal(valueIn((await byKey(answer)).body, 'proxy_0', 'reg_sendregister'), '0');
  });

  test('a phone before 5.3 gets the same address in a repeated answer', async () => {
    await t.setSpace({ retry_window: 60 });
    const account = await t.makeAccount();
    const token = await t.makeToken(account);
    const first = await redeemed(token, old);
    t.advance(1_000);
    const second = await redeemed(token, old);
    assert.equal(first.address, second.address);
    assert.match(first.address, /device=\w{22}$/);
    assert.equal((await devicesOf(account)).length, 1);
  });

  test('a change reaches the phone when it next fetches by key, which is never challenged', async () => {
    const account = await t.makeAccount();
    const phone = await provision(account);
    await t.api('PUT', `/api/accounts/${account.id}`, { display_name: 'New Name', password: 'renewed' });
    await t.api('POST', `/api/accounts/${account.id}/external`, external);
    await t.setSpace({ linphonerc: '[sip]\nmedia_encryption=srtp\n' });
    const { statusCode, body } = await byKey(phone);
    assert.equal(statusCode, 200);
    assert.match(valueIn(body, 'proxy_0', 'reg_identity') ?? '', /^"New Name" /);
    assert.notEqual(valueIn(body, 'auth_info_0', 'ha1'), account.ha1s[0]?.ha1);
    assert.match(valueIn(body, 'proxy_1', 'reg_identity') ?? '', /sip:out@other\.test/);
    assert.equal(valueIn(body, 'sip', 'media_encryption'), 'srtp');
    assert.equal(valueIn(body, 'misc', 'config-uri'), `https://ringup.example.test${phone.address}`);
    assert.equal(valueIn(body, 'misc', 'config-uri-header_0'), undefined);
  });

  test('a phone before 5.3 keeps its address when it fetches by Digest, and is challenged for the algorithms it was given', async () => {
    await t.setSpace({ algorithms: ['MD5'] });
    const account = await t.makeAccount();
    const { address } = await provision(account, old);
    await t.setSpace({ algorithms: ['SHA-256', 'MD5'] });
    const from = `sip:${account.username}@${testDomain}`;
    const asked = await get(address, { ...old, from });
    assert.equal(asked.statusCode, 401);
    assert.match(String(asked.headers['www-authenticate']), /algorithm=MD5/);
    assert.doesNotMatch(String(asked.headers['www-authenticate']), /SHA-256/);
    const { statusCode, body } = await byDigest(account, address);
    assert.equal(statusCode, 200);
    assert.equal(valueIn(body, 'misc', 'config-uri'), `https://ringup.example.test${address}`);
    await t.setSpace({ algorithms: ['SHA-256'] });
  });

  test('the time and address of the last request are written later, in a batch', async () => {
    const account = await t.makeAccount();
    const phone = await provision(account);
    t.advance(120_000);
    await byKey(phone, { ...modern, 'user-agent': 'LinphoneAndroid/6.0.0 (Pixel 9)' });
    const [device] = await devicesOf(account);
    assert.equal(device.user_agent, 'LinphoneAndroid/6.0.0 (Pixel 9)');
    assert.match(device.update_time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    assert.ok(Date.parse(device.update_time) - Date.parse(device.first_seen_at) >= 119_000);
  });

  test('a key works only for /provisioning/me', async () => {
    const account = await t.makeAccount();
    const { key } = await provision(account);
    for (const url of ['/api/accounts/me', '/contacts/vcard', '/api/accounts/me/devices', '/api/accounts']) {
      assert.equal((await get(url, { 'x-device-key': key })).statusCode, 401, url);
    }
    assert.equal((await get('/api/accounts/me', { 'x-api-key': key })).statusCode, 401);
  });

  test('an unknown key, and a key of a blocked or deactivated account, gets 403 without a challenge', async () => {
    const account = await t.makeAccount();
    const { key, address } = await provision(account);
    const refused = async (tried: string) => {
      const { statusCode, headers } = await byKey({ key: tried, address });
      assert.deepEqual([statusCode, headers['www-authenticate']], [403, undefined]);
    };
    for (const unknown of ['', 'nobody', `${key}x`, 'é\\"']) await refused(unknown);
    await t.api('POST', `/api/accounts/${account.id}/block`);
    await refused(key);
    await t.api('POST', `/api/accounts/${account.id}/unblock`);
    await t.api('POST', `/api/accounts/${account.id}/deactivate`);
    await refused(key);
  });

  test('a revoked device is told to forget the account whenever it asks, and other devices keep working', async () => {
    const account = await t.makeAccount();
    await t.api('POST', `/api/accounts/${account.id}/external`, external);
    const phone = await provision(account);
    const other = await provision(account);
    const [device] = await devicesOf(account);
    const revoked = await t.api('DELETE', `/api/accounts/${account.id}/devices/${device.id}`);
    assert.equal(revoked.status, 200);
    assert.notEqual(revoked.json.revoked_at, null);
    const { statusCode, body } = await byKey(phone);
    assert.equal(statusCode, 200);
    const document = parseDocument(body);
    for (const proxy of ['proxy_0', 'proxy_1']) {
      assert.deepEqual(
        ['reg_sendregister', 'reg_identity', 'reg_proxy'].map((entry) => document.get(proxy)?.get(entry)?.value),
        ['0', '', ''],
      );
    }
    for (const auth of ['auth_info_0', 'auth_info_1'])
      assert.match(valueIn(body, auth, 'ha1') ?? '', /^(0{32}|0{64})$/);
    assert.deepEqual(
      ['config-uri', 'config-uri-header_0', 'transient_provisioning'].map((entry) => valueIn(body, 'misc', entry)),
      ['', '', '1'],
    );
    await told(account);
    assert.equal((await byKey(phone)).body, body);
    assert.equal(valueIn((await byKey(other)).body, 'proxy_0', 'reg_sendregister'), '1');
  });

  test('a revoked device whose last answer was lost is answered again', async () => {
    const account = await t.makeAccount();
    const phone = await provision(account);
    const [device] = await devicesOf(account);
    await t.api('DELETE', `/api/accounts/${account.id}/devices/${device.id}`);
    await cutOff(phone.address);
    assert.equal((await devicesOf(account))[0].ended_at, null);
    assert.equal(valueIn((await byKey(phone)).body, 'proxy_0', 'reg_sendregister'), '0');
    await told(account);
  });

  test('revoking a device again changes nothing and records no event', async () => {
    const account = await t.makeAccount();
    await provision(account);
    const [device] = await devicesOf(account);
    const revoke = () => t.api('DELETE', `/api/accounts/${account.id}/devices/${device.id}`);
    const both = await Promise.all([revoke(), revoke()]);
    assert.deepEqual(both[0].json, both[1].json);
    assert.deepEqual((await revoke()).json, both[0].json);
    const events = (await t.api('GET', `/api/accounts/${account.id}/events?kind=device-revoked`)).json.data;
    assert.equal(events.length, 1);
  });

  test('a revoked device learns that it is revoked even if its account is blocked', async () => {
    const account = await t.makeAccount();
    const phone = await provision(account);
    const [device] = await devicesOf(account);
    await t.api('DELETE', `/api/accounts/${account.id}/devices/${device.id}`);
    await t.api('POST', `/api/accounts/${account.id}/block`);
    assert.equal(valueIn((await byKey(phone)).body, 'proxy_0', 'reg_sendregister'), '0');
    await told(account);
  });

  test('revoking a device ends its code, so that a lost answer is not repeated', async () => {
    await t.setSpace({ retry_window: 60 });
    const account = await t.makeAccount();
    const token = await t.makeToken(account);
    await get(`/provisioning/${token}`, modern);
    const [device] = await devicesOf(account);
    await t.api('DELETE', `/api/accounts/${account.id}/devices/${device.id}`);
    assert.equal((await get(`/provisioning/${token}`, modern)).body, (await get('/provisioning')).body);
    assert.equal((await devicesOf(account)).length, 1);
  });

  test('a revoked phone before 5.3 is told to forget the account at its own address, without a password', async () => {
    const account = await t.makeAccount();
    const { address } = await provision(account, old);
    const [device] = await devicesOf(account);
    await t.api('DELETE', `/api/accounts/${account.id}/devices/${device.id}`);
    assert.equal(valueIn((await get(address, old)).body, 'proxy_0', 'reg_sendregister'), '0');
    await told(account);
  });

  test('a code beyond max_devices is answered like an unknown one and not used up, even if two phones come at once', async () => {
    await t.setSpace({ max_devices: 1 });
    const account = await t.makeAccount({ activated: true });
    const tokens = [await t.makeToken(account), await authToken(account)];
    const answers = await Promise.all(tokens.map((path) => get(`/provisioning/${path}`, modern)));
    assert.equal(answers.filter(({ body }) => body.includes('reg_identity')).length, 1);
    const [device, ...more] = await devicesOf(account);
    assert.equal(more.length, 0);
    const token = await t.makeToken(account);
    assert.equal((await get(`/provisioning/${token}`, modern)).body, (await get('/provisioning')).body);
    await t.api('DELETE', `/api/accounts/${account.id}/devices/${device.id}`);
    assert.notEqual(valueIn((await get(`/provisioning/${token}`, modern)).body, 'proxy_0', 'reg_identity'), undefined);
  });

  test('users can list and revoke their own devices, and other users cannot', async () => {
    const account = await t.makeAccount();
    await provision(account);
    const stranger = await t.makeAccount({ activated: true });
    const key = async ({ id }: Account) =>
      (await t.api('POST', `/api/accounts/${id}/api_keys`, {})).json.api_key as string;
    const [own, foreign] = [await key(account), await key(stranger)];
    const url = '/api/accounts/me/devices';
    const [device] = Object.values<Json>((await get(url, { 'x-api-key': own })).json());
    const revoke = (path: string, apiKey: string) =>
      t.server.inject({ method: 'DELETE', url: path, headers: { 'x-api-key': apiKey } });
    assert.equal((await revoke(`${url}/${device.id}`, foreign)).statusCode, 404);
    assert.equal((await revoke(`/api/accounts/${account.id}/devices/${device.id}`, own)).statusCode, 403);
    for (const id of ['0', '-1', 'x', '999999999', '9'.repeat(30)]) {
      assert.equal((await revoke(`${url}/${id}`, own)).statusCode, 404, id);
    }
    const { revoked_at } = (await revoke(`${url}/${device.id}`, own)).json();
    assert.notEqual(revoked_at, null);
    assert.deepEqual((await get(url, { 'x-api-key': own })).json(), {}, 'their own list leaves it out');
    assert.equal((await devicesOf(account))[0].revoked_at, revoked_at, 'that of an administrator does not');
  });

  test('devices are listed in an object by uuid, and can be revoked by uuid or id, whatever the body', async () => {
    const account = await t.makeAccount();
    const url = `/api/accounts/${account.id}/devices`;
    assert.equal((await t.api('GET', url)).text, '{}');
    for (const _ of [1, 2, 3]) await provision(account);
    const { json } = await t.api('GET', url);
    const uuids = Object.keys(json);
    assert.equal(new Set(uuids).size, 3);
    for (const uuid of uuids) {
      assert.match(uuid, /^urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
      assert.equal(json[uuid].uuid, uuid);
    }
    const [first = '', second = '', third = ''] = uuids;
    const names = [first, encodeURIComponent(second), third.replace('urn:uuid:', '').toUpperCase()];
    for (const name of names) {
      const { status, json: revoked } = await t.api('DELETE', `${url}/${name}`, { device_uuid: name });
      assert.equal(status, 200);
      assert.notEqual(revoked.revoked_at, null);
    }
    const other = await t.makeAccount();
    assert.equal((await t.api('DELETE', `/api/accounts/${other.id}/devices/${first}`)).status, 404);
  });

  /** Asks at the address, and has the connection fail before the answer goes out. */
  async function cutOff(address: string): Promise<void> {
    const server = await buildServer(t.app);
    const url = await server.listen({ port: 0, host: '127.0.0.1' });
    const answered = new Promise((resolve) => {
      server.server.prependOnceListener('request', (_request, response) => {
        response.once('close', resolve);
        response.destroy();
      });
    });
    await assert.rejects(fetch(`${url}${address}`));
    await answered;
    await server.close();
  }

  async function authToken(account: Account): Promise<string> {
    const { token } = (await t.server.inject({ method: 'POST', url: '/api/accounts/auth_token' })).json();
    const { json } = await t.api('POST', `/api/accounts/${account.id}/api_keys`, {});
    await get(`/api/accounts/auth_token/${token}/attach`, { 'x-api-key': json.api_key });
    return `auth_token/${token}`;
  }
});
