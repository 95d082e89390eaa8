import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { exampleCalls } from '../../scripts/example-calls.ts';
import { issueSetupLink } from '../../src/administration/first-administrator.ts';
import { maxOutsideContacts } from '../../src/contacts/change-outside-contacts.ts';
import { checkShape } from '../../src/lib/check-shape.ts';
import { logoOf } from '../../src/spaces/logo.ts';
import { openTestApp, type TestApp } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';
import type { Json } from '../support/json.ts';
import { type Answer, addressOf, assertDescribed, type Operation, operationsOf } from '../support/openapi.ts';
import { pngPicture } from '../support/pictures.ts';
import { openConnection } from '../support/raw-request.ts';

const domain = 'sip.example.com';

/** What an operation needs in its body before it looks whether the account exists. */
const bodies: Readonly<Record<string, object>> = {
  'POST /api/accounts/{id}/external': { username: 'x', domain: 'y.test', password: 'z' },
  'POST /api/spaces/{domain}/outside_contacts': { name: 'Taxi', phone: '+33472000000' },
};

/** Failures that take a fault in the server, which `openapi-faults.test.ts` makes. */
const faults = ['500', '503'];

forEachDatabase('the answers of the server', (makeUrl) => {
  let t: TestApp;
  let operations: Operation[];
  const seen = new Map<string, Set<string>>();
  before(async () => {
    t = await openTestApp(await makeUrl(), { RINGUP_SIP_DOMAIN: domain });
    operations = operationsOf((await t.api('GET', '/api/openapi.json')).json);
  });
  after(() => t.close());

  const note = (operation: Operation, answer: Answer): void => {
    assertDescribed(operation, answer);
    const { name } = operation;
    seen.set(name, (seen.get(name) ?? new Set()).add(String(answer.statusCode)));
  };
  const operationOf = (name: string): Operation => {
    const found = operations.find((operation) => operation.name === name);
    assert.ok(found !== undefined, name);
    return found;
  };
  const ask = async (
    operation: Operation,
    { url = addressOf(operation), headers = {}, payload }: { url?: string; headers?: object; payload?: string } = {},
  ): Promise<number> => {
    const answer = await t.server.inject({
      method: operation.method,
      url,
      headers: { 'x-api-key': t.adminKey, ...headers },
      ...(payload === undefined ? {} : { payload }),
    });
    note(operation, answer);
    return answer.statusCode;
  };
  const takesBody = ({ method }: Operation) => method === 'POST' || method === 'PUT';
  const isForm = ({ path }: Operation) => path.startsWith('/setup/');
  const isTable = ({ description }: Operation) => description.requestBody?.content['text/csv'] !== undefined;
  const declaring = (status: number) => operations.filter(({ description }) => status in description.responses);
  const queriesOf = ({ description }: Operation): Json[] =>
    (description.parameters ?? []).filter((parameter: Json) => parameter.in === 'query');

  /** Returns the values of the parameters in the path of a request. */
  const valuesIn = ({ path }: Operation, url: string): Record<string, string> => {
    const pattern = path.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\{(\w+)\}/g, '(?<$1>[^/]+)');
    const values = new RegExp(`^${pattern}$`).exec(new URL(url, 'http://x').pathname)?.groups ?? {};
    return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, decodeURIComponent(value)]));
  };
  const pathParametersOf = ({ description }: Operation): Json[] =>
    (description.parameters ?? []).filter((parameter: Json) => parameter.in === 'path');
  /** Fails if the document does not allow a value with which a call succeeded. */
  const checkPath = (operation: Operation, url: string): void => {
    const values = valuesIn(operation, url);
    for (const { name, schema } of pathParametersOf(operation)) {
      const value = values[name] ?? '';
      const typed = schema.type === 'integer' ? Number(value) : value;
      assert.equal(checkShape(schema, typed), undefined, `${operation.name}: ${name} ${value}`);
    }
  };

  test('match the OpenAPI document when a call succeeds', async () => {
    const known = new Map([['admin', t.adminKey]]);
    for (const { call, url = call.split(' ')[1] ?? '', body, table, as, keeps = {} } of exampleCalls) {
      const operation = operationOf(call);
      const key = as === undefined ? undefined : known.get(as);
      const asked = url.replace(/\{(\w+)\}/g, (_, name: string) => known.get(name) ?? name);
      checkPath(operation, asked);
      const answer = await t.server.inject({
        method: operation.method,
        url: asked,
        headers: key === undefined ? {} : { 'x-api-key': key },
        ...(body === undefined ? {} : { payload: Object(body) }),
        ...(table === undefined ? {} : { payload: table }),
      });
      note(operation, answer);
      const json: Json = answer.headers['content-type'] === 'application/json' ? answer.json() : {};
      for (const [name, field] of Object.entries(keeps)) {
        const value = field === '*' ? Object.keys(json)[0] : field.split('.').reduce((each, part) => each[part], json);
        known.set(name, String(value));
      }
    }
    for (const path of ['/', '/api', '/provisioning/documentation']) await ask(operationOf(`GET ${path}`));
    const account = await t.makeAccount({ domain });
    const token = await t.makeToken(account);
    const code = operationOf('GET /provisioning/{token}');
    await ask(code, { url: `/provisioning/${token}`, headers: { accept: 'text/html' } });
    await ask(code, { url: `/provisioning/${token}`, headers: { 'user-agent': 'WhatsApp/2' } });
    const picture = operationOf('GET /provisioning/qrcode/{token}');
    await ask(picture, { url: `/provisioning/qrcode/${token}?format=svg&size=100` });
    for (const path of ['activate', 'deactivate', 'provision'])
      await ask(operationOf(`GET /api/accounts/{id}/${path}`), { url: `/api/accounts/${account.id}/${path}` });
    await ask(operationOf('GET /api/accounts/me/provision'));
    const external = operationOf('POST /api/accounts/{id}/external');
    const payload = JSON.stringify(bodies[external.name]);
    const headers = { 'content-type': 'application/json' };
    for (const expected of [201, 200]) {
      const url = `/api/accounts/${account.id}/external`;
      assert.equal(await ask(external, { url, headers, payload }), expected);
    }
    // So many that they are still being checked when the server answers.
    const rows = Array.from({ length: 5_000 }, (_, index) => `slow${index}\n`).join('');
    const table = { url: '/api/accounts/import?wait=0&dry_run=true', payload: `username\n${rows}` };
    assert.equal(await ask(operationOf('POST /api/accounts/import'), table), 202);
    const page = (await t.server.inject({ url: '/' })).body;
    const asset = /\/assets\/[^"]+/.exec(page)?.[0] ?? '';
    assert.equal(await ask(operationOf('GET /assets/{name}'), { url: asset }), 200);
    await t.api('PUT', `/api/spaces/${domain}`, { logo: pngPicture(8, 8).toString('base64') });
    const { hash } = logoOf(t.app.spaces.first) ?? assert.fail();
    assert.equal(await ask(operationOf('GET /logo/{hash}'), { url: `/logo/${hash}` }), 200);
  });

  test('match the document with 400 when a request cannot be read', async () => {
    const port = await listeningPort(t);
    for (const operation of declaring(400)) {
      note(
        operation,
        await askRaw(port, `${operation.method} ${addressOf(operation)} HTTP/1.1\r\nContent-Length: x\r\n\r\n`),
      );
      if (!takesBody(operation) || isForm(operation) || isTable(operation)) continue;
      const headers = { 'content-type': 'application/json' };
      assert.equal(await ask(operation, { headers, payload: '{' }), 400);
    }
  });

  test('match the document with 431 when a request has too many headers', async () => {
    const port = await listeningPort(t);
    for (const operation of declaring(431)) {
      const head = `${operation.method} ${addressOf(operation)} HTTP/1.1\r\nHost: x\r\nX-Long: ${'x'.repeat(20_000)}\r\n\r\n`;
      note(operation, await askRaw(port, head));
    }
  });

  test('match the document with 401 and 403 when the caller is unknown or not allowed', async () => {
    for (const operation of declaring(401)) {
      const url = addressOf(operation);
      note(operation, await t.server.inject({ method: operation.method, url }));
      const headers = { 'x-linphone-provisioning': '1' };
      note(operation, await t.server.inject({ method: operation.method, url, headers }));
    }
  });

  test('match the document with 403 when a browser sends a form from a page of another site', async () => {
    for (const operation of declaring(403).filter(({ description }) => description['x-caller'] === 'anyone')) {
      assert.equal(await ask(operation, { headers: { 'sec-fetch-site': 'cross-site' } }), 403, operation.name);
    }
  });

  test('match the document with 404 when something does not exist', async () => {
    await t.api('PUT', `/api/spaces/${domain}`, { unknown_token: 'not-found' });
    for (const operation of declaring(404)) {
      const payload = JSON.stringify(bodies[operation.name] ?? {});
      const headers = { 'content-type': 'application/json' };
      if (isForm(operation)) await ask(operation);
      else await ask(operation, takesBody(operation) ? { headers, payload } : {});
    }
    assert.equal(await ask(operationOf('GET /provisioning/{token}/live')), 200);
    const managed = operationOf('GET /api/spaces/{domain}/managed-configuration');
    assert.equal(await ask(managed, { url: `${addressOf(managed)}?platform=ios` }), 404);
    await t.api('PUT', `/api/spaces/${domain}`, { turn_server: null });
    assert.equal(await ask(operationOf('GET /api/accounts/me/services/turn')), 404);
  });

  test('match the document with 404 when a path has something else in the place of a number', async () => {
    for (const operation of operations) {
      for (const { name, schema } of pathParametersOf(operation)) {
        for (const value of [schema.minimum - 1, schema.maximum + 1, '1.5', 'nobody']) {
          if (schema.type !== 'integer') continue;
          const path = { ...operation, path: operation.path.replace(`{${name}}`, String(value)) };
          const { statusCode } = await t.server.inject({
            method: operation.method,
            url: addressOf(path),
            headers: { 'x-api-key': t.adminKey },
          });
          assert.ok([404, 405, 422].includes(statusCode), `${operation.name}: ${name} ${value}: ${statusCode}`);
        }
      }
    }
  });

  test('match the document when a device is named by its number or its uuid', async () => {
    const account = await t.makeAccount({ domain });
    const operation = operationOf('DELETE /api/accounts/{id}/devices/{deviceId}');
    for (const [name, isNumber] of [
      ['id', true],
      ['uuid', false],
    ] as const) {
      await t.server.inject({ url: `/provisioning/${await t.makeToken(account)}` });
      const devices: Json[] = Object.values((await t.api('GET', `/api/accounts/${account.id}/devices`)).json);
      const value = devices.find((device) => device.revoked_at === null)[name];
      assert.equal(typeof value === 'number', isNumber);
      const [, { schema }] = pathParametersOf(operation);
      assert.equal(checkShape(schema, value), undefined, String(value));
      assert.equal(await ask(operation, { url: `/api/accounts/${account.id}/devices/${value}` }), 200);
    }
  });

  test('match the document with 409 when the current state does not allow the call', async () => {
    const me: number = (await t.api('GET', '/api/accounts/me')).json.id;
    const blocked = await t.makeAccount({ domain, email: 'blocked@example.com' });
    await t.makeToken(blocked);
    const [{ id: tokenId }] = (await t.api('GET', `/api/accounts/${blocked.id}/tokens`)).json;
    await t.api('POST', `/api/accounts/${blocked.id}/block`);
    await t.api('PUT', `/api/spaces/${domain}`, { refetch: 'every-start', smtp_url: null });
    const taxi = { name: 'Taxi', sip_uri: null, phone: '+33472000000', organization: null };
    const row = { ...taxi, space_id: blocked.spaceId, created_at: 0, updated_at: 0 };
    for (let count = 0; count < maxOutsideContacts; count += 1_000) {
      const some = Array.from({ length: 1_000 }, () => row);
      await t.app.database.insertInto('outside_contacts').values(some).execute();
    }
    const conflicts: readonly (readonly [name: string, url: string, body?: object])[] = [
      ['PUT /api/accounts/{id}', `/api/accounts/${me}`, { admin: false }],
      ['DELETE /api/accounts/{id}', `/api/accounts/${me}`],
      ['DELETE /api/accounts/me', '/api/accounts/me'],
      ['POST /api/accounts/{id}/deactivate', `/api/accounts/${me}/deactivate`],
      ['GET /api/accounts/{id}/deactivate', `/api/accounts/${me}/deactivate`],
      ['POST /api/accounts/{id}/block', `/api/accounts/${me}/block`],
      ['POST /api/accounts/{id}/provision', `/api/accounts/${blocked.id}/provision`],
      ['GET /api/accounts/{id}/provision', `/api/accounts/${blocked.id}/provision`],
      ['POST /api/accounts/{id}/send_provisioning_email', `/api/accounts/${blocked.id}/send_provisioning_email`],
      ['POST /api/accounts/invitations', '/api/accounts/invitations', { filter: 'all' }],
      ['PUT /api/accounts/{id}/tokens/{tokenId}', `/api/accounts/${blocked.id}/tokens/${tokenId}`, { lifetime: '2d' }],
      ['POST /api/accounts/{id}/contacts/{contactId}', `/api/accounts/${me}/contacts/${me}`],
      ['PUT /api/spaces/{domain}', `/api/spaces/${domain}`, { realm: 'other.example.com' }],
      ['POST /api/spaces/{domain}/outside_contacts', `/api/spaces/${domain}/outside_contacts`, taxi],
      ['DELETE /api/spaces/{domain}', `/api/spaces/${domain}`],
      ['GET /api/spaces/{domain}/managed-configuration', `/api/spaces/${domain}/managed-configuration?platform=ios`],
    ];
    assert.deepEqual(
      conflicts.map(([name]) => name).sort(),
      declaring(409)
        .map(({ name }) => name)
        .sort(),
    );
    for (const [name, url, body] of conflicts) {
      const more =
        body === undefined ? {} : { headers: { 'content-type': 'application/json' }, payload: JSON.stringify(body) };
      assert.equal(await ask(operationOf(name), { url, ...more }), 409, name);
    }
    await t.api('PUT', `/api/spaces/${domain}`, { refetch: 'once' });
  });

  test('match the document when a mail server is set', async () => {
    const mail = { smtp_url: 'smtp://mail.example.com:587', mail_from: 'ringup@example.com' };
    await t.api('PUT', `/api/spaces/${domain}`, mail);
    const { id } = await t.makeAccount({ domain, email: 'alice@example.com' });
    const url = `/api/accounts/${id}/send_provisioning_email`;
    assert.equal(await ask(operationOf('POST /api/accounts/{id}/send_provisioning_email'), { url }), 200);
    const chosen = { headers: { 'content-type': 'application/json' }, payload: JSON.stringify({ accounts: [id] }) };
    assert.equal(await ask(operationOf('POST /api/accounts/invitations'), chosen), 202);
  });

  test('match the document with 413, 415 and 422 when a body or a query is too large, of another type or invalid', async () => {
    const many = Array.from({ length: 101 }, (_, index) => `f${index}`);
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    const json = { 'content-type': 'application/json' };
    for (const operation of declaring(413)) {
      const tooMany = JSON.stringify(Object.fromEntries(many.map((name) => [name, 1])));
      if (isForm(operation)) await ask(operation, { headers: form, payload: many.join('=1&') });
      else if (isTable(operation)) assert.equal(await ask(operation, { payload: 'x'.repeat(20 * 2 ** 20 + 1) }), 413);
      else if (takesBody(operation)) assert.equal(await ask(operation, { headers: json, payload: tooMany }), 413);
      else assert.equal(await ask(operation, { url: `${addressOf(operation)}?${many.join('=1&')}` }), 413);
    }
    for (const operation of declaring(415)) {
      assert.equal(
        await ask(operation, { headers: { 'content-type': 'text/csv' }, payload: 'a' }),
        415,
        operation.name,
      );
    }
    for (const operation of declaring(422)) {
      // Below, while the setup is open.
      if (isForm(operation)) continue;
      const wrong = queriesOf(operation).map(({ name }) => `${name}=${'x'.repeat(2_001)}`);
      const more = takesBody(operation)
        ? { headers: json, payload: '{"unknown_field":1}' }
        : { url: `${addressOf(operation)}?${wrong.join('&')}` };
      assert.equal(await ask(operation, more), 422, operation.name);
    }
  });

  test('match the document with 429 when an address asks too often', async () => {
    const operation = operationOf('POST /api/accounts/auth_token');
    for (let count = 0; count < 100; count += 1) await ask(operation);
    assert.equal(await ask(operation), 429);
  });

  test('match the document while the setup is open, because there is no administrator', async () => {
    await t.app.database.deleteFrom('accounts').execute();
    const url = new URL((await issueSetupLink(t.app)) ?? '').pathname;
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    assert.equal(await ask(operationOf('GET /setup/{token}'), { url }), 200);
    const submit = operationOf('POST /setup/{token}');
    assert.equal(await ask(submit, { url, headers, payload: `step=domain&domain=${domain}` }), 200);
    assert.equal(await ask(submit, { url, headers, payload: 'step=domain' }), 422);
  });

  test('include each status that the document declares', () => {
    const unseen = operations.flatMap(({ name, description }) =>
      Object.keys(description.responses)
        .filter((status) => !faults.includes(status) && seen.get(name)?.has(status) !== true)
        .map((status) => `${name} ${status}`),
    );
    assert.deepEqual(unseen, []);
  });
});

async function listeningPort({ server }: TestApp): Promise<number> {
  if (!server.server.listening) await server.listen({ port: 0, host: '127.0.0.1' });
  const address = server.server.address();
  assert.ok(typeof address === 'object' && address !== null);
  return address.port;
}

async function askRaw(port: number, request: string): Promise<Answer> {
  const connection = await openConnection(port);
  connection.send(request);
  await new Promise((resolve) => connection.socket.once('close', resolve));
  const [head = '', body = ''] = connection.received().split('\r\n\r\n');
  const type = /^content-type: (.*)$/im.exec(head)?.[1]?.trim();
  return { statusCode: Number(head.split(' ')[1]), headers: { 'content-type': type }, body };
}
