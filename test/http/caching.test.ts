import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { issueSetupLink } from '../../src/administration/first-administrator.ts';
import { assets, stylesheet } from '../../src/panel/assets.ts';
import { facesOf, routesOf } from '../../src/server.ts';
import { openTestApp, type TestApp } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';
import { openConnection } from '../support/raw-request.ts';

const routes = routesOf(facesOf(''));
const paths = [...new Set(routes.map(({ path }) => path))];
const methods = ['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'DELETE', 'PATCH'] as const;

// The proxies' caches know neither `x-api-key` nor that a code works once.
forEachDatabase('caches of proxies and browsers', (makeUrl) => {
  let t: TestApp;
  let names: Readonly<Record<string, string>>;
  before(async () => {
    t = await openTestApp(await makeUrl());
    const user = await t.makeAccount({ activated: true, email: 'a@example.com' });
    const contact = await t.makeAccount();
    const of = `/api/accounts/${user.id}`;
    await t.api('POST', `${of}/external`, { username: 'x', domain: 'y.test', password: 'z' });
    await t.api('POST', `${of}/contacts/${contact.id}`);
    await t.api('POST', '/api/spaces', { domain: 'other.example.test' });
    const authToken = (await t.api('POST', '/api/accounts/auth_token')).json.token;
    await t.api('GET', `/api/accounts/auth_token/${authToken}/attach`);
    names = {
      id: String(user.id),
      contactId: String(contact.id),
      keyId: String((await t.api('POST', `${of}/api_keys`, {})).json.id),
      token: await t.makeToken(user),
      authToken,
      domain: 'other.example.test',
      sip: `${user.username}@sip.example.test`,
      email: 'a@example.com',
      name: stylesheet.name,
    };
  });
  after(() => t.close());

  const mayBeKept = (method: string, url: string) =>
    method !== 'OPTIONS' && url.split('?')[0] === `/assets/${stylesheet.name}`;
  const check = async (method: (typeof methods)[number], url: string, headers: Record<string, string>) => {
    const answer = await t.server.inject({ method, url, headers });
    const expected = mayBeKept(method, url) && answer.statusCode === 200 ? /^public/ : /^no-store(?:, no-transform)?$/;
    assert.match(String(answer.headers['cache-control']), expected, `${method} ${url}: ${answer.statusCode}`);
    return answer.statusCode;
  };

  for (const path of paths) {
    test(`may keep no answer at ${path}, for any caller and method, whether it exists or not`, async () => {
      const there = path.replace(/:(\w+)/g, (_, name: string) => names[name] ?? '1');
      const statuses = new Set<number>();
      for (const url of [
        there,
        path.replace(/:\w+/g, '999999'),
        `${there}?page=x&size=0`,
        `${there}/`,
        `${there}/%zz`,
      ]) {
        for (const headers of [{}, { accept: 'text/html' }, { 'x-api-key': t.adminKey }, { 'x-api-key': 'wrong' }]) {
          for (const method of methods) statuses.add(await check(method, url, { ...headers }));
        }
      }
      assert.ok(statuses.size > 1, `only ${[...statuses]}`);
    });
  }

  test('may keep style sheets and scripts for ever', async () => {
    for (const { name } of assets.values()) {
      const { headers } = await t.server.inject(`/assets/${name}`);
      assert.match(String(headers['cache-control']), /^public.*immutable/, name);
      assert.match(String(headers['content-type']), /^text\/(?:css|javascript)/, name);
    }
  });

  test('may not keep the account that a code hands over', async () => {
    const token = await t.makeToken(await t.makeAccount());
    const { headers, body } = await t.server.inject(`/provisioning/${token}`);
    assert.match(body, /auth_info_0/);
    assert.equal(headers['cache-control'], 'no-store');
  });

  test('may not keep the page of the link for the first administrator', async () => {
    await t.app.database.deleteFrom('accounts').execute();
    const { pathname } = new URL((await issueSetupLink(t.app)) ?? '');
    assert.equal(await check('GET', pathname, {}), 200);
  });

  test('may not keep answers while the database is broken', async () => {
    const broken = await openTestApp(await makeUrl());
    const { adminKey } = broken;
    await broken.app.database.schema.dropTable('api_keys').execute();
    const { statusCode, headers } = await broken.server.inject({
      url: '/api/accounts',
      headers: { 'x-api-key': adminKey },
    });
    assert.deepEqual([statusCode, headers['cache-control']], [503, 'no-store']);
    await broken.close();
  });

  test('may not keep the refusal of bytes that are not an HTTP request', async () => {
    const { port } = new URL(await t.server.listen({ port: 0, host: '127.0.0.1' }));
    for (const [text, status] of [
      ['no request\r\n\r\n', 400],
      [`GET / HTTP/1.1\r\nHost: x\r\nx: ${'y'.repeat(100_000)}\r\n\r\n`, 431],
    ] as const) {
      const connection = await openConnection(Number(port));
      connection.send(text);
      const answer = await connection.until('\r\n\r\n');
      assert.match(answer, new RegExp(`^HTTP/1\\.1 ${status} `));
      assert.match(answer, /\r\nCache-Control: no-store\r\n/);
      connection.socket.destroy();
    }
  });
});
