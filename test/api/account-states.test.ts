import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openTestApp, type TestApp } from '../support/app.ts';
import { dumpDatabase } from '../support/database-dump.ts';
import { forEachDatabase } from '../support/databases.ts';

const eight = Array.from({ length: 8 });

forEachDatabase('the states of accounts', (makeUrl) => {
  let t: TestApp;
  before(async () => {
    t = await openTestApp(await makeUrl());
  });
  after(() => t.close());

  const isOpen = async (token: string) =>
    (await t.server.inject({ url: `/provisioning/qrcode/${token}` })).statusCode === 200;
  const provision = async (id: number, method: 'GET' | 'POST' = 'POST') =>
    t.api(method, `/api/accounts/${id}/provision`);

  for (const method of ['POST', 'GET'] as const) {
    test(`${method} activate and deactivate return the account, and change nothing the second time`, async () => {
      const { id } = await t.makeAccount();
      for (const [change, activated] of [
        ['activate', true],
        ['activate', true],
        ['deactivate', false],
        ['deactivate', false],
      ] as const) {
        const answer = await t.api(method, `/api/accounts/${id}/${change}`);
        assert.equal(answer.status, 200);
        assert.equal(answer.json.activated, activated);
        const { updated_at: _, ...account } = answer.json;
        const { updated_at: __, ...stored } = (await t.api('GET', `/api/accounts/${id}`)).json;
        assert.deepEqual(account, stored);
      }
    });
  }

  const eventsSince = async (id: number, after: readonly unknown[] = []) =>
    (await t.api('GET', `/api/accounts/${id}/events`)).json.data
      .map(({ kind, detail }: { kind: string; detail: object }) => ({ kind, ...detail }))
      // Recorded late, by `isOpen`.
      .filter(({ kind }: { kind: string }) => kind !== 'code-shown')
      .slice(after.length);

  test('deactivate revokes the code of an account that is not activated yet, and says so once', async () => {
    const account = await t.makeAccount();
    const token = await t.makeToken(account);
    assert.equal(await isOpen(token), true);
    const before = await eventsSince(account.id);
    for (const _ of [1, 2]) {
      assert.equal((await t.api('POST', `/api/accounts/${account.id}/deactivate`)).status, 200);
      assert.equal(await isOpen(token), false);
      assert.deepEqual(await eventsSince(account.id, before), [{ kind: 'token-revoked', codes: 'all' }]);
    }
  });

  test('PUT with what GET returned changes nothing, so the code of an account that is not activated yet works', async () => {
    const account = await t.makeAccount();
    const token = await t.makeToken(account);
    const before = await eventsSince(account.id);
    const { json } = await t.api('GET', `/api/accounts/${account.id}`);
    assert.equal(json.activated, false);
    assert.equal((await t.api('PUT', `/api/accounts/${account.id}`, json)).status, 200);
    assert.equal((await t.api('PUT', `/api/accounts/${account.id}`, { activated: false })).status, 200);
    assert.equal(await isOpen(token), true);
    assert.deepEqual(await eventsSince(account.id, before), []);
    await t.api('POST', `/api/accounts/${account.id}/activate`);
    await t.api('PUT', `/api/accounts/${account.id}`, { activated: false });
    assert.equal(await isOpen(token), false);
  });

  test('block and unblock return the account, and do not change its activation', async () => {
    const { id } = await t.makeAccount({ activated: true });
    for (const [change, blocked] of [
      ['block', true],
      ['block', true],
      ['unblock', false],
      ['unblock', false],
    ] as const) {
      const { status, json } = await t.api('POST', `/api/accounts/${id}/${change}`);
      assert.deepEqual([status, json.blocked, json.activated], [200, blocked, true]);
    }
  });

  test('block and unblock refuse GET', async () => {
    const { id } = await t.makeAccount();
    for (const change of ['block', 'unblock']) {
      const answer = await t.api('GET', `/api/accounts/${id}/${change}`);
      assert.equal(answer.status, 405);
      assert.equal(answer.headers.allow, 'POST, OPTIONS');
    }
  });

  for (const change of ['deactivate', 'block'] as const) {
    test(`${change} ends the tokens of the account, and undoing it does not restore them`, async () => {
      const account = await t.makeAccount({ activated: true });
      const token = await t.makeToken(account);
      assert.ok(await isOpen(token));
      await t.api('POST', `/api/accounts/${account.id}/${change}`);
      assert.ok(!(await isOpen(token)));
      await t.api('POST', `/api/accounts/${account.id}/${change === 'block' ? 'unblock' : 'activate'}`);
      assert.ok(!(await isOpen(token)));
    });
  }

  for (const method of ['POST', 'GET'] as const) {
    test(`${method} provision returns the account with a new token, which is never shown again`, async () => {
      const account = await t.makeAccount();
      const answer = await provision(account.id, method);
      assert.equal(answer.status, 200);
      const {
        provisioning_token: token,
        provisioning_token_expire_at: expires,
        provisioning_url,
        ...rest
      } = answer.json;
      assert.equal(provisioning_url, `https://ringup.example.test/provisioning/${token}`);
      assert.ok(Date.parse(expires) > t.app.now());
      assert.deepEqual(rest, (await t.api('GET', `/api/accounts/${account.id}`)).json);
      assert.ok(await isOpen(token));
      assert.ok(!JSON.stringify(await dumpDatabase(t.app.database)).includes(token));
    });
  }

  test('a new token ends the older ones', async () => {
    const { id } = await t.makeAccount();
    const [first, second] = [await provision(id), await provision(id)];
    assert.ok(!(await isOpen(first.json.provisioning_token)));
    assert.ok(await isOpen(second.json.provisioning_token));
  });

  test('exactly one of eight tokens that are issued at once is valid', async () => {
    for (let round = 0; round < 10; round += 1) {
      const { id } = await t.makeAccount();
      const answers = await Promise.all(eight.map(() => provision(id)));
      assert.ok(answers.every((answer) => answer.status === 200));
      const open = await Promise.all(answers.map((answer) => isOpen(answer.json.provisioning_token)));
      assert.equal(open.filter(Boolean).length, 1);
    }
  });

  test('issuing a token for a blocked account returns 409 and changes nothing', async () => {
    const { id } = await t.makeAccount();
    await t.api('POST', `/api/accounts/${id}/block`);
    const before = await dumpDatabase(t.app.database);
    for (const method of ['GET', 'POST'] as const) {
      const answer = await provision(id, method);
      assert.equal(answer.status, 409);
      assert.equal(answer.json.errors, undefined);
    }
    assert.deepEqual(await dumpDatabase(t.app.database), before);
  });

  test('a token issued while the account is being blocked is not valid afterwards', async () => {
    for (let round = 0; round < 20; round += 1) {
      const { id } = await t.makeAccount();
      const [issued] = await Promise.all([provision(id), t.api('POST', `/api/accounts/${id}/block`)]);
      assert.ok([200, 409].includes(issued.status));
      if (issued.status === 200) assert.ok(!(await isOpen(issued.json.provisioning_token)));
    }
  });

  test('a deactivated account can get a token, and using the token activates it', async () => {
    const { id } = await t.makeAccount({ activated: true });
    await t.api('POST', `/api/accounts/${id}/deactivate`);
    const { json } = await provision(id);
    assert.equal(json.activated, false);
    await t.server.inject({ url: `/provisioning/${json.provisioning_token}` });
    assert.equal((await t.api('GET', `/api/accounts/${id}`)).json.activated, true);
  });

  test('the space sets when tokens expire, or else the instance; 0 means never', async () => {
    const { id } = await t.makeAccount();
    for (const [lifetime, days] of [
      [null, 7],
      ['36h', 1.5],
      ['90m', 0.0625],
      ['0', undefined],
    ] as const) {
      await t.setSpace({ token_lifetime: lifetime });
      const before = t.app.now();
      const { provisioning_token: token, provisioning_token_expire_at: expires } = (await provision(id)).json;
      if (days === undefined) {
        assert.equal(expires, null);
        t.advance(100_000 * 24 * 3_600_000);
        assert.ok(await isOpen(token));
      } else {
        assert.equal(Date.parse(expires), before + days * 24 * 3_600_000);
        t.advance(days * 24 * 3_600_000 - 1);
        assert.ok(await isOpen(token));
        t.advance(1);
        assert.ok(!(await isOpen(token)));
      }
    }
    await t.setSpace({ token_lifetime: null });
  });

  test('changing the state of an unknown account returns 404', async () => {
    for (const change of ['activate', 'deactivate', 'block', 'unblock', 'provision']) {
      assert.equal((await t.api('POST', `/api/accounts/999999/${change}`)).status, 404, change);
    }
  });
});
