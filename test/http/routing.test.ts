import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { InjectOptions } from 'fastify';
import { facesOf, routesOf } from '../../src/server.ts';
import { openTestApp, type TestApp } from '../support/app.ts';
import { dumpDatabase } from '../support/database-dump.ts';
import { forEachDatabase, sqliteUrl } from '../support/databases.ts';
import { tempDirectory } from '../support/temp-directory.ts';

const routes = routesOf(facesOf(''));

type Method = Exclude<InjectOptions['method'], undefined>;

const paths = [...new Set(routes.map((route) => route.path))];
const methods: readonly Method[] = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'TRACE'];

function allowedAt(path: string): string[] {
  const there = routes.filter((route) => route.path === path);
  const named = there.map((route) => route.method);
  const head = there.some((route) => route.method === 'GET' && !route.changes) ? ['HEAD'] : [];
  return [...new Set<string>([...named, ...head, 'OPTIONS'])];
}

// One database: it tests paths only.
describe('paths and methods', () => {
  let t: TestApp;
  before(async () => {
    t = await openTestApp(sqliteUrl(join(tempDirectory(), 'ringup.sqlite')));
  });
  after(() => t.close());

  const request = (method: Method, url: string, options: InjectOptions = {}) =>
    t.server.inject({ method, url, ...options, headers: { 'x-api-key': t.adminKey, ...options.headers } });
  const filled = (path: string): string =>
    path
      .replace(':id', '1')
      .replace(/:\w+Id/g, '2')
      .replace(/:\w+/g, 'something');

  test('an unknown path with thousands of parts is not split once for each route', async (test) => {
    const longest = Math.max(...paths.map((path) => path.split('/').length));
    assert.ok(longest < 20, 'an unknown path is split into so many parts at most');
    const split = test.mock.method(String.prototype, 'split');
    assert.equal((await request('GET', `/x${'/a'.repeat(6_000)}`)).statusCode, 404);
    const parts = split.mock.calls.map(({ result }) => result?.length ?? 0);
    assert.ok(Math.max(...parts) < 6_000, 'it is not split to its end');
  });

  for (const path of paths) {
    test(`OPTIONS ${path} returns 204 with the allowed methods, and any other method 405 with the same list`, async () => {
      const before = await dumpDatabase(t.app.database);
      const allowed = allowedAt(path).sort();
      const url = filled(path);
      const options = await request('OPTIONS', url);
      assert.equal(options.statusCode, 204);
      assert.equal(options.body, '');
      assert.deepEqual(String(options.headers.allow).split(', ').sort(), allowed);
      for (const method of methods.filter((each) => !allowed.includes(each))) {
        for (const more of [{}, { headers: { 'content-type': 'text/csv' }, payload: 'a,b' }]) {
          const answer = await request(method, url, more);
          assert.equal(answer.statusCode, 405, method);
          assert.deepEqual(String(answer.headers.allow).split(', ').sort(), allowed);
        }
      }
      assert.deepEqual(await dumpDatabase(t.app.database), before);
    });
  }

  const unknown = [
    '/api/',
    '/api/nothing',
    '/api/accounts/',
    '/api/accounts/recover-by-phone',
    '/api/accounts/with-account-creation-token',
    '/api/accounts/alice/external',
    '/api/accounts/1/contacts/bob',
    '/api/accounts/1/nothing',
    '/api/accounts/me/nothing',
    '/api/accounts/1/devices/2/nothing',
    '/api/ping/nothing',
  ];
  for (const url of unknown) {
    test(`${url} is unknown, whatever the method`, async () => {
      for (const method of [...methods, 'OPTIONS'] as const) {
        const answer = await request(method, url, { payload: 'a,b', headers: { 'content-type': 'text/csv' } });
        // An existing account could have this id, so what its type of body is comes first.
        const expected = answer.statusCode === 415 && /^(POST|PUT)$/.test(method) ? 415 : 404;
        assert.equal(answer.statusCode, expected, method);
        assert.equal(answer.headers.allow, undefined, method);
      }
    });
  }

  const bodies: readonly [string, string | undefined, string][] = [
    ['what the apps send', 'application/json', '{"device_uuid":"urn:uuid:x"}'],
    ['what the tester sends', 'application/json', '{"account_id":1}'],
    ['what is no JSON', 'application/json', '{"a":'],
    ['another type', 'text/csv', 'a,b'],
    ['no type', undefined, 'a'],
    ['more than any other request may have', 'application/json', `{"a":"${'x'.repeat(200_000)}"}`],
    ['too many fields', 'application/json', `{${Array.from({ length: 200 }, (_, index) => `"f${index}":1`)}}`],
  ];
  for (const [which, type, payload] of bodies) {
    test(`the body of a DELETE is ignored: ${which}`, async () => {
      const { id } = await t.makeAccount();
      const headers: Record<string, string> = type === undefined ? {} : { 'content-type': type };
      const answer = await request('DELETE', `/api/accounts/${id}`, { payload, headers });
      assert.equal(answer.statusCode, 200, answer.body);
      assert.equal((await request('GET', `/api/accounts/${id}`)).statusCode, 404);
    });
  }

  test('an empty parameter is a path that exists', async () => {
    for (const method of ['POST', 'OPTIONS'] as const) {
      const answer = await request(method, '/provisioning/');
      assert.equal(answer.statusCode, method === 'POST' ? 405 : 204);
      assert.equal(answer.headers.allow, 'GET, HEAD, OPTIONS');
    }
  });

  test('HEAD returns what GET does, without the body', async () => {
    for (const { path, changes } of routes.filter((route) => route.method === 'GET' && !route.changes)) {
      if (path === '/setup/:token') continue;
      const url = filled(path);
      const [get, head] = [await request('GET', url), await request('HEAD', url)];
      assert.equal(head.statusCode, get.statusCode, `${path} ${changes}`);
      assert.equal(head.headers['content-type'], get.headers['content-type'], path);
      assert.equal(head.headers['cache-control'], get.headers['cache-control'], path);
      assert.equal(head.body, '', path);
    }
  });

  test('HEAD of a configuration has no Content-Length, so that no hook needs to run', async () => {
    const token = await t.makeToken(await t.makeAccount());
    for (const url of ['/provisioning', `/provisioning/${token}`, '/provisioning/unknown', '/provisioning/me']) {
      const head = await request('HEAD', url);
      assert.equal(head.statusCode, 200);
      assert.equal(head.headers['content-type'], 'application/xml');
      assert.equal(head.headers['content-length'], undefined, url);
    }
  });

  for (const path of [
    '/nothing',
    '/api/nothing',
    '/api/accounts/1/nothing',
    '/provisioning/a/b',
    '/provisioning/qrcode/a/b',
    '/.env',
    '/setup',
    '/contacts',
  ]) {
    test(`${path} does not exist`, async () => {
      for (const method of ['GET', 'POST', 'OPTIONS'] as const) {
        const answer = await request(method, path);
        assert.equal(answer.statusCode, 404, method);
        assert.equal(answer.headers['cache-control'], 'no-store');
        const type = path.startsWith('/api/') ? 'application/json' : 'text/plain; charset=utf-8';
        assert.equal(answer.headers['content-type'], type);
      }
    });
  }

  test('a browser gets a page for 404, 405 and 413, and other clients get a line of text', async () => {
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    const payload = `username=${'x'.repeat(20_000)}`;
    const cases: readonly [Method, string, number, RegExp, InjectOptions?][] = [
      ['GET', '/nothing', 404, /<h1>There is nothing here<\/h1>/],
      ['GET', '/setup', 404, /<h1>This link no longer works<\/h1>/],
      ['GET', '/setup?x', 404, /<h1>This link no longer works<\/h1>/],
      ['GET', '/setup/', 404, /<h1>This link no longer works<\/h1>/],
      ['GET', '/setup/unknown', 404, /<h1>This link no longer works<\/h1>/],
      ['GET', '/assets/unknown.css', 404, /<h1>There is nothing here<\/h1>/],
      ['POST', '/', 405, /<h1>This address does something else<\/h1>/],
      ['PUT', '/setup/unknown', 405, /Open the address by itself in a browser\./],
      ['POST', '/setup/unknown', 413, /<h1>That was too much at once<\/h1>/, { headers: form, payload }],
      [
        'POST',
        '/setup/unknown',
        415,
        /<h1>This did not work<\/h1>/,
        { headers: { 'content-type': 'text/csv' }, payload },
      ],
      ['GET', '/%zz', 400, /The address or the form cannot be read\. Open the page again\./],
    ];
    for (const [method, url, status, words, options = {}] of cases) {
      const headers = { ...options.headers, accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };
      const page = await request(method, url, { ...options, headers });
      assert.equal(page.statusCode, status, url);
      assert.equal(page.headers['content-type'], 'text/html; charset=utf-8', url);
      assert.equal(page.headers['cache-control'], 'no-store', url);
      assert.match(page.body, words);
      const line = await request(method, url, options);
      assert.equal(line.statusCode, status);
      if (/^\/setup\/\w*$/.test(url) && status === 404) continue;
      assert.equal(line.headers['content-type'], 'text/plain; charset=utf-8', url);
      assert.equal(line.headers.vary, 'Accept', url);
      assert.match(line.body, /^[^\n]+\n$/);
    }
    const withSpaces = await request('HEAD', '/nothing', { headers: { accept: 'text/html' } });
    assert.deepEqual([withSpaces.statusCode, withSpaces.body], [404, '']);
  });

  test('provisioning answers a browser with XML too, and with a line of text if it fails', async () => {
    const headers = { accept: 'text/html' };
    assert.equal((await request('GET', '/provisioning', { headers })).headers['content-type'], 'application/xml');
    const failed = await request('GET', '/provisioning/qrcode/unknown', { headers });
    assert.equal(failed.headers['content-type'], 'text/plain; charset=utf-8');
  });

  test('an unusual method returns 405 if the path exists', async () => {
    const address = await t.server.listen({ port: 0, host: '127.0.0.1' });
    for (const method of ['PROPFIND', 'PURGE', 'REPORT', 'LINK']) {
      const answer = await fetch(`${address}/provisioning`, { method });
      assert.equal(answer.status, 405, method);
      assert.equal(answer.headers.get('allow'), 'GET, HEAD, OPTIONS');
    }
  });

  for (const accept of ['text/html', 'application/xml', '*/*', 'image/png']) {
    test(`errors of the API are JSON, and those of provisioning one line of text, with Accept: ${accept}`, async () => {
      for (const [url, status] of [
        ['/api/accounts/999999', 404],
        ['/api/accounts?page=x', 422],
        ['/api/nowhere', 404],
      ] as const) {
        const answer = await request('GET', url, { headers: { accept } });
        assert.equal(answer.statusCode, status);
        assert.equal(answer.headers['content-type'], 'application/json');
        const { message, errors, code, ...rest } = answer.json();
        assert.deepEqual(rest, {});
        assert.ok(typeof message === 'string' && typeof code === 'string');
        assert.equal(errors !== undefined, status === 422);
      }
      for (const [method, url, status] of [
        ['POST', '/provisioning', 405],
        ['GET', '/provisioning/auth_token/unknown', ['text/html', 'image/png'].includes(accept) ? 200 : 404],
        ['GET', '/provisioning/qrcode/unknown', 404],
      ] as const) {
        const answer = await request(method, url, { headers: { accept } });
        assert.equal(answer.statusCode, status);
        assert.equal(answer.headers['cache-control'], 'no-store');
        if (status !== 200) {
          assert.equal(answer.headers['content-type'], 'text/plain; charset=utf-8');
          assert.match(answer.body, /^[^\n]+\n$/);
        }
      }
    });
  }

  test('ping returns the text pong', async () => {
    const answer = await t.server.inject({ url: '/api/ping' });
    assert.deepEqual([answer.statusCode, answer.body], [200, 'pong']);
  });

  test('health says that the process runs, and that the database is reachable and migrated', async () => {
    for (const [url, status] of [
      ['/health/live', { status: 'live', boot_id: t.app.bootId }],
      ['/health/ready', { status: 'ready' }],
    ] as const) {
      const answer = await t.server.inject({ url });
      assert.deepEqual([answer.statusCode, answer.json()], [200, status]);
    }
  });

  test('no answer under /provisioning can be cached, is compressed, redirects or sets a cookie', async () => {
    const token = await t.makeToken(await t.makeAccount());
    for (const url of [
      '/provisioning',
      '/provisioning/',
      `/provisioning/${token}`,
      '/provisioning/unknown',
      '/provisioning/me',
      '/provisioning/documentation',
      '/provisioning/qrcode/unknown',
      '/provisioning/auth_token/unknown',
      '/provisioning/qrcode',
      '/provisioning/auth_token',
    ]) {
      const answer = await request('GET', url, { headers: { 'accept-encoding': 'gzip, br, deflate' } });
      assert.equal(answer.headers['cache-control'], 'no-store', url);
      assert.equal(answer.headers['content-encoding'], undefined, url);
      assert.equal(answer.headers['set-cookie'], undefined, url);
      assert.ok(answer.statusCode < 300 || answer.statusCode >= 400, url);
      assert.equal(answer.headers['content-length'], String(answer.rawPayload.length), url);
    }
  });

  test('qrcode, me, auth_token and documentation are never treated as tokens', async () => {
    const base = (await t.server.inject({ url: '/provisioning' })).body;
    assert.equal((await t.server.inject({ url: '/provisioning/me' })).statusCode, 401);
    assert.match((await t.server.inject({ url: '/provisioning/documentation' })).body, /^<!doctype html>/i);
    for (const word of ['qrcode', 'auth_token']) {
      assert.equal((await t.server.inject({ url: `/provisioning/${word}` })).body, base);
    }
  });
});

forEachDatabase('health', (makeUrl) => {
  test('says when the database is not ready', async () => {
    const t = await openTestApp(await makeUrl());
    await t.app.database.schema.dropTable('kysely_migration').execute();
    const answer = await t.server.inject({ url: '/health/ready' });
    assert.equal(answer.statusCode, 503);
    assert.equal(answer.headers['retry-after'], '1');
    assert.equal((await t.server.inject({ url: '/health/live' })).statusCode, 200);
    await t.close();
  });

  test('is only what has its path', async () => {
    const t = await openTestApp(await makeUrl());
    assert.equal((await t.server.inject({ url: '/below/a/prefix/health/live?x=1' })).statusCode, 200);
    assert.equal((await t.server.inject({ url: '/api/accounts?search=/health/live' })).statusCode, 401);
    await t.close();
  });
});

// One database: the prefix changes paths and cookies.
describe('behind a path prefix', () => {
  let t: TestApp;
  before(async () => {
    t = await openTestApp(sqliteUrl(join(tempDirectory(), 'ringup.sqlite')), {
      RINGUP_PUBLIC_URL: 'http://ringup.example.test/phones',
    });
  });
  after(() => t.close());

  test('paths are the same with the prefix and without it', async () => {
    for (const path of ['/', '/api', '/provisioning', '/api/ping', '/provisioning/unknown?x=/phones/y', '/nothing']) {
      const [bare, prefixed] = [await t.server.inject({ url: path }), await t.server.inject({ url: `/phones${path}` })];
      assert.deepEqual([prefixed.statusCode, prefixed.body], [bare.statusCode, bare.body], path);
    }
    const home = (await t.server.inject({ url: '/' })).body;
    for (const url of ['/phones', '/phones?x']) assert.equal((await t.server.inject({ url })).body, home, url);
    assert.equal((await t.server.inject({ url: '/phonesx/provisioning' })).statusCode, 404);
  });

  test('cookies apply to the prefix only, and are not Secure without https', async () => {
    const answer = await t.server.inject({ url: '/api/accounts/me/api_key', headers: { 'x-api-key': t.adminKey } });
    assert.equal(answer.headers['set-cookie'], `x-api-key=${answer.body}; Path=/phones; HttpOnly; SameSite=Strict`);
  });
});
