import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openTestApp, type TestApp } from '../support/app.ts';
import { dumpDatabase } from '../support/database-dump.ts';
import { forEachDatabase } from '../support/databases.ts';
import { answerChallenge } from '../support/digest-client.ts';
import { phonesOf } from '../support/phone.ts';

const second = 'second.example.test';
const phone = { 'x-linphone-provisioning': '1' };

forEachDatabase('the settings of a space', (makeUrl) => {
  let t: TestApp;
  before(async () => {
    t = await openTestApp(await makeUrl());
    await t.api('POST', '/api/spaces', { domain: second, host: second });
  });
  after(() => t.close());

  const setSecond = async (fields: object) => {
    const answer = await t.api('PUT', `/api/spaces/${second}`, fields);
    assert.equal(answer.status, 200, answer.text);
  };
  const make = (fields: object) => t.api('POST', '/api/accounts', { password: 'secret', domain: second, ...fields });
  const get = (url: string, headers: Record<string, string> = {}, method: 'GET' | 'HEAD' = 'GET') =>
    t.server.inject({ method, url, headers });
  const isAccount = (body: string) => body.includes('auth_info_0');

  test('max_accounts makes a full space return 403, even if eight requests compete for the last place', async () => {
    const { total } = (await t.api('GET', '/api/accounts?search=limited')).json;
    assert.equal(total, 0);
    await setSecond({ max_accounts: 2 });
    assert.equal((await make({ username: 'limited0' })).status, 200);
    for (let round = 0; round < 5; round += 1) {
      const answers = await Promise.all(
        Array.from({ length: 8 }, (_, index) => make({ username: `limited${round}.${index}` })),
      );
      const made = answers.filter((answer) => answer.status === 200);
      assert.equal(made.length, 1);
      const refused = answers.filter((answer) => answer.status === 403);
      assert.equal(refused.length, 7);
      assert.equal(refused[0]?.json.code, 'space-full');
      await t.api('DELETE', `/api/accounts/${made[0]?.json.id}`);
    }
    assert.equal((await t.api('POST', '/api/accounts', { username: 'elsewhere', password: 'secret' })).status, 200);
    await setSecond({ max_accounts: 0 });
    assert.equal((await make({ username: 'limited1' })).status, 200);
    assert.equal((await make({ username: 'limited2' })).status, 200);
  });

  test('username_pattern refuses other names with the pattern, for new and changed accounts', async () => {
    await setSecond({ username_pattern: '^[0-9]{3}$' });
    const { id } = (await make({ username: '100' })).json;
    for (const username of ['99', '1000', 'abc', '10a', '１００']) {
      for (const answer of [
        await make({ username }),
        await t.api('PUT', `/api/accounts/${id}`, { username, password: 'secret' }),
      ]) {
        assert.equal(answer.status, 422);
        assert.deepEqual(answer.json.errors, {
          username: [`"${username}" must match ^[0-9]{3}$ (the space's username_pattern)`],
        });
      }
    }
    await setSecond({ username_pattern: '^[a-z0-9+_.-]{1,64}$' });
  });

  test('password_min_length counts characters, wherever a password is set', async () => {
    await setSecond({ password_min_length: 8 });
    const account = (await make({ username: 'eight', password: '12345678', activated: true })).json;
    const { api_key: key } = (await t.api('POST', `/api/accounts/${account.id}/api_keys`, {})).json;
    for (const password of ['1234567', '🛠'.repeat(7)]) {
      assert.deepEqual((await make({ username: 'short', password })).json.errors, {
        password: ["must have at least 8 characters (the space's password_min_length)"],
      });
      assert.equal((await t.api('PUT', `/api/accounts/${account.id}`, { password })).status, 422);
      const own = await t.server.inject({
        method: 'POST',
        url: '/api/accounts/me/password',
        headers: { 'x-api-key': key, 'content-type': 'application/json' },
        payload: JSON.stringify({ old_password: '12345678', password }),
      });
      assert.equal(own.statusCode, 422);
    }
    assert.equal((await t.api('PUT', `/api/accounts/${account.id}`, { password: '🛠'.repeat(8) })).status, 200);
    await setSecond({ password_min_length: 3 });
  });

  test('require_provisioning_header applies to the space of the token, whatever host is addressed', async () => {
    await setSecond({ require_provisioning_header: true });
    const [strict, lax] = [await t.makeAccount({ domain: second }), await t.makeAccount()];
    const [strictToken, laxToken] = [await t.makeToken(strict), await t.makeToken(lax)];
    const before = await dumpDatabase(t.app.database);
    for (const host of ['ringup.example.test', second]) {
      for (const method of ['GET', 'HEAD'] as const) {
        const answer = await get(`/provisioning/${strictToken}?reset_password`, { host }, method);
        assert.equal(answer.statusCode, 400, `${method} ${host}`);
      }
    }
    assert.deepEqual(await dumpDatabase(t.app.database), before);
    for (const method of ['GET', 'HEAD'] as const) {
      assert.equal((await get('/provisioning', { host: second }, method)).statusCode, 400);
      assert.equal((await get('/provisioning/unknown', { host: second }, method)).statusCode, 400);
      assert.equal((await get('/provisioning', {}, method)).statusCode, 200);
      assert.equal((await get('/provisioning/unknown', {}, method)).statusCode, 200);
    }
    assert.ok(isAccount((await get(`/provisioning/${laxToken}`, { host: second })).body), "another space's token");
    assert.equal((await get(`/provisioning/${strictToken}`, { accept: 'text/html' })).statusCode, 200, 'the page');
    assert.equal((await get(`/provisioning/qrcode/${strictToken}`)).statusCode, 200, 'the code');
    assert.ok(isAccount((await get(`/provisioning/${strictToken}`, phone)).body));
    await setSecond({ require_provisioning_header: false });
  });

  test('require_provisioning_header applies to auth tokens too', async () => {
    const account = await t.makeAccount({ domain: second, activated: true });
    const { api_key: key } = (await t.api('POST', `/api/accounts/${account.id}/api_keys`, {})).json;
    const { token } = (await t.api('POST', '/api/accounts/auth_token')).json;
    await get(`/api/accounts/auth_token/${token}/attach`, { 'x-api-key': key });
    await setSecond({ require_provisioning_header: true });
    assert.equal((await get(`/provisioning/auth_token/${token}`)).statusCode, 400);
    assert.ok(isAccount((await get(`/provisioning/auth_token/${token}`, phone)).body));
    await setSecond({ require_provisioning_header: false });
  });

  test('require_provisioning_header applies to /provisioning/me, however the caller authenticates', async () => {
    await setSecond({ require_provisioning_header: true, refetch: 'every-start' });
    const account = await t.makeAccount({ domain: second, username: 'own', activated: true });
    const { api_key: key } = (await t.api('POST', `/api/accounts/${account.id}/api_keys`, {})).json;
    const from = `sip:own@${second}`;
    const device = await phonesOf(t).redeem(await t.makeToken(account));
    const credentials = { username: 'own', password: 'secret' };
    const callers = {
      key: ['/provisioning/me', () => ({ 'x-api-key': key })],
      'device key': [device.address, () => ({ from, 'x-device-key': device.key })],
      Digest: [
        '/provisioning/me',
        (challenges: readonly string[], method: string) => ({
          from,
          authorization: answerChallenge(challenges, { ...credentials, method, uri: '/provisioning/me' }),
        }),
      ],
    } as const;
    for (const [who, [url, headersFor]] of Object.entries(callers)) {
      for (const method of ['GET', 'HEAD'] as const) {
        for (const [header, status] of [
          [{}, 400],
          [phone, 200],
        ] as const) {
          const { headers } = await get('/provisioning/me', { from }, method);
          const challenges = [headers['www-authenticate'] ?? []].flat();
          const answer = await get(url, { ...headersFor(challenges, method), ...header }, method);
          assert.equal(answer.statusCode, status, `${method} by ${who}`);
        }
      }
    }
    const { data } = (await t.api('GET', `/api/accounts/${account.id}/events?kind=device-refused`)).json;
    assert.deepEqual(
      data.map(({ detail }: { detail: { reason: string } }) => detail.reason),
      ['header-missing'],
    );
    await setSecond({ require_provisioning_header: false, refetch: 'once' });
  });

  test('require_provisioning_header does not keep a revoked device from being told', async () => {
    await setSecond({ require_provisioning_header: true, refetch: 'every-start' });
    const account = await t.makeAccount({ domain: second });
    const device = await phonesOf(t).redeem(await t.makeToken(account));
    const [uuid] = Object.keys((await t.api('GET', `/api/accounts/${account.id}/devices`)).json);
    await t.api('DELETE', `/api/accounts/${account.id}/devices/${uuid}`);
    for (const headers of [{}, { 'x-device-key': device.key }]) {
      const { statusCode, body } = await get(device.address, headers);
      assert.equal(statusCode, 200);
      assert.match(body, /<entry name="reg_sendregister" overwrite="true">0</);
    }
    await setSecond({ require_provisioning_header: false, refetch: 'once' });
  });

  test('unknown_token of the addressed space decides how an invalid token is answered', async () => {
    await setSecond({ unknown_token: 'not-found' });
    const used = await t.makeToken(await t.makeAccount({ domain: second }));
    assert.ok(isAccount((await get(`/provisioning/${used}`)).body));
    for (const token of [used, 'unknown']) {
      for (const method of ['GET', 'HEAD'] as const) {
        assert.equal((await get(`/provisioning/${token}`, { host: second }, method)).statusCode, 404);
        assert.equal((await get(`/provisioning/${token}`, {}, method)).statusCode, 200);
      }
    }
    const refusal = await get('/provisioning/unknown', { host: second });
    assert.equal(refusal.headers['content-type'], 'text/plain; charset=utf-8');
    assert.equal((await get('/provisioning', { host: second })).statusCode, 200);
    await setSecond({ unknown_token: 'base' });
  });

  test('an invalid token is answered like /provisioning with the same query, byte for byte', async () => {
    await setSecond({ linphonerc: '[ui]\nsecond=1\n' });
    const account = await t.makeAccount({ domain: second });
    const blocked = await t.makeToken(account);
    await t.api('POST', `/api/accounts/${account.id}/block`);
    for (const host of ['ringup.example.test', second]) {
      for (const query of ['', '?reset_password', '?a=b&c']) {
        const base = await get(`/provisioning${query}`, { host });
        for (const token of ['unknown', blocked, 'x'.repeat(1_000)]) {
          const answer = await get(`/provisioning/${token}${query}`, { host });
          assert.deepEqual(answer.rawPayload, base.rawPayload);
          assert.deepEqual({ ...answer.headers, date: '' }, { ...base.headers, date: '' });
        }
      }
    }
    await setSecond({ linphonerc: '' });
  });

  test('algorithms and realm apply to new accounts, never to existing ones', async () => {
    const { json: before } = await make({ username: 'before' });
    await setSecond({ algorithms: ['MD5'] });
    const { json: made } = await make({ username: 'made' });
    assert.deepEqual(made.passwords, [{ algorithm: 'MD5' }]);
    assert.deepEqual((await t.api('GET', `/api/accounts/${before.id}`)).json.passwords, [{ algorithm: 'SHA-256' }]);
    await setSecond({ realm: 'Realm', confirm: true });
    assert.equal((await t.api('GET', `/api/accounts/${made.id}`)).json.realm, 'Realm');
    await setSecond({ realm: null, confirm: true, algorithms: ['SHA-256'] });
    assert.equal((await t.api('GET', `/api/accounts/${made.id}`)).json.realm, null);
  });

  test('name appears on the landing page', async () => {
    await setSecond({ name: 'Second <Phones>' });
    const token = await t.makeToken(await t.makeAccount({ domain: second }));
    const page = (await get(`/provisioning/${token}`, { accept: 'text/html' })).body;
    assert.match(page, /Second &(lt|#60);Phones&(gt|#62);/);
    await setSecond({ name: second });
  });
});
