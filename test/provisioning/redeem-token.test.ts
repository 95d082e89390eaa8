import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { getAccount } from '../../src/accounts/account-store.ts';
import { openTestApp, type TestApp } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';
import { assertValidDocument, parseDocument } from '../support/xml.ts';

forEachDatabase('using a token up', (makeUrl) => {
  let t: TestApp;
  before(async () => {
    t = await openTestApp(await makeUrl());
  });
  after(() => t.close());

  const fetchToken = (token: string, options: { query?: string; headers?: Record<string, string> } = {}) =>
    t.server.inject({ url: `/provisioning/${token}${options.query ?? ''}`, headers: options.headers ?? {} });
  const base = async () => (await t.server.inject({ url: '/provisioning' })).body;
  const stored = async (id: number) => getAccount(t.app.database, id);
  /** As if the process that answered were gone. */
  const orphan = () => t.app.database.updateTable('tokens').set({ boot_id: 'gone' }).execute();

  test('a valid token returns the account once, activates it, and is then answered like an unknown one', async () => {
    const account = await t.makeAccount({ display_name: 'Alice "Al" \\ Liddell' });
    const token = await t.makeToken(account);
    const first = await fetchToken(token);
    assert.equal(first.statusCode, 200);
    assert.equal(first.headers['content-type'], 'application/xml');
    assert.equal(first.headers['cache-control'], 'no-store');
    assert.equal(first.headers['content-length'], String(Buffer.byteLength(first.body)));
    assertValidDocument(first.body);
    const document = parseDocument(first.body);
    assert.equal(
      document.get('proxy_0')?.get('reg_identity')?.value,
      `"Alice \\"Al\\" \\\\ Liddell" <sip:${account.username}@sip.example.test>`,
    );
    assert.equal(document.get('auth_info_0')?.get('ha1')?.value, account.ha1s[0]?.ha1);
    assert.notEqual((await stored(account.id)).activatedAt, null);
    const second = await fetchToken(token);
    assert.equal(second.body, await base());
    assert.deepEqual(
      { ...second.headers, date: '' },
      { ...(await t.server.inject({ url: '/provisioning' })).headers, date: '' },
    );
  });

  test('exactly one of eight simultaneous requests gets the account, in two hundred tries', async () => {
    const unknown = await base();
    for (let round = 0; round < 200; round += 1) {
      const token = await t.makeToken(await t.makeAccount());
      const query = round % 2 === 0 ? '' : '?reset_password';
      const answers = await Promise.all(Array.from({ length: 8 }, () => fetchToken(token, { query })));
      const winners = answers.filter((answer) => answer.body.includes('auth_info_0'));
      assert.equal(winners.length, 1, `round ${round}`);
      assert.equal(answers.filter((answer) => answer.body === unknown).length, 7, `round ${round}`);
    }
  });

  test('reset_password sets a new password, and the document has its HA1 for every algorithm of the account', async () => {
    await t.setSpace({ algorithms: ['SHA-256', 'MD5'] });
    const account = await t.makeAccount();
    await t.setSpace({ algorithms: ['SHA-256'] });
    const answer = await fetchToken(await t.makeToken(account), { query: '?reset_password=true' });
    const document = parseDocument(answer.body);
    const { ha1s } = await stored(account.id);
    assert.deepEqual(
      ha1s.map((each) => each.algorithm),
      ['SHA-256', 'MD5'],
    );
    for (const [index, { ha1, algorithm }] of ha1s.entries()) {
      assert.notEqual(ha1, account.ha1s[index]?.ha1);
      assert.equal(document.get(`auth_info_${index}`)?.get('ha1')?.value, ha1);
      assert.equal(document.get(`auth_info_${index}`)?.get('algorithm')?.value, algorithm);
    }
  });

  test('reset_password has no effect without a valid token', async () => {
    const account = await t.makeAccount();
    const token = await t.makeToken(account);
    await fetchToken(token);
    const before = await stored(account.id);
    await fetchToken(token, { query: '?reset_password' });
    assert.deepEqual(await stored(account.id), before);
  });

  const harmless: readonly [
    string,
    { method?: 'HEAD' | 'OPTIONS' | 'POST' | 'PUT'; headers?: Record<string, string> },
  ][] = [
    ['HEAD', { method: 'HEAD' }],
    ['OPTIONS', { method: 'OPTIONS' }],
    ['POST', { method: 'POST' }],
    ['PUT', { method: 'PUT' }],
    ['a prefetch', { headers: { 'sec-purpose': 'prefetch;prerender' } }],
    ['an older prefetch', { headers: { purpose: 'prefetch' } }],
    ['a browser', { headers: { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' } }],
  ];
  for (const [who, request] of harmless) {
    test(`${who} does not change the token, the account or the password`, async () => {
      const account = await t.makeAccount();
      const token = await t.makeToken(account);
      const before = await stored(account.id);
      const answer = await t.server.inject({ url: `/provisioning/${token}?reset_password`, ...request });
      assert.ok(!answer.body.includes('auth_info'));
      assert.deepEqual(await stored(account.id), before);
      assert.match((await fetchToken(token)).body, /auth_info_0/);
    });
  }

  const ended: readonly [string, (id: number, token: string) => Promise<unknown>][] = [
    ['expired', async () => t.advance(2 * 60_000)],
    ['superseded', async (id) => t.makeToken(await stored(id))],
    ['of a blocked account', (id) => t.api('POST', `/api/accounts/${id}/block`)],
    ['of a deactivated account', (id) => t.api('POST', `/api/accounts/${id}/deactivate`)],
    ['of a deleted account', (id) => t.api('DELETE', `/api/accounts/${id}`)],
  ];
  for (const [which, end] of ended) {
    test(`a token that is ${which} is answered like an unknown one`, async () => {
      const account = await t.makeAccount();
      const token = await t.makeToken(account, 60_000);
      await end(account.id, token);
      const answer = await fetchToken(token, { query: '?reset_password' });
      assert.equal(answer.statusCode, 200);
      assert.equal(answer.body, await base());
    });
  }

  test('a token issued after a deactivation activates the account again', async () => {
    const account = await t.makeAccount({ activated: true });
    await t.api('POST', `/api/accounts/${account.id}/deactivate`);
    assert.match((await fetchToken(await t.makeToken(await stored(account.id)))).body, /auth_info_0/);
    assert.notEqual((await stored(account.id)).activatedAt, null);
  });

  test('an answer of a process that has ended can be fetched three times more, with the present account', async () => {
    const account = await t.makeAccount();
    const token = await t.makeToken(account);
    await fetchToken(token, { query: '?reset_password' });
    const { ha1s } = await stored(account.id);
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      await orphan();
      const again = await Promise.all([1, 2, 3].map(() => fetchToken(token, { query: '?reset_password' })));
      const winners = again.filter((answer) => answer.body.includes('auth_info_0'));
      assert.equal(winners.length, 1, `attempt ${attempt}`);
      assert.equal(
        parseDocument(winners[0]?.body ?? '')
          .get('auth_info_0')
          ?.get('ha1')?.value,
        ha1s[0]?.ha1,
      );
    }
    await orphan();
    assert.equal((await fetchToken(token)).body, await base());
  });

  test('a lost answer cannot be fetched again after five minutes', async () => {
    const token = await t.makeToken(await t.makeAccount());
    await fetchToken(token);
    await orphan();
    t.advance(5 * 60_000 + 1);
    assert.equal((await fetchToken(token)).body, await base());
  });

  test('only the same client is answered again within a retry window', async () => {
    await t.setSpace({ retry_window: 60 });
    const token = await t.makeToken(await t.makeAccount());
    const phone = { 'user-agent': 'LinphoneAndroid/5.2' };
    await fetchToken(token, { headers: phone });
    t.advance(1_000);
    assert.match((await fetchToken(token, { headers: phone })).body, /auth_info_0/);
    assert.equal((await fetchToken(token, { headers: { 'user-agent': 'other' } })).body, await base());
    t.advance(61_000);
    assert.equal((await fetchToken(token, { headers: phone })).body, await base());
    await t.setSpace({ retry_window: 0 });
  });

  test('unknown and used tokens return 404 if the space says so', async () => {
    await t.setSpace({ unknown_token: 'not-found' });
    const token = await t.makeToken(await t.makeAccount());
    assert.equal((await t.server.inject({ method: 'HEAD', url: `/provisioning/${token}` })).statusCode, 200);
    assert.equal((await fetchToken(token)).statusCode, 200);
    for (const url of [`/provisioning/${token}`, '/provisioning/unknown']) {
      for (const method of ['GET', 'HEAD'] as const) {
        assert.equal((await t.server.inject({ method, url })).statusCode, 404);
      }
    }
    await t.setSpace({ unknown_token: 'base' });
  });

  test('nothing is used up without the header of Linphone if the space requires it', async () => {
    await t.setSpace({ require_provisioning_header: true });
    const token = await t.makeToken(await t.makeAccount());
    assert.equal((await fetchToken(token)).statusCode, 400);
    assert.equal((await fetchToken('unknown')).statusCode, 400);
    assert.equal((await t.server.inject({ url: '/provisioning' })).statusCode, 400);
    const answer = await fetchToken(token, { headers: { 'x-linphone-provisioning': '1' } });
    assert.match(answer.body, /auth_info_0/);
    await t.setSpace({ require_provisioning_header: false });
  });

  test('a token does not work in any altered form', async () => {
    const account = await t.makeAccount();
    const token = await t.makeToken(account);
    const swapped = [...token].map((c) => (c === c.toLowerCase() ? c.toUpperCase() : c.toLowerCase())).join('');
    const unknown = await base();
    for (const other of [
      swapped,
      `${token}%00`,
      `${token}%0a`,
      `${token}%20`,
      `%20${token}`,
      `${token}.`,
      'x'.repeat(10_000),
    ]) {
      const answer = await fetchToken(other);
      assert.equal(answer.statusCode, 200, other.slice(0, 40));
      assert.equal(answer.body, unknown);
    }
    assert.match((await fetchToken(token)).body, /auth_info_0/);
  });
});
