import assert from 'node:assert/strict';
import { createHmac, hash } from 'node:crypto';
import { after, before, beforeEach, test } from 'node:test';
import type { Account } from '../../src/accounts/account.ts';
import { openTestApp, type TestApp } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';
import { phonesOf } from '../support/phone.ts';
import { assertValidDocument, parseDocument } from '../support/xml.ts';

const secret = 'a secret coturn knows';
const off = {
  turn_server: null,
  turn_secret: null,
  turn_lifetime: null,
  turn_realm: null,
  turn_in_document: false,
  linphonerc: '',
  refetch: 'once',
} as const;
const on = { turn_server: 'turn.example.test', turn_secret: secret };
const path = '/api/accounts/me/services/turn';
const dayMs = 86_400_000;

forEachDatabase('TURN', (makeUrl) => {
  let t: TestApp;
  before(async () => {
    t = await openTestApp(await makeUrl());
  });
  beforeEach(() => t.setSpace(off));
  after(() => t.close());

  const keyOf = async (account: Account): Promise<string> =>
    (await t.api('POST', `/api/accounts/${account.id}/api_keys`, {})).json.api_key;
  const ask = async (account: Account, url = path) =>
    t.server.inject({ url, headers: { 'x-api-key': await keyOf(account) } });
  const documentOf = async (account: Account) => {
    const { body, statusCode } = await ask(account, '/provisioning/me');
    assert.equal(statusCode, 200);
    assertValidDocument(body);
    const document = parseDocument(body);
    return Object.fromEntries(
      [...document].map(([name, entries]) => [
        name,
        Object.fromEntries([...entries].map(([entry, { value, overwrite }]) => [entry, overwrite ? value : 'seeded'])),
      ]),
    );
  };
  const passwordOf = (username: string) => createHmac('sha1', secret).update(username).digest('base64');

  test('a user gets credentials that expire as the space sets, in an answer that no cache may keep', async () => {
    const account = await t.makeAccount({ activated: true });
    await t.setSpace({ ...on, turn_lifetime: '2h' });
    const hour = 3_600_000;
    // In the middle of a time in which they do not change.
    t.advance(1.5 * hour - (t.app.now() % hour));
    const from = Math.floor(t.app.now() / 1000);
    const { statusCode, headers, body } = await ask(account);
    const { username, ...rest } = JSON.parse(body);
    assert.equal(statusCode, 200);
    assert.equal(headers['cache-control'], 'no-store');
    assert.deepEqual(rest, {
      password: passwordOf(username),
      ttl: 7200 + 1800,
      uris: ['turn:turn.example.test?transport=udp', 'turn:turn.example.test?transport=tcp'],
    });
    const [, expiry, user] = /^(\d+):(.*)$/.exec(username) ?? [];
    assert.equal(user, account.username);
    assert.equal(Number(expiry) - from, 7200 + 1800);
  });

  test('credentials stay the same for half their lifetime, since phones keep every user name they were given', async () => {
    const account = await t.makeAccount({ activated: true });
    const hour = 3_600_000;
    for (const lifetime of [2, 24]) {
      await t.setSpace({ ...on, turn_lifetime: `${lifetime}h` });
      const names = new Map<string, number>();
      for (let asked = 0; asked < 40; asked += 1) {
        const { username, ttl } = JSON.parse((await ask(account)).body);
        const left = Number.parseInt(username, 10) - t.app.now() / 1000;
        assert.ok(left >= lifetime * 3600 && left <= lifetime * 5400, `${left} s`);
        assert.equal(ttl, Math.floor(left));
        names.set(username, (names.get(username) ?? 0) + 1);
        t.advance((lifetime * hour) / 20);
      }
      // Two lifetimes have passed, from somewhere within a half.
      assert.ok(names.size >= 4 && names.size <= 5, [...names].join());
      assert.deepEqual(new Set([...names.values()].slice(1, -1)), new Set([10]));
    }
  });

  for (const [lacking, fields] of Object.entries({
    'no server': { turn_secret: secret },
    'no secret': { turn_server: 'turn.example.test' },
    'neither server nor secret': {},
  })) {
    test(`a space with ${lacking} returns 404 with its own error code`, async () => {
      await t.setSpace(fields);
      const { statusCode, headers, body } = await ask(await t.makeAccount({ activated: true }));
      assert.deepEqual([statusCode, JSON.parse(body).code], [404, 'turn-not-configured']);
      assert.equal(headers['cache-control'], 'no-store');
    });
  }

  test('a caller who is not signed in, or not activated, gets no credentials', async () => {
    await t.setSpace(on);
    assert.equal((await t.server.inject({ url: path })).statusCode, 401);
    assert.equal((await ask(await t.makeAccount())).statusCode, 403);
  });

  test('the secret is never returned, and stays when other settings change', async () => {
    const url = '/api/spaces/sip.example.test';
    const set = await t.api('PUT', url, { ...on, turn_in_document: true });
    const answers = [set, await t.api('GET', url), await t.api('GET', '/api/spaces')];
    const account = await t.makeAccount({ activated: true });
    answers.push(await t.api('GET', `/api/accounts/${account.id}/preview`));
    for (const { status, text } of answers) {
      assert.equal(status, 200);
      assert.ok(!text.includes(secret));
      assert.doesNotMatch(text, /"turn_secret"/);
    }
    assert.equal(set.json.turn_secret_set, true);
    assert.equal((await t.api('PUT', url, { turn_realm: 'other' })).json.turn_secret_set, true);
    assert.ok(JSON.parse((await ask(account)).body).ttl >= 86_400);
    assert.equal((await t.api('PUT', url, { turn_in_document: false, turn_secret: null })).json.turn_secret_set, false);
    assert.ok(!t.logged().includes(secret));
  });

  test('turn_in_document is refused without a server and a secret', async () => {
    const url = '/api/spaces/sip.example.test';
    const refused = async (fields: object) => {
      const { status, json } = await t.api('PUT', url, fields);
      assert.equal(status, 422);
      assert.deepEqual(json.errors, { turn_in_document: ['needs turn_server and turn_secret'] });
    };
    await refused({ turn_in_document: true });
    await refused({ turn_in_document: true, turn_server: 'turn.example.test' });
    await t.setSpace({ ...on, turn_in_document: true });
    await refused({ turn_secret: null });
    await refused({ turn_server: null });
    const made = await t.api('POST', '/api/spaces', { domain: 'whole.example.test', turn_in_document: true });
    assert.equal(made.status, 422);
  });

  test('the document has no TURN entries without turn_in_document', async () => {
    await t.setSpace(on);
    const document = await documentOf(await t.makeAccount({ activated: true }));
    assert.deepEqual(Object.keys(document), ['misc', 'proxy_0', 'auth_info_0']);
    assert.equal(document.proxy_0?.nat_policy_ref, undefined);
  });

  test('the document has a policy and new credentials at each start, and every entry overwrites', async () => {
    await t.setSpace({ ...on, turn_in_document: true, turn_realm: 'turn.realm', refetch: 'every-start' });
    const account = await t.makeAccount({ activated: true });
    const document = await documentOf(account);
    assert.equal(document.proxy_0?.nat_policy_ref, 'ringup_turn');
    const username = document.nat_policy_0?.stun_server_username ?? '';
    const half = dayMs / 2;
    assert.equal(Number(username.split(':')[0]), (Math.ceil((t.app.now() + dayMs) / half) * half) / 1000);
    assert.deepEqual(document.nat_policy_0, {
      ref: 'ringup_turn',
      stun_server: 'turn.example.test:3478',
      stun_server_username: username,
      protocols: 'stun,turn,ice',
      turn_enable_udp: '1',
      turn_enable_tcp: '0',
      turn_enable_tls: '0',
    });
    assert.deepEqual(document.auth_info_1, {
      username,
      userid: '',
      passwd: '',
      ha1: hash('md5', `${username}:turn.realm:${passwordOf(username)}`),
      realm: 'turn.realm',
      domain: '',
      algorithm: 'MD5',
    });
    t.advance(dayMs);
    const later = await documentOf(account);
    assert.equal(parseInt(later.nat_policy_0?.stun_server_username ?? '', 10) - parseInt(username, 10) >= 86_400, true);
    assert.notEqual(later.auth_info_1?.ha1, document.auth_info_1?.ha1);
    assert.deepEqual(later.auth_info_0, document.auth_info_0);
  });

  const servers: Readonly<Record<string, readonly [server: string, transports: string]>> = {
    'turn:[2001:db8::7]:3479?transport=tcp': ['[2001:db8::7]:3479', '010'],
    'turns:turn.example.test': ['turn.example.test:5349', '001'],
    'stun:192.0.2.7': ['192.0.2.7:3478', '100'],
  };
  for (const [turn_server, expected] of Object.entries(servers)) {
    test(`the document names the TURN server ${turn_server} as ${expected.join(' by ')}`, async () => {
      await t.setSpace({ ...on, turn_server, turn_in_document: true });
      const { nat_policy_0: policy = {} } = await documentOf(await t.makeAccount({ activated: true }));
      const transports = ['udp', 'tcp', 'tls'].map((each) => policy[`turn_enable_${each}`]).join('');
      assert.deepEqual([policy.stun_server, transports], expected);
    });
  }

  test('TURN sections are numbered after those of the linphonerc, the account and its external account', async () => {
    const linphonerc = '[nat_policy_0]\nref=own\n[auth_info_0]\nusername=other\n[proxy_0]\nnat_policy_ref=own\n';
    await t.setSpace({ ...on, turn_in_document: true, linphonerc });
    const account = await t.makeAccount({ activated: true });
    const external = { username: 'ext', domain: 'other.example', password: 'outside' };
    assert.equal((await t.api('POST', `/api/accounts/${account.id}/external`, external)).status, 201);
    const document = await documentOf(account);
    const usernames = [0, 1, 2, 3, 4].map((index) => document[`auth_info_${index}`]?.username?.replace(/^\d+:/, '…:'));
    assert.deepEqual(usernames, ['other', account.username, 'ext', 'ext', `…:${account.username}`]);
    assert.equal(document.auth_info_5, undefined);
    assert.equal(document.nat_policy_0?.ref, 'own');
    assert.equal(document.nat_policy_1?.ref, 'ringup_turn');
    assert.equal(document.proxy_0?.nat_policy_ref, 'ringup_turn');
    assert.equal(document.proxy_1?.nat_policy_ref, undefined);
  });

  test('a preview masks the credentials, and the linter finds nothing wrong with them', async () => {
    await t.setSpace({ ...on, turn_in_document: true });
    const account = await t.makeAccount({ activated: true });
    const { sections, warnings } = (await t.api('GET', `/api/accounts/${account.id}/preview`)).json;
    const section = sections.find((each: { name: string }) => each.name === 'auth_info_1');
    const ha1 = section.entries.find((each: { name: string }) => each.name === 'ha1');
    assert.deepEqual([ha1.value, ha1.layer], ['********', 'server']);
    assert.deepEqual(warnings, []);
  });

  test('the ending document of a revoked phone also removes TURN', async () => {
    await t.setSpace({ ...on, turn_in_document: true, refetch: 'every-start' });
    const account = await t.makeAccount({ linphonerc: '[nat_policy_0]\nref=own\n' });
    const headers = { 'x-linphone-provisioning': '1' };
    const phone = await phonesOf(t).redeem(await t.makeToken(account), headers);
    const [uuid] = Object.keys((await t.api('GET', `/api/accounts/${account.id}/devices`)).json);
    await t.api('DELETE', `/api/accounts/${account.id}/devices/${uuid}`);
    const { body } = await phonesOf(t).start(phone, headers);
    assertValidDocument(body);
    const last = parseDocument(body);
    assert.equal(last.get('proxy_0')?.get('nat_policy_ref')?.value, '');
    assert.equal(last.get('nat_policy_1')?.get('stun_server')?.value, '');
    assert.equal(last.get('nat_policy_0'), undefined);
    const username = parseDocument(phone.body).get('auth_info_1')?.get('username')?.value;
    assert.match(username ?? '', /^\d+:/);
    assert.equal(last.get('auth_info_1')?.get('username')?.value, username);
    assert.equal(last.get('auth_info_1')?.get('ha1')?.value, '0'.repeat(32));
    assert.equal(last.get('auth_info_2'), undefined);
  });
});
