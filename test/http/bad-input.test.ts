import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { InjectOptions, LightMyRequestResponse } from 'fastify';
import type { Account } from '../../src/accounts/account.ts';
import { openTestApp, type TestApp } from '../support/app.ts';
import { dumpDatabase } from '../support/database-dump.ts';
import { forEachDatabase } from '../support/databases.ts';
import { authorize, challengesOf } from '../support/digest-request.ts';
import type { Json } from '../support/json.ts';
import { assertValidDocument, parseDocument } from '../support/xml.ts';

const long = 'x'.repeat(20_000);
const hostile: readonly string[] = [
  '& < > " \' \\',
  '&amp;&#10;&#13;',
  '</entry></section></config>',
  ']]><!-- -->',
  '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY y SYSTEM "file:///etc/passwd">]>&y;',
  '🛠👩‍👩‍👧 é 漢 \u202e rtl',
  "'; drop table accounts; --",
  '%s%n{{7*7}}#{7*7}',
  '=cmd|calc',
  '  blanks around  ',
];
const impossible: readonly string[] = [
  'a\nb=c',
  'a\r\n[section]\nb=c',
  '\u0000',
  'a\u0000b',
  '\u001b[31m',
  'a\tb',
  '\u007f',
  '\u0085',
  '\ufffe',
  '\uffff',
  '\ud800',
  'a\udc00b',
  long,
];
const fields = (count: number): string => Array.from({ length: count }, (_, n) => `"f${n}":${n}`).join();
const unknownFields = (count: number): string => `{${fields(count)}}`;
const shown = (value: unknown): string => JSON.stringify(value).slice(0, 40);

forEachDatabase('bad input', (makeUrl) => {
  let t: TestApp;
  let alice: Account;
  before(async () => {
    t = await openTestApp(await makeUrl());
    alice = await t.makeAccount({ username: 'alice', activated: true });
    await t.setSpace({ username_pattern: '^[^:]+$' });
  });
  after(() => t.close());

  /** A refusal: without a stack trace, and everything is as it was. */
  const refused = async (options: InjectOptions, ...statuses: number[]): Promise<LightMyRequestResponse> => {
    const before = await dumpDatabase(t.app.database);
    const answer = await t.server.inject({ ...options, headers: { 'x-api-key': t.adminKey, ...options.headers } });
    assert.ok(statuses.includes(answer.statusCode), `${answer.statusCode} ${answer.body.slice(0, 200)}`);
    assert.doesNotMatch(answer.body, /\bat .+:\d+:\d+|node:internal|\/src\/|SqliteError|pg_|select /);
    assert.deepEqual(await dumpDatabase(t.app.database), before);
    return answer;
  };
  const json = (method: 'POST' | 'PUT', url: string, body: unknown): InjectOptions => ({
    method,
    url,
    headers: { 'content-type': 'application/json' },
    payload: typeof body === 'string' ? body : JSON.stringify(body),
  });
  for (const text of hostile) {
    test(`the display name ${shown(text)} is unchanged in the document, except for blanks at both ends`, async () => {
      // No SIP server registers the characters that are left out.
      const username = text
        .replace(/[";@:\\]|[^\x00-\x7f]/gu, '.')
        .slice(0, 60)
        .trim();
      const name = text.slice(0, 120).trim();
      const realm = name.replace(/["\\]/g, "'");
      const made = await t.api('POST', '/api/accounts', { username, password: text, display_name: text.slice(0, 120) });
      assert.equal(made.status, 200, made.text);
      assert.equal(made.json.display_name, name);
      await t.api('POST', `/api/accounts/${made.json.id}/external`, {
        username: text.slice(0, 120),
        domain: 'other.example',
        realm,
        password: text,
      });
      await t.setSpace({ linphonerc: `[values]\nkey=${text}\n` });
      const { body } = await t.server.inject({ url: `/provisioning/${made.json.provisioning_token}` });
      assertValidDocument(body);
      const document = parseDocument(body);
      const value = (section: string, entry: string) => document.get(section)?.get(entry)?.value;
      assert.equal(value('auth_info_0', 'username'), username);
      const shownName = name.replace(/[\\ ]+$/, '').replace(/["\\]/g, '\\$&');
      assert.ok(value('proxy_0', 'reg_identity')?.startsWith(`"${shownName.slice(0, 20)}`));
      assert.equal(value('auth_info_1', 'username'), name);
      assert.equal(value('proxy_1', 'realm'), realm);
      assert.equal(value('values', 'key'), text.trim());
      await t.setSpace({ linphonerc: '' });
      const found = await t.api('GET', `/api/accounts?search=${encodeURIComponent(name.slice(0, 20))}`);
      assert.equal(found.json.total, 1);
    });
  }

  const texts: readonly [method: 'POST' | 'PUT', url: () => string, field: string, rest: object][] = [
    ['POST', () => '/api/accounts', 'username', { password: 'secret' }],
    ['POST', () => '/api/accounts', 'display_name', { username: 'new', password: 'secret' }],
    ['POST', () => '/api/accounts', 'email', { username: 'new', password: 'secret' }],
    ['POST', () => '/api/accounts', 'phone', { username: 'new', password: 'secret' }],
    ['POST', () => '/api/accounts', 'domain', { username: 'new', password: 'secret' }],
    ['PUT', () => `/api/accounts/${alice.id}`, 'username', { password: 'secret' }],
    ['PUT', () => `/api/accounts/${alice.id}`, 'display_name', {}],
    ['POST', () => `/api/accounts/${alice.id}/external`, 'username', { domain: 'x.test', password: 'y' }],
    ['POST', () => `/api/accounts/${alice.id}/external`, 'domain', { username: 'x', password: 'y' }],
    ['POST', () => `/api/accounts/${alice.id}/external`, 'realm', { username: 'x', domain: 'x.test', password: 'y' }],
    [
      'POST',
      () => `/api/accounts/${alice.id}/external`,
      'registrar',
      { username: 'x', domain: 'x.test', password: 'y' },
    ],
    ['POST', () => `/api/accounts/${alice.id}/api_keys`, 'name', {}],
    ['POST', () => '/api/spaces', 'domain', {}],
    ['PUT', () => '/api/spaces/sip.example.test', 'name', {}],
    ['PUT', () => '/api/spaces/sip.example.test', 'realm', { confirm: true }],
    ['PUT', () => '/api/spaces/sip.example.test', 'registrar', {}],
    ['PUT', () => '/api/spaces/sip.example.test', 'host', {}],
    ['PUT', () => '/api/spaces/sip.example.test', 'username_pattern', {}],
    ['PUT', () => '/api/spaces/sip.example.test', 'token_lifetime', {}],
  ];
  for (const [method, url, field, rest] of texts) {
    test(`the ${field} of ${method} ${url.toString().slice(6, 30)}… cannot be a text that phones misread`, async () => {
      for (const text of impossible) {
        const answer = await refused(json(method, url(), { ...rest, [field]: text }), 422);
        assert.ok(field in answer.json().errors, `${shown(text)}: ${answer.body.slice(0, 200)}`);
      }
      for (const wrong of [0, true, [], {}, ['x'], { toString: 'x' }, -1]) {
        const answer = await refused(json(method, url(), { ...rest, [field]: wrong }), 422);
        assert.ok(field in answer.json().errors, shown(wrong));
      }
    });
  }

  const linphonercs: readonly string[] = [
    ...impossible.slice(2, 12).map((text) => `[a]\nkey=${text}\n`),
    `[a]\nkey=${long}\n`,
    `[${long}]\n`,
    `[a]\n${long}=1\n`,
    'key=1\n',
    '[a\n',
    '[]\n',
    '[a b]x\nk ey=1\n',
    '[a]\n=1\n',
    '[a]\nkey\n',
    '[<a>]\n',
    '[a]\nk<y=1\n',
    '[a]\nké=1\n',
    '[a]\n!include x\n',
    `[a]\n${'no equals\n'.repeat(20_000)}`,
  ];
  for (const linphonerc of linphonercs) {
    test(`the linphonerc ${shown(linphonerc)} is refused with its mistakes`, async () => {
      const answer = await refused(json('PUT', '/api/spaces/sip.example.test', { linphonerc }), 422);
      assert.match(answer.json().errors.linphonerc[0], /^line \d+: |characters|must/);
    });
  }

  const bodies: readonly [string, string, number][] = [
    ['nothing but an opening brace', '{', 400],
    ['a missing value', '{"username":}', 400],
    ['single quotes', "{'username':'x'}", 400],
    ['a comma too many', '{"username":"x",}', 400],
    ['a comment', '{/* x */}', 400],
    ['two values', '{} {}', 400],
    ['blanks', '   ', 400],
    ['null', 'null', 400],
    ['a list', '[]', 400],
    ['a list of accounts', '[{"username":"x","password":"y"}]', 400],
    ['a text', '"username"', 400],
    ['a number', '1e999', 400],
    ['a control character in a text', '{"username":"a\u0001"}', 400],
    ['a prototype', '{"__proto__":{"admin":true},"username":"x","password":"secret"}', 422],
    ['a constructor', '{"constructor":{"prototype":{"admin":true}}}', 422],
    ['1,000 nested lists', `{"username":${'['.repeat(1_000)}${']'.repeat(1_000)}}`, 422],
    ['30,000 nested lists', `{"username":${'['.repeat(30_000)}${']'.repeat(30_000)}}`, 413],
    ['10,000 nested objects', `{"username":${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}}`, 413],
    ['50,000 unclosed lists', '['.repeat(50_000), 400],
    ['100 unknown fields', unknownFields(100), 422],
    ['101 unknown fields', unknownFields(101), 413],
    ['5,000 unknown fields', unknownFields(5_000), 413],
    ['80,000 unknown fields', unknownFields(80_000), 413],
    ['51 fields within one of 50', `{${fields(50)},"f50":{${fields(51)}}}`, 413],
    ['an unknown field of 50 kB', JSON.stringify({ ['x'.repeat(50_000)]: 1 }), 422],
    ['an unknown field of 500 kB', JSON.stringify({ ['x'.repeat(500_000)]: 1 }), 413],
    ['a list of 2,000 numbers', JSON.stringify({ username: Array.from({ length: 2_000 }, () => 1) }), 422],
    ['a list of 2,001 numbers', JSON.stringify({ username: Array.from({ length: 2_001 }, () => 1) }), 413],
    ['a name of 60 kB', JSON.stringify({ username: 'é'.repeat(30_000), password: 'secret' }), 422],
    ['a name of 900 kB', JSON.stringify({ username: 'é'.repeat(450_000), password: 'secret' }), 413],
    ['form fields', 'username=x&password=secret', 400],
    ['XML', '<?xml version="1.0"?><account/>', 400],
  ];
  for (const [what, payload, status] of bodies) {
    test(`a request whose body is ${what} is refused`, async () => {
      const answer = await refused(json('POST', '/api/accounts', payload), status);
      assert.equal(answer.headers['content-type'], 'application/json');
      assert.equal('errors' in answer.json(), status === 422);
      if (status === 413) assert.equal(answer.json().code, 'too-large');
    });
  }

  test('a list is refused if it is too long for its field, or too long to be checked', async () => {
    const seeded = (length: number) =>
      json('PUT', '/api/spaces/sip.example.test', { seeded: Array.from({ length }, () => 'no pattern') });
    assert.deepEqual(Object.keys((await refused(seeded(1_001), 422)).json().errors), ['seeded']);
    assert.equal((await refused(seeded(90_000), 413)).json().code, 'too-large');
  });

  test('a form or a query with more than a hundred fields is refused without being checked', async () => {
    const form = (count: number): InjectOptions => ({
      method: 'POST',
      url: '/setup/x',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      payload: Array.from({ length: count }, (_, n) => `f${n}=`).join('&'),
    });
    await refused(form(101), 413);
    await refused(form(120_000), 413);
    assert.equal((await t.server.inject(form(100))).statusCode, 404, 'it is read, and the link is unknown');
    const query = Array.from({ length: 101 }, (_, n) => `f${n}=1`).join('&');
    for (const path of ['/api/accounts', '/api/events']) await refused({ url: `${path}?${query}` }, 413);
  });

  test('routes that anyone may call accept only a few kilobytes', async () => {
    const padded = (length: number) => `{${' '.repeat(length)}}`;
    await refused(json('POST', '/api/accounts/auth_token', padded(4_096)), 413);
    assert.equal((await t.server.inject(json('POST', '/api/accounts/auth_token', padded(4_000)))).statusCode, 201);
  });

  test('every route accepts the longest body that its fields allow, however its characters are escaped', async () => {
    const longest = ({ type, maxLength = 1, maxItems = 3, items, enum: choices }: Json): string => {
      if (choices !== undefined) return JSON.stringify(choices[0]);
      if (type === 'array') return `[${Array.from({ length: maxItems }, () => longest(items)).join()}]`;
      return [type].flat().includes('string') ? `"${'\\u6f22'.repeat(maxLength)}"` : '1';
    };
    const { paths, components } = (await t.server.inject({ url: '/api/openapi.json' })).json();
    const named = (schema: Json): Json =>
      schema?.$ref === undefined ? schema : components.schemas[schema.$ref.replace('#/components/schemas/', '')];
    await t.makeToken(alice);
    const [token] = (await t.api('GET', `/api/accounts/${alice.id}/tokens`)).json;
    const about = { title: 'All', description: 'Everybody' };
    const list = (await t.api('POST', '/api/contacts_lists', about)).json;
    let checked = 0;
    for (const [path, item] of Object.entries<Json>(paths)) {
      for (const method of ['post', 'put'] as const) {
        const schema = named(item[method]?.requestBody?.content['application/json']?.schema);
        if (schema === undefined) continue;
        const parts = Object.entries<Json>(schema.properties).map(([name, field]) => `"${name}":${longest(field)}`);
        const url = path
          .replace('{domain}', 'sip.example.test')
          .replace('{tokenId}', token.id)
          .replace('{listId}', list.id)
          .replace(/\{\w+\}/g, String(alice.id));
        const request = json(method === 'post' ? 'POST' : 'PUT', url, `{${parts.join()}}`);
        // A contact list has only texts, of any letters. It is accepted, or its space is unknown.
        if (/^\/api\/contacts_lists(?:\/\{listId\})?$/.test(path)) {
          const headers = { 'x-api-key': t.adminKey, ...request.headers };
          const { statusCode } = await t.server.inject({ ...request, headers });
          assert.notEqual(statusCode, 413, path);
        } else {
          await refused(request, 422, 404);
        }
        checked += 1;
      }
    }
    assert.ok(checked > 5, `${checked} routes`);
    const username = '漢'.repeat(128);
    const form = new URLSearchParams({ username, password: '漢'.repeat(1_000), registrar: 'x'.repeat(300) });
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const made = await t.server.inject({ method: 'POST', url: '/setup/x', headers, payload: form.toString() });
    assert.equal(made.statusCode, 404, 'it is read, and the link is unknown');
  });

  test('a body that is not UTF-8 is refused and creates no account', async () => {
    const payload = Buffer.from('{"username":"caf\xe9","password":"secret","display_name":"\xff\xfe"}', 'latin1');
    await refused({ ...json('POST', '/api/accounts', ''), payload }, 400, 422);
  });

  test('a body over the limit is refused without being read to its end', async () => {
    for (const [url, type] of [
      ['/api/accounts', 'application/json'],
      ['/api/accounts', 'text/plain'],
      ['/setup/x', 'application/x-www-form-urlencoded'],
      ['/provisioning/x', 'application/json'],
    ] as const) {
      const payload = Buffer.alloc(20_000_000, 'x');
      await refused({ method: 'POST', url, headers: { 'content-type': type }, payload }, 413, 415, 405);
    }
  });

  test('a body of another type is refused', async () => {
    for (const type of [
      'text/plain',
      'application/xml',
      'application/x-www-form-urlencoded',
      'multipart/form-data',
      'x',
      'application/jsonx',
    ]) {
      const answer = await refused(
        {
          method: 'POST',
          url: '/api/accounts',
          headers: { 'content-type': type },
          payload: '{"username":"x","password":"secret"}',
        },
        415,
      );
      assert.equal(answer.json().code, 'media-type-unsupported');
    }
  });

  const privileges = [
    'activated',
    'admin',
    'id',
    'blocked',
    'role',
    'super',
    'space_id',
    'account_id',
    'rights',
    'version',
    'created_at',
  ];
  const places: readonly [method: 'POST' | 'PUT', url: () => string, body: object, known: readonly string[]][] = [
    ['POST', () => '/api/accounts', { username: 'eve', password: 'secret' }, ['activated', 'admin']],
    ['PUT', () => `/api/accounts/${alice.id}`, {}, ['activated', 'admin']],
    ['POST', () => '/api/accounts/me/password', { old_password: 'administrator', password: 'secret' }, []],
    ['POST', () => '/api/accounts/me/provision', {}, []],
    ['POST', () => '/api/accounts/auth_token', {}, []],
    ['POST', () => `/api/accounts/${alice.id}/provision`, {}, []],
    ['POST', () => `/api/accounts/${alice.id}/block`, {}, []],
    ['POST', () => `/api/accounts/${alice.id}/external`, { username: 'x', domain: 'x.test', password: 'y' }, []],
    ['POST', () => `/api/accounts/${alice.id}/api_keys`, {}, []],
    ['POST', () => '/api/spaces', { domain: 'eve.example.test' }, ['super']],
    ['PUT', () => '/api/spaces/sip.example.test', {}, ['super']],
  ];
  for (const [method, url, body, known] of places) {
    test(`${method} ${url.toString().slice(6, 50)} refuses fields that look like privileges, with their names`, async () => {
      for (const field of privileges.filter((each) => !known.includes(each))) {
        const answer = await refused(json(method, url(), { ...body, [field]: true }), 422);
        const { errors } = answer.json();
        assert.deepEqual(Object.keys(errors), [field]);
        assert.match(
          errors[field][0],
          method === 'PUT' ? /^is (not a known field|read-only)/ : /^is not a known field$/,
        );
      }
    });
  }

  test('privileges in the query have no effect', async () => {
    const answer = await t.api('PUT', `/api/accounts/${alice.id}?admin=true&blocked=true&id=1`, {});
    assert.deepEqual([answer.status, answer.json.admin, answer.json.blocked], [200, false, false]);
  });

  for (const url of [
    '%zz',
    '%',
    '%c0%80',
    '%ff',
    '%e2%82',
    '..%2f..%2fetc%2fpasswd',
    '%00',
    '%0d%0aset-cookie:x',
    'a%2fb',
    '%F0%9F%9B%A0',
    "'--",
    '*',
    '{}',
    '$',
    'x'.repeat(10_000),
  ]) {
    test(`/provisioning/${url.slice(0, 30)} gives no access`, async () => {
      const answer = await refused({ url: `/provisioning/${url}` }, 200, 400, 404);
      assert.doesNotMatch(answer.body, /auth_info|root:/);
      assert.equal(answer.headers['set-cookie'], undefined);
      if (answer.statusCode === 400) assert.match(answer.body, /^[^\n]+\n$/);
      for (const path of ['qrcode', 'auth_token']) await refused({ url: `/provisioning/${path}/${url}` }, 400, 404);
      await refused({ url: `/api/accounts/${url}` }, 400, 404);
      await refused({ url: `/api/accounts/${url}/search` }, 400, 404);
      await refused({ url: `/api/accounts/${url}/search-by-email` }, 400, 404);
      await refused({ url: `/api/spaces/${url}` }, 400, 404);
      await refused({ url: `/contacts/vcard/${url}` }, 400, 404);
      await refused({ method: 'DELETE', url: `/api/accounts/${url}` }, 400, 404);
      await refused({ method: 'DELETE', url: `/api/spaces/${url}` }, 400, 404);
    });
  }

  const froms = [
    '',
    ' ',
    'alice',
    'sip:',
    'sip:@',
    'sip:alice@',
    'sip:@sip.example.test',
    'sip:%zz@sip.example.test',
    'sip:%00@sip.example.test',
    'sip:alice@sip.example.test@sip.example.test',
    '<sip:alice@sip.example.test',
    '"<sip:alice@sip.example.test>',
    'mailto:alice@sip.example.test',
    'tel:+33601020304',
    'sip:alice@[::1',
    `sip:${'a'.repeat(8_000)}@sip.example.test`,
    `${'<'.repeat(4_000)}`,
    `"${'\\"'.repeat(4_000)}`,
    'sip:\u00e9@sip.example.test',
    "sip:'--@sip.example.test",
  ];
  for (const from of froms) {
    test(`a request with From: ${shown(from)} gets the same challenge as one without From`, async () => {
      const without = await t.server.inject({ url: '/provisioning/me' });
      const answer = await refused({ url: '/provisioning/me', headers: { from, 'x-api-key': '' } }, 401);
      const alike = (response: LightMyRequestResponse) =>
        challengesOf(response).map((line) => line.replace(/nonce="[^"]+"/, ''));
      assert.deepEqual(alike(answer), alike(without));
    });
  }

  test('a malformed Authorization header gets a challenge without stale', async () => {
    const request = { username: 'alice', password: 'secret', url: '/provisioning/me' };
    const challenges = challengesOf(await t.server.inject({ url: request.url }));
    const good = authorize(challenges, request);
    const broken = [
      '',
      'Digest',
      'Digest ',
      'digest x',
      'Basic YWxpY2U6c2VjcmV0',
      'Bearer x',
      'Negotiate x',
      good.slice(7),
      good.slice(0, good.length / 2),
      good.replace('Digest ', 'Digest,'),
      good.replaceAll('"', ''),
      good.replaceAll('"', "'"),
      good.replace('username="alice"', 'username="alice'),
      good.replace('username="alice"', 'username=""'),
      good.replace('username="alice"', 'username="alice", username="bob"'),
      good.replace('username="alice"', `username="${'a'.repeat(9_000)}"`),
      good.replace('username="alice"', `username="${'\\"'.repeat(3_000)}"`),
      good.replace('username="alice"', "username*=UTF-8''alice%00"),
      good.replace('username="alice"', "username*=UTF-8''%zz"),
      good.replace('username="alice"', 'username="\xff\xfe"'),
      good.replace(/realm="[^"]*"/, 'realm="other"'),
      good.replace(/, realm="[^"]*"/, ''),
      good.replace(/nonce="[^"]*"/, 'nonce=""'),
      good.replace(/nonce="[^"]*"/, 'nonce="...."'),
      good.replace(/nonce="[^"]*"/, 'nonce="x.y.z.w"'),
      good.replace(/nc=\w+/, 'nc=0'),
      good.replace(/nc=\w+/, 'nc=00000000'),
      good.replace(/nc=\w+/, 'nc=-0000001'),
      good.replace(/nc=\w+/, 'nc=zzzzzzzz'),
      good.replace(/nc=\w+/, `nc=${'1'.repeat(1_000)}`),
      good.replace('qop=auth', 'qop=auth-int'),
      good.replace(', qop=auth', ''),
      good.replace(/algorithm=[^,]+/, 'algorithm=SHA-512-256'),
      good.replace(/algorithm=[^,]+/, 'algorithm=MD5'),
      good.replace(/algorithm=[^,]+/, 'algorithm=MD5-sess'),
      good.replace(/uri="[^"]*"/, 'uri=""'),
      good.replace(/uri="[^"]*"/, 'uri="*"'),
      good.replace(/response="[^"]*"/, 'response=""'),
      good.replace(/response="[^"]*"/, `response="${'0'.repeat(64)}"`),
      good.replace(/response="[^"]*"/, `response="${'0'.repeat(10_000)}"`),
      `Digest ${'a=b,'.repeat(2_000)}`,
      `Digest ${','.repeat(8_000)}`,
      `Digest ${'a="\\'.repeat(1_500)}`,
    ];
    for (const authorization of broken) {
      const headers = { authorization };
      const before = await dumpDatabase(t.app.database);
      const answer = await t.server.inject({ url: request.url, headers });
      assert.equal(answer.statusCode, 401, authorization.slice(0, 80));
      assert.ok(challengesOf(answer).length > 0);
      assert.doesNotMatch(challengesOf(answer).join(), /stale/, authorization.slice(0, 80));
      assert.deepEqual(await dumpDatabase(t.app.database), before);
    }
    assert.equal((await t.server.inject({ url: request.url, headers: { authorization: good } })).statusCode, 200);
  });

  test('strange headers cause no internal error', async () => {
    for (const headers of [
      { accept: long.slice(0, 8_000) },
      { host: 'a'.repeat(5_000) },
      { host: '[::1' },
      { 'user-agent': 'x'.repeat(8_000) },
      { 'x-forwarded-for': `${'1.2.3.4, '.repeat(500)}x` },
      { 'x-forwarded-host': 'evil.test' },
      { 'sec-purpose': 'x'.repeat(8_000) },
      { 'content-length': '0' },
      { cookie: `x-api-key=${'%'.repeat(4_000)}` },
      { cookie: ';;;=;=x;x-api-key' },
      { range: 'bytes=0-1' },
      { 'if-none-match': '*' },
      { expect: '100-continue' },
      { te: 'trailers' },
    ] as Record<string, string>[]) {
      for (const url of ['/provisioning', '/provisioning/unknown', '/api/ping', '/provisioning/me']) {
        const answer = await t.server.inject({ url, headers });
        assert.ok(
          answer.statusCode === (url === '/provisioning/me' ? 401 : 200),
          `${url} ${shown(headers)}: ${answer.statusCode}`,
        );
      }
    }
  });
});
