import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Account } from '../../src/accounts/account.ts';
import { openTestApp, type TestApp } from '../support/app.ts';
import { dumpDatabase } from '../support/database-dump.ts';
import { forEachDatabase } from '../support/databases.ts';

forEachDatabase('the rights of administrators', (makeUrl) => {
  let t: TestApp;
  let key: string;
  let own: Account;
  let foreign: Account;
  before(async () => {
    t = await openTestApp(await makeUrl());
    for (const domain of ['own.example.test', 'foreign.example.test']) await t.api('POST', '/api/spaces', { domain });
    const admin = await t.makeAccount({ domain: 'own.example.test', admin: true, activated: true });
    own = await t.makeAccount({ domain: 'own.example.test', email: 'own@example.com' });
    foreign = await t.makeAccount({ domain: 'foreign.example.test', email: 'foreign@example.com' });
    key = (await t.api('POST', `/api/accounts/${admin.id}/api_keys`, {})).json.api_key;
  });
  after(() => t.close());

  type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';
  const call = (method: Method, url: string, body?: unknown) =>
    t.server.inject({
      method,
      url,
      headers: { 'x-api-key': key, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
    });
  const external = { username: 'x', domain: 'y.test', password: 'z' };
  const ofAccount: readonly [Method, string, unknown?][] = [
    ['GET', ''],
    ['PUT', '', { display_name: 'x' }],
    ['POST', '/activate'],
    ['GET', '/activate'],
    ['POST', '/block'],
    ['POST', '/unblock'],
    ['POST', '/provision'],
    ['GET', '/provision'],
    ['POST', '/external', external],
    ['GET', '/external'],
    ['DELETE', '/external'],
    ['GET', '/contacts'],
    ['GET', '/api_keys'],
    ['POST', '/api_keys', {}],
    ['POST', '/deactivate'],
    ['GET', '/deactivate'],
    ['DELETE', ''],
  ];

  test('an ordinary administrator can neither find nor change anything in another space', async () => {
    const before = await dumpDatabase(t.app.database);
    for (const [method, path, body] of ofAccount) {
      const answer = await call(method, `/api/accounts/${foreign.id}${path}`, body);
      assert.equal(answer.statusCode, 404, `${method} ${path}`);
      assert.equal(
        answer.body,
        (await call(method, `/api/accounts/999999${path}`, body)).body.replace('999999', String(foreign.id)),
        'as one that is not there',
      );
    }
    for (const [method, url] of [
      ['GET', `/api/accounts/${foreign.username}@foreign.example.test/search`],
      ['GET', '/api/accounts/foreign@example.com/search-by-email'],
      ['POST', `/api/accounts/${own.id}/contacts/${foreign.id}`],
      ['POST', `/api/accounts/${foreign.id}/contacts/${own.id}`],
      ['DELETE', `/api/accounts/${foreign.id}/contacts/${own.id}`],
      ['DELETE', `/api/accounts/${foreign.id}/api_keys/1`],
      ['DELETE', `/api/accounts/${own.id}/api_keys/1`],
    ] as const) {
      assert.equal((await call(method, url)).statusCode, 404, `${method} ${url}`);
    }
    assert.deepEqual(await dumpDatabase(t.app.database), before);
  });

  test('an ordinary administrator cannot create accounts in another space', async () => {
    const before = await dumpDatabase(t.app.database);
    for (const domain of ['foreign.example.test', 'sip.example.test', 'nowhere.example.test']) {
      const answer = await call('POST', '/api/accounts', { username: 'new', password: 'secret', domain });
      assert.equal(answer.statusCode, 422);
      assert.deepEqual(answer.json().errors, { domain: [`"${domain}" is not a space that you manage`] });
    }
    assert.deepEqual(await dumpDatabase(t.app.database), before);
  });

  test('an ordinary administrator cannot see spaces', async () => {
    const before = await dumpDatabase(t.app.database);
    for (const [method, url, body] of [
      ['GET', '/api/spaces'],
      ['POST', '/api/spaces', { domain: 'x.test' }],
      ['GET', '/api/spaces/own.example.test'],
      ['PUT', '/api/spaces/own.example.test', { super: true }],
      ['PUT', '/api/spaces/foreign.example.test', { name: 'x' }],
      ['DELETE', '/api/spaces/foreign.example.test'],
    ] as const) {
      assert.equal((await call(method, url, body)).statusCode, 403, `${method} ${url}`);
    }
    assert.deepEqual(await dumpDatabase(t.app.database), before);
  });

  test('an ordinary administrator manages its own space, and new accounts are created in it', async () => {
    const list = (await call('GET', '/api/accounts')).json();
    assert.equal(list.total, 2);
    assert.ok(list.data.every((each: { domain: string }) => each.domain === 'own.example.test'));
    assert.equal((await call('GET', `/api/accounts/${own.username}@own.example.test/search`)).json().id, own.id);
    assert.equal((await call('GET', '/api/accounts/own@example.com/search-by-email')).json().id, own.id);
    const made = (await call('POST', '/api/accounts', { username: 'second', password: 'secret' })).json();
    assert.equal(made.domain, 'own.example.test');
    assert.equal((await call('POST', `/api/accounts/${own.id}/contacts/${made.id}`)).statusCode, 200);
    for (const [method, path, body] of ofAccount) {
      const status = method === 'POST' && path === '/external' ? 201 : 200;
      assert.equal(
        (await call(method, `/api/accounts/${own.id}${path}`, body)).statusCode,
        status,
        `${method} ${path}`,
      );
    }
  });

  test('an administrator of the super space manages all spaces', async () => {
    assert.equal((await t.api('GET', '/api/accounts')).json.total, 4);
    for (const [method, path, body] of ofAccount) {
      const status = method === 'POST' && path === '/external' ? 201 : 200;
      assert.equal(
        (await t.api(method, `/api/accounts/${foreign.id}${path}`, body)).status,
        status,
        `${method} ${path}`,
      );
    }
    assert.equal(
      (await t.api('POST', '/api/accounts', { username: 'third', password: 'secret', domain: 'foreign.example.test' }))
        .status,
      200,
    );
  });

  test('administrators of a space that becomes super manage all spaces', async () => {
    await t.api('PUT', '/api/spaces/own.example.test', { super: true });
    assert.equal((await call('GET', '/api/spaces')).statusCode, 200);
    await t.api('PUT', '/api/spaces/own.example.test', { super: false });
    assert.equal((await call('GET', '/api/spaces')).statusCode, 403);
  });
});
