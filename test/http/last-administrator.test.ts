import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import type { Account } from '../../src/accounts/account.ts';
import { openTestApp, type TestApp } from '../support/app.ts';
import { dumpDatabase } from '../support/database-dump.ts';
import { forEachDatabase } from '../support/databases.ts';

forEachDatabase('the last administrator', (makeUrl) => {
  let t: TestApp;
  beforeEach(async () => {
    t = await openTestApp(await makeUrl());
  });
  afterEach(() => t.close());

  const adminId = async (): Promise<number> => (await t.api('GET', '/api/accounts/me')).json.id;
  const keyOf = async (account: Account): Promise<string> =>
    (await t.api('POST', `/api/accounts/${account.id}/api_keys`, {})).json.api_key;

  const removals: readonly [string, 'POST' | 'PUT' | 'DELETE', (id: number) => string, unknown?][] = [
    ['deleted', 'DELETE', (id) => `/api/accounts/${id}`],
    ['deleted by itself', 'DELETE', () => '/api/accounts/me'],
    ['demoted', 'PUT', (id) => `/api/accounts/${id}`, { admin: false }],
    ['deactivated', 'POST', (id) => `/api/accounts/${id}/deactivate`],
    ['deactivated by a change', 'PUT', (id) => `/api/accounts/${id}`, { activated: false }],
    ['blocked', 'POST', (id) => `/api/accounts/${id}/block`],
    ['deleted with its space', 'DELETE', () => '/api/spaces/sip.example.test?with_accounts=true'],
    ['left behind by a space that is no longer super', 'PUT', () => '/api/spaces/sip.example.test', { super: false }],
  ];
  for (const [what, method, url, body] of removals) {
    test(`is never ${what}: 409, and nothing changes`, async () => {
      await t.api('POST', '/api/spaces', { domain: 'second.example.test', super: true });
      await t.makeAccount({ admin: true });
      await t
        .makeAccount({ admin: true, activated: true, domain: 'second.example.test' })
        .then(({ id }) => t.api('POST', `/api/accounts/${id}/block`));
      await t.api('POST', '/api/spaces', { domain: 'third.example.test' });
      await t.makeAccount({ admin: true, activated: true, domain: 'third.example.test' });
      const before = await dumpDatabase(t.app.database.db);
      const answer = await t.api(method, url(await adminId()), body);
      assert.equal(answer.status, 409);
      assert.equal(answer.json.code, 'last-administrator');
      assert.deepEqual(await dumpDatabase(t.app.database.db), before);
    });

    test(`may be ${what} once there is another`, async () => {
      await t.api('POST', '/api/spaces', { domain: 'second.example.test', super: true });
      await t.makeAccount({ admin: true, activated: true, domain: 'second.example.test' });
      assert.equal((await t.api(method, url(await adminId()), body)).status, 200);
    });
  }

  for (const [what, method, url, body] of removals.slice(0, 6)) {
    test(`two administrators who are ${what} by each other at once do not both go`, async () => {
      const mine = await adminId();
      const other = await t.makeAccount({ admin: true, activated: true });
      const otherKey = await keyOf(other);
      const call = (key: string, id: number) =>
        t.server.inject({
          method,
          url: url(id),
          headers: { 'x-api-key': key, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
          ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
        });
      const byOneself = url(0) === '/api/accounts/me';
      const answers = await Promise.all([
        call(t.adminKey, byOneself ? mine : other.id),
        call(otherKey, byOneself ? other.id : mine),
      ]);
      const statuses = answers.map((answer) => answer.statusCode);
      assert.equal(statuses.filter((status) => status === 200).length, 1, String(statuses));
      const left = await t.app.database.db
        .selectFrom('accounts')
        .select('id')
        .where('admin', '=', 1)
        .where('activated_at', 'is not', null)
        .where('blocked_at', 'is', null)
        .execute();
      assert.equal(left.length, 1);
    });
  }

  test('of an ordinary space may go: the super space still manages it', async () => {
    await t.api('POST', '/api/spaces', { domain: 'third.example.test' });
    const { id } = await t.makeAccount({ admin: true, activated: true, domain: 'third.example.test' });
    assert.equal((await t.api('DELETE', `/api/accounts/${id}`)).status, 200);
  });
});
