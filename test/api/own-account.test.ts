import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Account } from '../../src/accounts/account.ts';
import { getAccount } from '../../src/accounts/account-store.ts';
import { computeHa1 } from '../../src/sip/ha1.ts';
import { openTestApp, type TestApp } from '../support/app.ts';
import { dumpDatabase } from '../support/database-dump.ts';
import { forEachDatabase } from '../support/databases.ts';
import { requestByDigest } from '../support/digest-request.ts';

forEachDatabase("a user's own account", (makeUrl) => {
  let t: TestApp;
  before(async () => {
    t = await openTestApp(await makeUrl());
  });
  after(() => t.close());

  const as = (account: Account, method: 'GET' | 'POST' | 'DELETE', path = '', body?: unknown) =>
    requestByDigest(t.server, {
      username: account.username,
      password: 'secret',
      method,
      url: `/api/accounts/me${path}`,
      headers: { from: `sip:${account.username}@sip.example.test` },
      body,
    });
  const ha1sOf = async (account: Account) => (await getAccount(t.app.database, account.id)).ha1s;

  test('is shown as an administrator sees it, except for its linphonerc, note and group', async () => {
    const account = await t.makeAccount({ display_name: 'Me', note: 'Hidden', group: 'Sales', language: 'fr' });
    const mine = await as(account, 'GET');
    assert.equal(mine.headers['content-type'], 'application/json');
    const { linphonerc: _, note, group, ...shown } = (await t.api('GET', `/api/accounts/${account.id}`)).json;
    assert.deepEqual([note, group, shown.language], ['Hidden', 'Sales', 'fr']);
    assert.deepEqual(mine.json(), shown);
  });

  for (const method of ['GET', 'POST'] as const) {
    test(`is returned by ${method} provision with a new token`, async () => {
      const account = await t.makeAccount();
      const { provisioning_token: token, id } = (await as(account, method, '/provision')).json();
      assert.equal(id, account.id);
      assert.equal((await t.server.inject({ url: `/provisioning/qrcode/${token}` })).statusCode, 200);
      const next = (await as(account, method, '/provision')).json();
      assert.equal((await t.server.inject({ url: `/provisioning/qrcode/${token}` })).statusCode, 404);
      assert.match((await t.server.inject({ url: `/provisioning/${next.provisioning_token}` })).body, /auth_info_0/);
    });
  }

  test('a new password needs the old one, and is stored for every algorithm of the account', async () => {
    await t.setSpace({ algorithms: ['SHA-256', 'MD5'] });
    const account = await t.makeAccount();
    await t.setSpace({ algorithms: ['SHA-256'] });
    const answer = await as(account, 'POST', '/password', { old_password: 'secret', password: 'renewed' });
    assert.equal(answer.statusCode, 200);
    assert.equal(answer.json().id, account.id);
    assert.deepEqual(
      await ha1sOf(account),
      (['SHA-256', 'MD5'] as const).map((algorithm) => ({
        algorithm,
        ha1: computeHa1(algorithm, account.username, 'sip.example.test', 'renewed'),
      })),
    );
    assert.equal((await as(account, 'GET')).statusCode, 401);
  });

  test('a new password may come with the one algorithm to keep', async () => {
    const account = await t.makeAccount();
    const body = { old_password: 'secret', password: 'renewed', algorithm: 'MD5' };
    assert.deepEqual((await as(account, 'POST', '/password', body)).json().passwords, [{ algorithm: 'MD5' }]);
  });

  const refusals: readonly [string, unknown, readonly string[]][] = [
    ['a wrong old password', { old_password: 'wrong', password: 'renewed' }, ['old_password']],
    ['no old password', { password: 'renewed' }, ['old_password']],
    ['no fields', {}, ['old_password', 'password']],
    ['a password that is too short', { old_password: 'secret', password: 'ab' }, ['password']],
    ['a number as the password', { old_password: 'secret', password: 123456 }, ['password']],
    ['an unknown algorithm', { old_password: 'secret', password: 'renewed', algorithm: 'SHA-1' }, ['algorithm']],
    ['a field for a privilege', { old_password: 'secret', password: 'renewed', admin: true }, ['admin']],
    ['a field for another account', { old_password: 'secret', password: 'renewed', id: 1 }, ['id']],
  ];
  for (const [which, body, fields] of refusals) {
    test(`a change of password with ${which} is refused with the name of the field, and changes nothing`, async () => {
      const account = await t.makeAccount();
      const before = await dumpDatabase(t.app.database);
      const answer = await as(account, 'POST', '/password', body);
      assert.equal(answer.statusCode, 422);
      assert.deepEqual(Object.keys(answer.json().errors), fields);
      assert.deepEqual(await dumpDatabase(t.app.database), before);
    });
  }

  test('exactly one of four simultaneous changes of the password succeeds', async () => {
    const account = await t.makeAccount();
    const answers = await Promise.all(
      [1, 2, 3, 4].map((n) => as(account, 'POST', '/password', { old_password: 'secret', password: `renewed${n}` })),
    );
    const won = answers.findIndex((answer) => answer.statusCode === 200) + 1;
    assert.equal(answers.filter((answer) => answer.statusCode === 200).length, 1);
    const ha1 = computeHa1('SHA-256', account.username, 'sip.example.test', `renewed${won}`);
    assert.deepEqual(await ha1sOf(account), [{ algorithm: 'SHA-256', ha1 }]);
  });

  test('a user can delete the account, and can no longer sign in', async () => {
    const account = await t.makeAccount();
    assert.equal((await as(account, 'DELETE')).statusCode, 200);
    assert.equal((await as(account, 'GET')).statusCode, 401);
    assert.equal((await t.api('GET', `/api/accounts/${account.id}`)).status, 404);
  });

  test('a blocked user cannot use any of these endpoints', async () => {
    const account = await t.makeAccount({ activated: true });
    await t.api('POST', `/api/accounts/${account.id}/block`);
    for (const [method, path] of [
      ['GET', ''],
      ['DELETE', ''],
      ['POST', '/provision'],
      ['GET', '/api_key'],
      ['GET', '/contacts'],
    ] as const) {
      assert.equal((await as(account, method, path)).statusCode, 403, `${method} ${path}`);
    }
  });

  test('users have no access to administration', async () => {
    const account = await t.makeAccount({ activated: true });
    const key = (await as(account, 'GET', '/api_key')).body;
    for (const [method, url] of [
      ['GET', '/api/accounts'],
      ['POST', '/api/accounts'],
      ['GET', `/api/accounts/${account.id}`],
      ['PUT', `/api/accounts/${account.id}`],
      ['POST', `/api/accounts/${account.id}/activate`],
      ['POST', `/api/accounts/${account.id}/api_keys`],
      ['POST', `/api/accounts/${account.id}/external`],
      ['GET', '/api/spaces'],
      ['DELETE', '/api/spaces/sip.example.test'],
    ] as const) {
      const answer = await t.server.inject({ method, url, headers: { 'x-api-key': key } });
      assert.equal(answer.statusCode, 403, `${method} ${url}`);
    }
  });
});
