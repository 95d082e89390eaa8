import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Account } from '../../src/accounts/account.ts';
import { hashSecret } from '../../src/lib/random-token.ts';
import { openTestApp, type TestApp } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';

const hour = 3_600_000;
const phone = { 'x-linphone-provisioning': '1', 'user-agent': 'LinphoneAndroid/5.2.5 (Pixel 7) LinphoneSDK/5.3.74' };

forEachDatabase('tokens of an account', (makeUrl) => {
  let t: TestApp;
  before(async () => {
    t = await openTestApp(await makeUrl());
  });
  after(() => t.close());

  const tokensOf = async ({ id }: Account) => (await t.api('GET', `/api/accounts/${id}/tokens`)).json;
  const answersAccount = async (token: string, account: Account) =>
    (await t.server.inject({ url: `/provisioning/${token}`, headers: phone })).body.includes(
      `sip:${account.username}@`,
    );

  test('are listed with their states and without their secrets, newest first', async () => {
    const account = await t.makeAccount();
    const secrets = [await t.makeToken(account), await t.makeToken(account)];
    assert.equal(await answersAccount(secrets[1] ?? '', account), true);
    secrets.push(await t.makeToken(account, hour));
    const listed = await tokensOf(account);
    assert.deepEqual(
      listed.map(({ state }: { state: string }) => state),
      ['open', 'used', 'revoked'],
    );
    for (const secret of secrets) assert.doesNotMatch(JSON.stringify(listed), new RegExp(secret));
  });

  test('show the first letters of the link and who issued it', async () => {
    const account = await t.makeAccount({ activated: true });
    const byApi = async (path: string, key: string) =>
      (await t.server.inject({ method: 'POST', url: path, headers: { 'x-api-key': key } })).json().provisioning_token;
    const { json: made } = await t.api('POST', '/api/accounts', { username: 'made', password: 'secret' });
    const { json: key } = await t.api('POST', `/api/accounts/${account.id}/api_keys`, {});
    const secrets = [
      await byApi(`/api/accounts/${account.id}/provision`, t.adminKey),
      await byApi('/api/accounts/me/provision', key.api_key),
      await t.makeToken(account),
    ];
    const listed = (await tokensOf(account)).map(({ prefix, issuer }: Record<string, string>) => [prefix, issuer]);
    const issuers = ['api-key test', 'me', 'a test'];
    assert.deepEqual(listed, secrets.map((secret, index) => [secret.slice(0, 6), issuers[index]]).reverse());
    for (const secret of secrets) assert.equal(secret.length, 28);
    assert.equal((await tokensOf(made))[0].issuer, 'api-key test');
  });

  test('a token of an early version is listed without first letters and issuer, and works', async () => {
    const account = await t.makeAccount();
    const secret = 'abcdefghijklmnopqrstu1';
    const row = { kind: 'provisioning', token_hash: hashSecret(secret), account_id: account.id, created_at: 1 };
    await t.app.database.insertInto('tokens').values(row).execute();
    const [{ prefix, issuer, state }] = await tokensOf(account);
    assert.deepEqual([prefix, issuer, state], [null, null, 'open']);
    assert.equal(await answersAccount(secret, account), true);
  });

  test('a token that expired unused works again once it is extended', async () => {
    const account = await t.makeAccount();
    const secret = await t.makeToken(account, hour);
    t.advance(2 * hour);
    const [expired] = await tokensOf(account);
    assert.equal(expired.state, 'expired');
    assert.equal(await answersAccount(secret, account), false);
    const { status, json } = await t.api('PUT', `/api/accounts/${account.id}/tokens/${expired.id}`, { lifetime: '1h' });
    assert.deepEqual([status, json.state], [200, 'open']);
    assert.equal(await answersAccount(secret, account), true);
  });

  test('a revoked token no longer works and cannot be extended', async () => {
    const account = await t.makeAccount();
    const secret = await t.makeToken(account);
    const [{ id }] = await tokensOf(account);
    const url = `/api/accounts/${account.id}/tokens/${id}`;
    assert.equal((await t.api('DELETE', url)).json.state, 'revoked');
    assert.equal((await t.api('DELETE', url)).json.state, 'revoked');
    assert.equal(await answersAccount(secret, account), false);
    assert.equal((await t.api('PUT', url, { lifetime: '1h' })).status, 409);
  });

  for (const [lifetime, status] of [
    ['soon', 422],
    ['', 422],
    ['0', 200],
  ] as const) {
    test(`the lifetime "${lifetime}" returns ${status}`, async () => {
      const account = await t.makeAccount();
      await t.makeToken(account, hour);
      const [{ id, expires_at }] = await tokensOf(account);
      assert.equal((await t.api('PUT', `/api/accounts/${account.id}/tokens/${id}`, { lifetime })).status, status);
      assert.equal((await tokensOf(account))[0].expires_at, status === 200 ? null : expires_at);
    });
  }

  for (const [wish, ends] of [
    [{}, 7 * 24 * hour],
    [{ lifetime: '90m' }, 1.5 * hour],
    [{ lifetime: '366d' }, 366 * 24 * hour],
    [{ lifetime: '0' }, null],
    [{ expires_at: null }, null],
    [{ expires_at: 3 * hour }, 3 * hour],
  ] as const) {
    test(`a token issued with ${JSON.stringify(wish)} expires ${ends === null ? 'never' : `after ${ends} ms`}`, async () => {
      const account = await t.makeAccount();
      const now = t.app.now();
      const body =
        'expires_at' in wish && wish.expires_at !== null
          ? { expires_at: new Date(now + wish.expires_at).toISOString() }
          : wish;
      const { status, json } = await t.api('POST', `/api/accounts/${account.id}/provision`, body);
      assert.equal(status, 200);
      const [{ expires_at: end }] = await tokensOf(account);
      assert.equal(json.provisioning_token_expire_at, end);
      if (ends === null) assert.equal(end, null);
      else assert.equal(Date.parse(end), now + ends);
    });
  }

  test('a token that is issued with a new account gets the lifetime of that request', async () => {
    const fields = { username: 'brief', password: 'secret', token_lifetime: '15m' };
    const { json } = await t.api('POST', '/api/accounts', fields);
    assert.equal(Date.parse(json.provisioning_token_expire_at), t.app.now() + hour / 4);
    assert.equal(
      (await t.api('POST', '/api/accounts', { ...fields, username: 'none', token_lifetime: '1s' })).status,
      422,
    );
    assert.equal((await t.api('GET', '/api/accounts/none@sip.example.test/search')).status, 404);
  });

  test('a token that is extended without an expiry gets that of a new one', async () => {
    const account = await t.makeAccount();
    await t.makeToken(account, hour);
    const [{ id }] = await tokensOf(account);
    const { status, json } = await t.api('PUT', `/api/accounts/${account.id}/tokens/${id}`, {});
    assert.deepEqual([status, Date.parse(json.expires_at)], [200, t.app.now() + 7 * 24 * hour]);
  });

  test('a token can be extended to a given time, or without an end', async () => {
    const account = await t.makeAccount();
    await t.makeToken(account, hour);
    const [{ id }] = await tokensOf(account);
    const url = `/api/accounts/${account.id}/tokens/${id}`;
    const at = new Date(t.app.now() + 2 * hour).toISOString();
    assert.equal((await t.api('PUT', url, { expires_at: at })).json.expires_at, at);
    assert.equal((await t.api('PUT', url, { expires_at: null })).json.expires_at, null);
  });

  test('a token keeps its expiry, without an event, if that is sent back, even after it', async () => {
    const account = await t.makeAccount();
    await t.makeToken(account, hour);
    const [{ id, expires_at }] = await tokensOf(account);
    const eventsOf = async () => (await t.api('GET', `/api/accounts/${account.id}/events`)).json.data.length;
    const events = await eventsOf();
    for (const passed of [0, 2 * hour]) {
      t.advance(passed);
      const { status, json } = await t.api('PUT', `/api/accounts/${account.id}/tokens/${id}`, { expires_at });
      assert.deepEqual([status, json.expires_at], [200, expires_at]);
    }
    assert.equal(await eventsOf(), events);
  });

  const soon = () => new Date(t.app.now() + hour).toISOString();
  for (const [what, wish, field] of [
    ['0m', () => ({ lifetime: '0m' }), 'lifetime'],
    ['59s', () => ({ lifetime: '59s' }), 'lifetime'],
    ['367d', () => ({ lifetime: '367d' }), 'lifetime'],
    ['a number', () => ({ lifetime: 3600 }), 'lifetime'],
    ['a day without a time', () => ({ expires_at: '2099-01-31' }), 'expires_at'],
    ['an instant in the past', () => ({ expires_at: '2020-01-31T18:00:00Z' }), 'expires_at'],
    ['an instant too far away', () => ({ expires_at: '2199-01-31T18:00:00Z' }), 'expires_at'],
    ['both fields', () => ({ lifetime: '1h', expires_at: soon() }), 'expires_at'],
    ['an unknown field', () => ({ expires: '1h' }), 'expires'],
  ] as const) {
    test(`an expiry of ${what} is refused, and the earlier token stays valid`, async () => {
      const account = await t.makeAccount();
      await t.makeToken(account, hour);
      const before = await tokensOf(account);
      const url = `/api/accounts/${account.id}`;
      for (const answer of [
        await t.api('POST', `${url}/provision`, wish()),
        await t.api('PUT', `${url}/tokens/${before[0].id}`, wish()),
      ]) {
        assert.equal(answer.status, 422);
        assert.deepEqual(Object.keys(answer.json.errors), [field]);
      }
      assert.deepEqual(await tokensOf(account), before);
    });
  }

  test('a token cannot be revoked or extended through another account, which returns 404', async () => {
    const [owner, other] = [await t.makeAccount(), await t.makeAccount()];
    await t.makeToken(owner);
    const [{ id }] = await tokensOf(owner);
    assert.equal((await t.api('DELETE', `/api/accounts/${other.id}/tokens/${id}`)).status, 404);
    assert.equal((await t.api('DELETE', `/api/accounts/${owner.id}/tokens/x`)).status, 404);
    assert.equal((await t.api('PUT', `/api/accounts/${other.id}/tokens/${id}`, { prefix: 'other' })).status, 404);
    assert.equal((await tokensOf(owner))[0].state, 'open');
  });
});
