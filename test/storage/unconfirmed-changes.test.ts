import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { issueSetupLink } from '../../src/administration/first-administrator.ts';
import type { TestApp } from '../support/app.ts';
import { openAppBehindProxy } from '../support/app-behind-proxy.ts';
import { hasPostgres } from '../support/postgres.ts';
import type { TcpProxy } from '../support/tcp-proxy.ts';

interface Change {
  readonly what: string;
  /** The path below the account's. */
  readonly request: (id: number) => readonly ['POST' | 'PUT' | 'DELETE', string, unknown?];
  /** What the same request answers once it has been done; by default, the same again. */
  readonly repeated?: number;
}

/** Each is asked for again after the one before. */
const changes: readonly Change[] = [
  { what: 'a change of the account', request: (id) => ['PUT', `/api/accounts/${id}`, { display_name: 'Other' }] },
  { what: 'a block', request: (id) => ['POST', `/api/accounts/${id}/block`] },
  { what: 'the end of a block', request: (id) => ['POST', `/api/accounts/${id}/unblock`] },
  { what: 'an activation', request: (id) => ['POST', `/api/accounts/${id}/activate`] },
  { what: 'a code', request: (id) => ['POST', `/api/accounts/${id}/provision`] },
  { what: 'an API key', request: (id) => ['POST', `/api/accounts/${id}/api_keys`, { name: 'a key' }] },
  {
    what: 'an external account',
    request: (id) => [
      'POST',
      `/api/accounts/${id}/external`,
      { username: '7', domain: 'pbx.test', password: 'secret' },
    ],
    repeated: 200,
  },
  {
    what: 'the end of an external account',
    request: (id) => ['DELETE', `/api/accounts/${id}/external`],
    repeated: 404,
  },
  { what: 'a contact', request: (id) => ['POST', `/api/accounts/${id}/contacts/1`] },
  { what: 'the end of a contact', request: (id) => ['DELETE', `/api/accounts/${id}/contacts/1`], repeated: 404 },
  { what: 'a space', request: () => ['POST', '/api/spaces', { domain: 'new.test' }], repeated: 422 },
  { what: 'a setting of a space', request: () => ['PUT', '/api/spaces/new.test', { name: 'New' }] },
  { what: 'the end of a space', request: () => ['DELETE', '/api/spaces/new.test'], repeated: 404 },
  { what: 'the end of an account', request: (id) => ['DELETE', `/api/accounts/${id}`], repeated: 404 },
];

describe('a change whose COMMIT PostgreSQL does not confirm', { skip: !hasPostgres() }, () => {
  let proxy: TcpProxy;
  let t: TestApp;
  let stop: () => Promise<void>;
  before(async () => {
    ({ t, proxy, stop } = await openAppBehindProxy());
  });
  after(() => stop());

  /** Does something while each COMMIT has this fate, and then COMMITs work again. */
  const meanwhile = async <T>(fate: Parameters<TcpProxy['onCommit']>[0], work: () => Promise<T>): Promise<T> => {
    const before = proxy.unanswered();
    proxy.onCommit(fate);
    try {
      return await work();
    } finally {
      proxy.heal();
      assert.ok(proxy.unanswered() > before, 'no COMMIT went unanswered');
    }
  };

  test('is answered as done if it was done, even if its connection falls silent', async () => {
    for (const fate of ['cut answer', 'swallow answer'] as const) {
      const fields = { username: fate.replace(' ', '-'), password: 'secret' };
      const { status, text, json } = await meanwhile(fate, () => t.api('POST', '/api/accounts', fields));
      assert.equal(status, 200, text);
      assert.equal((await t.api('GET', `/api/accounts/${json.id}`)).json.username, fields.username);
    }
  });

  test('is answered by 503 if it never arrived, and works when it is repeated', async () => {
    const { id } = await t.makeAccount();
    for (const { what, request } of changes) {
      const [method, path, body] = request(id);
      const first = await meanwhile('never arrives', () => t.api(method, path, body));
      assert.equal(first.status, 503, `${what}: ${first.text}`);
      assert.doesNotMatch(first.json.message, /may have been made/);
      const again = await t.api(method, path, body);
      assert.ok([200, 201, 204].includes(again.status), `${what}: ${again.text}`);
    }
  });

  test('happens exactly once, whatever the change is', async () => {
    const { id } = await t.makeAccount();
    for (const { what, request, repeated } of changes) {
      const [method, path, body] = request(id);
      const first = await meanwhile('cut answer', () => t.api(method, path, body));
      assert.ok([200, 201, 204].includes(first.status), `${what}: ${first.text}`);
      const again = await t.api(method, path, body);
      assert.equal(again.status, repeated ?? first.status, `${what}: ${again.text}`);
    }
  });

  test('does not lose the key that a second device gets for its code', async () => {
    const { id } = await t.makeAccount({ activated: true });
    const user = (await t.api('POST', `/api/accounts/${id}/api_keys`, {})).json.api_key;
    const issue = () => t.server.inject({ method: 'POST', url: '/api/accounts/auth_token' });
    assert.equal((await meanwhile('cut answer', issue)).statusCode, 503);
    const { token } = (await issue()).json();
    const attach = () =>
      t.server.inject({ url: `/api/accounts/auth_token/${token}/attach`, headers: { 'x-api-key': user } });
    assert.equal((await meanwhile('never arrives', attach)).statusCode, 503);
    assert.equal((await meanwhile('cut answer', attach)).statusCode, 200);
    const exchange = () => t.server.inject({ url: `/api/accounts/me/api_key/${token}` });
    assert.equal((await meanwhile('never arrives', exchange)).statusCode, 503);
    const { api_key: key } = (await meanwhile('cut answer', exchange)).json();
    const me = await t.server.inject({ url: '/api/accounts/me', headers: { 'x-api-key': key } });
    assert.equal(me.json().id, id);
    assert.equal((await exchange()).statusCode, 404);
  });

  test('makes one administrator with a setup link, which stays valid if nothing was made', async () => {
    await t.app.database.deleteFrom('accounts').execute();
    const url = new URL((await issueSetupLink(t.app)) ?? '').pathname;
    const submit = () =>
      t.server.inject({
        method: 'POST',
        url,
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        payload: 'step=administrator&username=root&password=correct-horse',
      });
    assert.equal((await meanwhile('never arrives', submit)).statusCode, 503);
    assert.equal((await t.server.inject({ url })).statusCode, 200);
    const done = await meanwhile('cut answer', submit);
    assert.ok(done.statusCode === 200 || done.statusCode === 303, done.body);
    const accounts = await t.app.database.selectFrom('accounts').select(['username', 'admin']).execute();
    assert.deepEqual(accounts, [{ username: 'root', admin: 1 }]);
    assert.equal((await t.server.inject({ url })).statusCode, 404);
  });
});
