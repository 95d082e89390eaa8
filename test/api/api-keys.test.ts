import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { InjectOptions } from 'fastify';
import { deleteEndedApiKeys } from '../../src/access/caller-of-key.ts';
import type { Account } from '../../src/accounts/account.ts';
import { findAccount } from '../../src/accounts/account-store.ts';
import { openTestApp, type TestApp } from '../support/app.ts';
import { dumpDatabase } from '../support/database-dump.ts';
import { forEachDatabase } from '../support/databases.ts';
import { requestByDigest } from '../support/digest-request.ts';

const minute = 60_000;
const day = 24 * 60 * minute;

forEachDatabase('API keys', (makeUrl) => {
  let t: TestApp;
  let alice: Account;
  before(async () => {
    t = await openTestApp(await makeUrl());
    alice = await t.makeAccount({ activated: true });
  });
  after(() => t.close());

  const fetchKey = async (account: Account, options: { address?: string } = {}): Promise<string> => {
    const url = '/api/accounts/me/api_key';
    const digest = { username: account.username, password: 'secret', url };
    const from = `sip:${account.username}@sip.example.test`;
    if (options.address === undefined) return (await requestByDigest(t.server, { ...digest, headers: { from } })).body;
    const key = await makeKey(account);
    const answer = await t.server.inject({
      url,
      headers: { 'x-api-key': key },
      remoteAddress: options.address,
    });
    return answer.body;
  };
  const makeKey = async (account: Account, body: unknown = {}): Promise<string> =>
    (await t.api('POST', `/api/accounts/${account.id}/api_keys`, body)).json.api_key;
  const statusOf = async (key: string, options: InjectOptions = {}) =>
    (await t.server.inject({ url: '/api/accounts/me', ...options, headers: { 'x-api-key': key, ...options.headers } }))
      .statusCode;
  const byCookie = (key: string, options: InjectOptions = {}) =>
    t.server.inject({
      url: '/api/accounts/me',
      ...options,
      headers: { cookie: `theme=dark; x-api-key=${key}`, host: 'ringup.example.test', ...options.headers },
    });

  test('a user who signs in by Digest gets a key as plain text and as a cookie that scripts cannot read', async () => {
    const answer = await requestByDigest(t.server, {
      username: alice.username,
      password: 'secret',
      url: '/api/accounts/me/api_key',
    });
    assert.equal(answer.statusCode, 200);
    assert.match(answer.body, /^[A-Za-z0-9]{22}$/);
    assert.equal(answer.headers['content-type'], 'text/plain; charset=utf-8');
    assert.equal(answer.headers['cache-control'], 'no-store');
    assert.equal(answer.headers['set-cookie'], `x-api-key=${answer.body}; Path=/; HttpOnly; Secure; SameSite=Strict`);
    assert.equal(await statusOf(answer.body), 200);
  });

  test('a key is stored hashed, and no list shows it', async () => {
    const key = await fetchKey(alice);
    assert.ok(!JSON.stringify(await dumpDatabase(t.app.database)).includes(key));
    const list = await t.api('GET', `/api/accounts/${alice.id}/api_keys`);
    assert.ok(!list.text.includes(key));
  });

  const wrong: readonly [string, string | undefined][] = [
    ['no key', undefined],
    ['an empty key', ''],
    ['an unknown key', 'A'.repeat(22)],
    ['a key of 10 kB', 'A'.repeat(10_000)],
    ['a key with a control character', 'abc\tdef'],
  ];
  for (const [which, key] of wrong) {
    test(`${which} is refused with a challenge`, async () => {
      const answer = await t.server.inject({
        url: '/api/accounts/me',
        headers: key === undefined ? {} : { 'x-api-key': key },
      });
      assert.equal(answer.statusCode, 401);
      assert.match(String(answer.headers['www-authenticate']), /^Digest /);
      assert.equal(answer.headers['content-type'], 'application/json');
    });
  }

  test('a key in other letter case, or with spaces inside, does not work', async () => {
    const key = await makeKey(alice);
    const swapped = [...key].map((c) => (c === c.toLowerCase() ? c.toUpperCase() : c.toLowerCase())).join('');
    for (const other of [swapped, `${key}x`, key.slice(1), `${key}, ${key}`]) {
      assert.equal(await statusOf(other), 401, other);
    }
    assert.equal(await statusOf(key), 200);
  });

  test("a user's key ends when unused for 60 minutes, and each use keeps it alive", async () => {
    const key = await fetchKey(alice);
    for (let use = 0; use < 3; use += 1) {
      t.advance(58 * minute);
      assert.equal(await statusOf(key), 200, `use ${use}`);
    }
    t.advance(61 * minute);
    assert.equal(await statusOf(key), 401);
    assert.equal(await statusOf(key), 401);
  });

  test('a use still counts after a restart', async () => {
    const key = await fetchKey(alice);
    t.advance(50 * minute);
    assert.equal(await statusOf(key), 200);
    await t.app.keyUses.flush();
    t.advance(50 * minute);
    assert.equal(await statusOf(key), 200);
  });

  test('a key issued by an administrator has a name, is shown once, and does not expire', async () => {
    const made = await t.api('POST', `/api/accounts/${alice.id}/api_keys`, { name: 'backup script' });
    assert.equal(made.status, 200);
    const { api_key: key, ...rest } = made.json;
    assert.match(key, /^[A-Za-z0-9]{22}$/);
    assert.deepEqual(
      { ...rest, id: 0, created_at: '', last_used_at: '' },
      {
        id: 0,
        name: 'backup script',
        rights: 'account',
        created_at: '',
        last_used_at: '',
        expires_at: null,
        bound_address: null,
      },
    );
    t.advance(1000 * day);
    assert.equal(await statusOf(key), 200);
    const listed = (await t.api('GET', `/api/accounts/${alice.id}/api_keys`)).json;
    assert.ok(
      listed.some((each: { id: number; name: string }) => each.id === rest.id && each.name === 'backup script'),
    );
  });

  test('a key can be issued with an expiry', async () => {
    const made = await t.api('POST', `/api/accounts/${alice.id}/api_keys`, { expires: '30d' });
    assert.equal(Date.parse(made.json.expires_at) - Date.parse(made.json.created_at), 30 * day);
    t.advance(30 * day - minute);
    assert.equal(await statusOf(made.json.api_key), 200);
    t.advance(minute);
    assert.equal(await statusOf(made.json.api_key), 401);
    const forever = await t.api('POST', `/api/accounts/${alice.id}/api_keys`, { expires: 'never' });
    assert.equal(forever.json.expires_at, null);
  });

  const mistakes: readonly [string, unknown, string][] = [
    ['an expiry that is not a time', { expires: 'soon' }, 'expires'],
    ['an expiry of 0', { expires: '0' }, 'expires'],
    ['a number of seconds', { expires: 3600 }, 'expires'],
    ['a name with a line break', { name: 'a\nb' }, 'name'],
    ['a name with a zero byte', { name: 'a\u0000b' }, 'name'],
    ['half a surrogate pair in its name', { name: '\ud800' }, 'name'],
    ['a name that is too long', { name: 'x'.repeat(121) }, 'name'],
    ['a field for rights', { rights: 'account' }, 'rights'],
    ['a field for the account', { account_id: 1 }, 'account_id'],
  ];
  for (const [which, body, field] of mistakes) {
    test(`a key with ${which} is refused with the name of the field`, async () => {
      const before = await dumpDatabase(t.app.database);
      const answer = await t.api('POST', `/api/accounts/${alice.id}/api_keys`, body);
      assert.equal(answer.status, 422);
      assert.deepEqual(Object.keys(answer.json.errors), [field]);
      assert.deepEqual(await dumpDatabase(t.app.database), before);
    });
  }

  test('a revoked key stops working immediately, and revoking it again returns 404', async () => {
    const made = (await t.api('POST', `/api/accounts/${alice.id}/api_keys`, {})).json;
    const url = `/api/accounts/${alice.id}/api_keys/${made.id}`;
    const bob = await t.makeAccount();
    assert.equal((await t.api('DELETE', `/api/accounts/${bob.id}/api_keys/${made.id}`)).status, 404);
    assert.equal(await statusOf(made.api_key), 200);
    assert.equal((await t.api('DELETE', url)).status, 200);
    assert.equal(await statusOf(made.api_key), 401);
    for (const id of [made.id, 0, -1, '1e3', 'x', '99999999999999999999']) {
      assert.equal((await t.api('DELETE', `/api/accounts/${alice.id}/api_keys/${id}`)).status, 404, String(id));
    }
  });

  test('exactly one of eight simultaneous revocations finds the key', async () => {
    const made = (await t.api('POST', `/api/accounts/${alice.id}/api_keys`, {})).json;
    const url = `/api/accounts/${alice.id}/api_keys/${made.id}`;
    const answers = await Promise.all(Array.from({ length: 8 }, () => t.api('DELETE', url)));
    assert.equal(answers.filter((answer) => answer.status === 200).length, 1);
    assert.equal(answers.filter((answer) => answer.status === 404).length, 7);
  });

  test('a key that an administrator fetches as a user has only the rights of a user', async () => {
    const admin = await t.makeAccount({ admin: true, activated: true });
    const named = await makeKey(admin);
    const fetched = await fetchKey(admin);
    assert.equal(await statusOf(named, { url: '/api/accounts' }), 200);
    assert.equal(await statusOf(fetched, { url: '/api/accounts' }), 403);
    assert.equal(await statusOf(fetched, { url: '/api/spaces' }), 403);
    assert.equal(await statusOf(fetched), 200);
    const minted = await t.server.inject({ url: '/api/accounts/me/api_key', headers: { 'x-api-key': named } });
    assert.equal(await statusOf(minted.body, { url: '/api/accounts' }), 403);
  });

  test('the rights of a key follow its account', async () => {
    const admin = await t.makeAccount({ admin: true, activated: true });
    const key = await makeKey(admin);
    assert.equal(await statusOf(key, { url: '/api/accounts' }), 200);
    await t.api('PUT', `/api/accounts/${admin.id}`, { admin: false });
    assert.equal(await statusOf(key, { url: '/api/accounts' }), 403);
    await t.api('POST', `/api/accounts/${admin.id}/block`);
    assert.equal(await statusOf(key), 403);
    await t.api('DELETE', `/api/accounts/${admin.id}`);
    assert.equal(await statusOf(key), 401);
  });

  test('an administrator who is not activated has no rights of an administrator', async () => {
    const admin = await t.makeAccount({ admin: true });
    const key = await makeKey(admin);
    assert.equal(await statusOf(key, { url: '/api/accounts' }), 403);
    assert.equal(await statusOf(key), 200);
  });

  const addresses: readonly [string, string, number][] = [
    ['192.0.2.7', '192.0.2.7', 200],
    ['192.0.2.7', '192.0.2.8', 401],
    ['192.0.2.7', '::ffff:192.0.2.7', 200],
    ['2001:db8:1:2::1', '2001:db8:1:2:ffff::9', 200],
    ['2001:db8:1:2::1', '2001:db8:1:3::1', 401],
    ['2001:db8:1:2::1', '192.0.2.7', 401],
  ];
  for (const [fetched, used, status] of addresses) {
    test(`a key bound to addresses that was fetched from ${fetched} gets ${status} from ${used}`, async () => {
      await t.setSpace({ bind_keys_to_address: true });
      const key = await fetchKey(alice, { address: fetched });
      assert.equal(await statusOf(key, { remoteAddress: used }), status);
      await t.setSpace({ bind_keys_to_address: false });
    });
  }

  test('a key is not bound to an address by default, nor if an administrator issued it', async () => {
    const fetched = await fetchKey(alice, { address: '192.0.2.7' });
    await t.setSpace({ bind_keys_to_address: true });
    const issued = await makeKey(alice);
    for (const key of [fetched, issued]) assert.equal(await statusOf(key, { remoteAddress: '198.51.100.1' }), 200);
    await t.setSpace({ bind_keys_to_address: false });
  });

  test('a cookie is sufficient for reading', async () => {
    const key = await fetchKey(alice);
    assert.equal((await byCookie(key)).statusCode, 200);
    assert.equal((await byCookie('wrong')).statusCode, 401);
    assert.equal((await t.server.inject({ url: '/api/accounts/me', headers: { cookie: 'other=1' } })).statusCode, 401);
  });

  const cookieRules: readonly [string, Record<string, string>, boolean][] = [
    ['neither Sec-Fetch-Site nor Origin', {}, false],
    ['Sec-Fetch-Site: same-origin', { 'sec-fetch-site': 'same-origin' }, true],
    ['Sec-Fetch-Site: none', { 'sec-fetch-site': 'none' }, false],
    ['Sec-Fetch-Site: same-site', { 'sec-fetch-site': 'same-site' }, false],
    ['Sec-Fetch-Site: cross-site', { 'sec-fetch-site': 'cross-site' }, false],
    ['an empty Sec-Fetch-Site', { 'sec-fetch-site': '' }, false],
    [
      'Sec-Fetch-Site: none and our own Origin',
      { 'sec-fetch-site': 'none', origin: 'https://ringup.example.test' },
      false,
    ],
    [
      'Sec-Fetch-Site: cross-site and our own Origin',
      { 'sec-fetch-site': 'cross-site', origin: 'https://ringup.example.test' },
      false,
    ],
    ['our own Origin', { origin: 'https://ringup.example.test' }, true],
    ['a foreign Origin', { origin: 'https://evil.example' }, false],
    ['a subdomain as its Origin', { origin: 'https://x.ringup.example.test' }, false],
    ['another port in its Origin', { origin: 'https://ringup.example.test:8443' }, false],
    ['the Origin of another scheme', { origin: 'http://ringup.example.test' }, false],
    [
      'the Origin of the public URL, behind a proxy that changes Host',
      { origin: 'https://ringup.example.test', host: '127.0.0.1:8080' },
      true,
    ],
    [
      'an Origin that matches only the Host, with another scheme',
      { origin: 'http://127.0.0.1:8080', host: '127.0.0.1:8080' },
      false,
    ],
    ['the Origin null', { origin: 'null' }, false],
  ];
  const changingRequests: readonly [InjectOptions['method'], (account: Account) => string][] = [
    ['POST', () => '/api/accounts/me/provision'],
    ['GET', () => '/api/accounts/me/provision'],
    ['GET', () => '/api/accounts/me/api_key'],
    ['DELETE', () => '/api/accounts/me'],
  ];
  for (const [which, headers, good] of cookieRules) {
    test(`a change by cookie with ${which} is ${good ? 'done' : 'refused'}, whatever the method`, async () => {
      const account = await t.makeAccount({ activated: true });
      const key = await fetchKey(account);
      for (const [method = 'GET', path] of changingRequests) {
        const before = await dumpDatabase(t.app.database);
        const answer = await byCookie(key, { method, url: path(account), headers });
        assert.equal(answer.statusCode, good ? 200 : 403, `${method} ${path(account)}`);
        if (!good) assert.deepEqual(await dumpDatabase(t.app.database), before);
      }
      assert.equal((await findAccount(t.app.database, account.id)) === undefined, good);
    });
  }

  test('only the header counts if a request has a header and a cookie, and a change then needs no proof of its origin', async () => {
    const account = await t.makeAccount({ activated: true });
    const answer = await t.server.inject({
      method: 'POST',
      url: '/api/accounts/me/provision',
      headers: {
        cookie: `x-api-key=${await fetchKey(alice)}`,
        'x-api-key': await fetchKey(account),
        'sec-fetch-site': 'cross-site',
      },
    });
    assert.equal(answer.statusCode, 200);
    assert.equal(answer.json().id, account.id);
  });

  test('GET activate and deactivate refuse cookies', async () => {
    const admin = await t.makeAccount({ admin: true, activated: true });
    const key = await makeKey(admin);
    for (const change of ['activate', 'deactivate']) {
      const options = { url: `/api/accounts/${alice.id}/${change}`, headers: { 'sec-fetch-site': 'same-origin' } };
      assert.equal((await byCookie(key, options)).statusCode, 401, change);
      assert.equal((await byCookie(key, { ...options, method: 'POST' })).statusCode, 200, change);
      assert.equal(await statusOf(key, options), 200, change);
    }
    await t.api('POST', `/api/accounts/${alice.id}/activate`);
  });

  test('a cookie works for users on /provisioning/me, as a key in the header does', async () => {
    const key = await fetchKey(alice);
    assert.match((await byCookie(key, { url: '/provisioning/me' })).body, /auth_info_0/);
    assert.equal(await statusOf(key, { url: '/contacts/vcard' }), 200);
  });

  test('deleting expired keys keeps one that was used a moment ago', async () => {
    const key = await fetchKey(alice);
    t.advance(59 * minute);
    assert.equal(await statusOf(key), 200);
    t.advance(2 * minute);
    await deleteEndedApiKeys(t.app);
    assert.equal(await statusOf(key), 200);
    t.advance(61 * minute);
    await deleteEndedApiKeys(t.app);
    assert.ok(
      !(await dumpDatabase(t.app.database)).api_keys?.some((row) =>
        row.includes(`"account_id":${alice.id},"name":null,"rights":"user"`),
      ),
    );
  });
});
