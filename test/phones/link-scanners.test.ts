import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openTestApp, type TestApp } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';
import {
  browsers,
  disguisedScanners,
  earlyPhones,
  type Headers,
  laterPhones,
  namedScanners,
  prefetches,
  scripts,
} from './visitors.ts';

const strict = 'strict.example.test';
const lax = 'sip.example.test';
const phone = { 'user-agent': 'Unknown', 'x-linphone-provisioning': '1' };

forEachDatabase('the address in a code', (makeUrl) => {
  let t: TestApp;
  before(async () => {
    t = await openTestApp(await makeUrl());
    await t.api('POST', '/api/spaces', { domain: strict, require_provisioning_header: true });
  });
  after(() => t.close());

  const get = (path: string, headers: Headers, method: 'GET' | 'HEAD' = 'GET') =>
    t.server.inject({ method, url: `/provisioning/${path}`, headers });

  /** A provisioning token and an attached auth token, as the end of their addresses. */
  const makePaths = async (domain: string): Promise<{ id: number; paths: readonly [string, string] }> => {
    const account = await t.makeAccount({ domain, activated: true });
    const { api_key: key } = (await t.api('POST', `/api/accounts/${account.id}/api_keys`, {})).json;
    // From an address of its own, because each may have only so many open ones.
    const remoteAddress = `192.0.2.${account.id % 256}`;
    const issued = await t.server.inject({ method: 'POST', url: '/api/accounts/auth_token', remoteAddress });
    const { token } = issued.json();
    await t.server.inject({ url: `/api/accounts/auth_token/${token}/attach`, headers: { 'x-api-key': key } });
    return { id: account.id, paths: [await t.makeToken(account), `auth_token/${token}`] };
  };
  const stored = async (id: number) => ({
    tokens: await t.app.database.selectFrom('tokens').selectAll().where('account_id', '=', id).execute(),
    account: (await t.api('GET', `/api/accounts/${id}`)).json,
  });
  const isAccount = (body: string) => body.includes('auth_info_0');

  const scanners: readonly (readonly [string, Headers])[] = [
    ...namedScanners.map(([name, headers]) => [`${name}: ${headers['user-agent']?.slice(0, 60)}`, headers] as const),
    ...disguisedScanners,
    ...prefetches,
  ];
  for (const [who, headers] of scanners) {
    test(`uses nothing up if it is opened by ${who}`, async () => {
      for (const domain of [lax, strict]) {
        const { id, paths } = await makePaths(domain);
        const before = await stored(id);
        for (const path of paths) {
          for (const query of ['', '?reset_password']) {
            const answer = await get(`${path}${query}`, headers);
            assert.equal(answer.statusCode, 200);
            assert.ok(!isAccount(answer.body));
            assert.doesNotMatch(answer.body, /linphone-config:|data:image\/svg\+xml;base64/, 'no code');
            assert.ok(!answer.body.includes(path), 'no address');
            assert.equal(answer.body, (await get(`unknown${query}`, headers)).body, 'nothing told');
            assert.equal((await get(`${path}${query}`, headers, 'HEAD')).statusCode, 200);
          }
        }
        assert.deepEqual(await stored(id), before);
        for (const path of paths) assert.ok(isAccount((await get(path, phone)).body), path);
      }
    });
  }

  for (const [who, headers] of [...earlyPhones, ...scripts]) {
    test(`returns the account to ${who}, unless the space requires Linphone 5.3`, async () => {
      for (const path of (await makePaths(lax)).paths) assert.ok(isAccount((await get(path, headers)).body), path);
      const { paths } = await makePaths(strict);
      for (const path of paths) assert.equal((await get(path, headers)).statusCode, 400);
      for (const path of paths) assert.ok(isAccount((await get(path, { ...headers, ...phone })).body), path);
    });
  }

  for (const [who, headers] of laterPhones) {
    test(`returns the account to ${who}`, async () => {
      for (const domain of [lax, strict]) {
        for (const path of (await makePaths(domain)).paths) {
          assert.ok(isAccount((await get(path, headers)).body), path);
        }
      }
    });
  }

  test('shows the code to a browser, and uses nothing up', async () => {
    for (const domain of [lax, strict]) {
      const { id, paths } = await makePaths(domain);
      const before = await stored(id);
      for (const [who, headers] of browsers) {
        for (const path of paths) {
          const page = await get(`${path}?reset_password`, headers);
          assert.equal(page.statusCode, 200);
          assert.ok(page.body.includes(`linphone-config:https://ringup.example.test/provisioning/${path}`), who);
          assert.match(page.body, /data:image\/svg\+xml;base64/);
          assert.match(page.body, /<meta name="robots" content="noindex,nofollow,noarchive">/);
          assert.doesNotMatch(page.body.match(/<title>.*<\/title>/)?.[0] ?? path, new RegExp(path));
        }
      }
      assert.deepEqual(await stored(id), before);
    }
  });

  test('returns 200 to a scanner for valid and unknown tokens, even if phones get 404 for unknown ones', async () => {
    await t.setSpace({ unknown_token: 'not-found' });
    const { paths } = await makePaths(lax);
    for (const [, headers] of [...namedScanners, ...disguisedScanners, ...prefetches]) {
      for (const path of [...paths, 'unknown', 'auth_token/unknown']) {
        assert.equal((await get(path, headers)).statusCode, 200);
      }
    }
    for (const path of paths) assert.ok(isAccount((await get(path, phone)).body), path);
    await t.setSpace({ unknown_token: 'base' });
  });
});
