import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { type TSchema, Type } from 'typebox';
import { withheldHeaders } from '../../src/hooks/facts.ts';
import { checkShape } from '../../src/lib/check-shape.ts';
import { facesOf, routesOf } from '../../src/server.ts';
import { openTestApp, type TestApp } from '../support/app.ts';
import { sqliteUrl } from '../support/databases.ts';
import type { Json } from '../support/json.ts';
import { withoutReferences } from '../support/openapi.ts';
import { tempDirectory } from '../support/temp-directory.ts';

const routes = routesOf(facesOf(''));

const methods = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'];
const types = ['string', 'integer', 'number', 'boolean', 'object', 'array', 'null'];

/** What a browser would fetch by itself from an address that is not ours. */
const fromElsewhere = /<(?!a )[^>]* (?:src|href)="(?:https?:)?\/\/(?!ringup\.example\.test)/;

// One database: the document is made of the routes.
describe('the OpenAPI document', () => {
  let t: TestApp;
  let document: Json;
  before(async () => {
    t = await openTestApp(sqliteUrl(join(tempDirectory(), 'ringup.sqlite')));
    const answer = await t.server.inject({ url: '/api/openapi.json' });
    assert.equal(answer.statusCode, 200);
    assert.equal(answer.headers['content-type'], 'application/json');
    assert.ok(answer.body.length < 160_000, `${answer.body.length} bytes`);
    document = withoutReferences(answer.json());
  });
  after(() => t.close());

  const operations = (): [string, string, Json][] =>
    Object.entries<Json>(document.paths).flatMap(([path, item]) =>
      Object.entries<Json>(item).map(([method, operation]): [string, string, Json] => [path, method, operation]),
    );

  test('does not declare credentials in headers that hooks can read', () => {
    const headers = Object.values<Json>(document.components.securitySchemes).map((scheme) =>
      scheme.type === 'http' ? 'authorization' : scheme.in === 'cookie' ? 'cookie' : scheme.name,
    );
    assert.ok(headers.length > 3);
    assert.deepEqual(
      headers.filter((header) => !withheldHeaders.has(header)),
      [],
    );
  });

  test('has the structure of OpenAPI 3.1', () => {
    assert.match(document.openapi, /^3\.1\.\d+$/);
    assert.equal(typeof document.info.title, 'string');
    assert.equal(typeof document.info.version, 'string');
    assert.deepEqual(document.servers, [{ url: 'https://ringup.example.test' }]);
    const schemes = Object.keys(document.components.securitySchemes);
    for (const [path, method, operation] of operations()) {
      const where = `${method} ${path}`;
      assert.match(path, /^\/[\w./{}-]*$/, where);
      assert.ok(methods.includes(method), where);
      assert.ok(Object.keys(operation.responses).length > 0, where);
      for (const [status, response] of Object.entries<Json>(operation.responses)) {
        assert.match(status, /^([1-5]\d\d|default)$/, where);
        assert.equal(typeof response.description, 'string', where);
        checkContent(response.content ?? {}, where);
      }
      checkContent(operation.requestBody?.content ?? {}, where);
      const named = (operation.parameters ?? [])
        .filter((parameter: Json) => parameter.in === 'path')
        .map((parameter: Json) => parameter.name);
      assert.deepEqual(
        named,
        [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name),
        where,
      );
      for (const parameter of operation.parameters ?? []) {
        assert.ok(['path', 'query', 'header', 'cookie'].includes(parameter.in), where);
        if (parameter.in === 'path') assert.equal(parameter.required, true, where);
        checkSchema(parameter.schema, where);
      }
      for (const requirement of operation.security ?? document.security) {
        for (const scheme of Object.keys(requirement)) assert.ok(schemes.includes(scheme), where);
      }
    }
  });

  test('names every route that programs call, with its summary and who may call it', () => {
    const isPage = (path: string) => /^\/(?:admin|account|login|logout)\b/.test(path);
    const described = routes.filter(({ method, path }) => method !== 'HEAD' && !isPage(path));
    for (const { method, path, caller, tag } of described) {
      const operation = document.paths[path.replace(/:(\w+)/g, '{$1}')]?.[method.toLowerCase()];
      assert.ok(operation !== undefined, `${method} ${path}`);
      assert.ok(operation.summary.length > 0, path);
      assert.equal(operation['x-caller'], caller, path);
      assert.deepEqual(operation.tags, [tag], path);
      const opens = new Set(operation.security.flatMap((each: Json) => Object.keys(each)));
      assert.equal(opens.size === 0, caller === 'anyone', path);
      assert.equal(opens.has('apiKey'), caller !== 'anyone', path);
      assert.equal(opens.has('digest'), caller === 'user' || caller === 'holder', path);
      assert.equal(opens.has('deviceKey'), path === '/provisioning/me', path);
    }
    const named = operations().filter(([, method]) => method !== 'head');
    assert.equal(named.length, described.length);
  });

  test('describes the success and the failures of each operation', () => {
    for (const [path, method, operation] of operations()) {
      const where = `${method} ${path}`;
      const statuses = Object.keys(operation.responses);
      assert.ok(
        statuses.some((status) => /^2/.test(status)),
        where,
      );
      assert.equal(statuses.includes('401'), operation.security.length > 0, where);
      const mayBeMissing = path.endsWith('/turn') || (path.includes('{') && path !== '/provisioning/{token}/live');
      assert.equal(statuses.includes('404'), mayBeMissing, where);
      if (operation.requestBody !== undefined) assert.ok(statuses.includes('422'), where);
      for (const status of statuses.filter((each) => !/^2/.test(each))) {
        const { content } = operation.responses[status];
        const isJson = /^\/(?:api|health)\//.test(path) || status === '431';
        if (!isJson) assert.equal(Object.keys(content)[0], 'text/plain', where);
        else assert.deepEqual(content['application/json'].schema.required, ['message', 'code'], where);
      }
    }
    const ok = (path: string): string[] => Object.keys(document.paths[path].get.responses['200'].content);
    assert.deepEqual(ok('/provisioning/{token}'), ['application/xml', 'text/html']);
    assert.deepEqual(ok('/api/ping'), ['text/plain']);
    assert.deepEqual(ok('/api/accounts/me/api_key'), ['text/plain']);
    assert.deepEqual(ok('/contacts/vcard'), ['text/vcard']);
    assert.deepEqual(ok('/api'), ['text/html']);
    assert.deepEqual(ok('/provisioning/qrcode/{token}'), ['image/png', 'image/svg+xml']);
  });

  test('names each operation once, describes ids as integers, and lists the parameters of each query', () => {
    const ids = operations().map(([, , { operationId }]) => operationId);
    assert.equal(new Set(ids).size, ids.length);
    for (const id of ids) assert.match(id, /^(get|post|put|delete)[A-Z][A-Za-z]*$/);
    const parameter = (path: string, name: string): Json =>
      document.paths[path].get.parameters.find((each: Json) => each.name === name);
    assert.equal(parameter('/api/accounts/{id}', 'id').schema.type, 'integer');
    assert.equal(parameter('/provisioning/{token}', 'reset_password').in, 'query');
    assert.deepEqual(parameter('/provisioning/qrcode/{token}', 'format').schema.enum, ['png', 'svg']);
    assert.deepEqual(parameter('/provisioning/qrcode/{token}', 'size').schema, {
      type: 'integer',
      minimum: 100,
      maximum: 2000,
    });
    assert.deepEqual(parameter('/api/accounts', 'per_page').schema, {
      type: 'integer',
      minimum: 1,
      maximum: 100,
      default: 20,
    });
    assert.equal(document.paths['/api/accounts'].post.requestBody.required, true);
    assert.equal(document.paths['/api/accounts/{id}/provision'].post.requestBody.required, false);
    assert.equal(document.components.schemas.NewAccount.properties.password.minLength, 1);
  });

  test('says for every body that unknown fields are refused', () => {
    for (const [path, method, operation] of operations()) {
      const schema = operation.requestBody?.content['application/json']?.schema;
      if (schema !== undefined) assert.equal(schema.additionalProperties, false, `${method} ${path}`);
    }
  });

  test('describes the answers as they are sent', async () => {
    const account = await t.makeAccount({ email: 'a@example.com', activated: true });
    const contact = await t.makeAccount();
    const of = `/api/accounts/${account.id}`;
    const calls: readonly [string, 'GET' | 'POST' | 'PUT' | 'DELETE', string, unknown?][] = [
      ['/api/accounts', 'POST', '/api/accounts', { username: 'new', password: 'secret' }],
      ['/api/accounts', 'GET', '/api/accounts'],
      ['/api/accounts/{id}', 'GET', of],
      ['/api/accounts/{id}', 'PUT', of, { display_name: 'x' }],
      ['/api/accounts/{id}/provision', 'POST', `${of}/provision`],
      ['/api/accounts/{id}/activate', 'GET', `${of}/activate`],
      ['/api/accounts/{sip}/search', 'GET', `/api/accounts/${account.username}@sip.example.test/search`],
      ['/api/accounts/{id}/external', 'POST', `${of}/external`, { username: 'x', domain: 'y.test', password: 'z' }],
      ['/api/accounts/{id}/external', 'GET', `${of}/external`],
      ['/api/accounts/{id}/contacts', 'GET', `${of}/contacts`],
      ['/api/accounts/{id}/contacts/{contactId}', 'POST', `${of}/contacts/${contact.id}`],
      ['/api/accounts/{id}/api_keys', 'POST', `${of}/api_keys`, {}],
      ['/api/accounts/{id}/api_keys', 'GET', `${of}/api_keys`],
      ['/api/accounts/me', 'GET', '/api/accounts/me'],
      ['/api/accounts/me/contacts', 'GET', '/api/accounts/me/contacts'],
      ['/api/accounts/me/provision', 'POST', '/api/accounts/me/provision'],
      ['/api/accounts/auth_token', 'POST', '/api/accounts/auth_token'],
      ['/api/spaces', 'GET', '/api/spaces'],
      ['/api/spaces', 'POST', '/api/spaces', { domain: 'new.example.test' }],
      ['/api/spaces/{domain}', 'PUT', '/api/spaces/new.example.test', { name: 'New' }],
    ];
    for (const [path, method, url, body] of calls) {
      const answer = await t.api(method, url, body);
      const declared = document.paths[path][method.toLowerCase()].responses[answer.status];
      assert.ok(declared !== undefined, `${method} ${path} ${answer.status}`);
      const schema: TSchema = declared.content?.['application/json']?.schema ?? Type.Unknown();
      assert.equal(checkShape(schema, answer.json), undefined, `${method} ${path}`);
    }
  });

  test('has each operation in the manual of the API, beside the anchor about--auth', async () => {
    const page = await t.server.inject({ url: '/api' });
    assert.equal(page.statusCode, 200);
    assert.equal(page.headers['content-type'], 'text/html; charset=utf-8');
    assert.match(page.body, /id="about--auth"/);
    const text = page.body.replaceAll('<wbr>', '');
    for (const { path } of routes.filter((route) => route.path.startsWith('/api/') && route.method !== 'HEAD')) {
      assert.ok(text.includes(path.replace(/:(\w+)/g, '{$1}')), path);
    }
    assert.doesNotMatch(page.body, fromElsewhere);
  });

  test('is linked from the manual of provisioning', async () => {
    const page = await t.server.inject({ url: '/provisioning/documentation' });
    assert.equal(page.statusCode, 200);
    assert.equal(page.headers['content-type'], 'text/html; charset=utf-8');
    assert.match(page.body, /\/api#about--auth/);
    assert.doesNotMatch(page.body, fromElsewhere);
  });
});

function checkContent(content: Json, where: string): void {
  for (const [type, { schema }] of Object.entries<Json>(content)) {
    assert.match(type, /^[\w.+-]+\/[\w.+-]+$/, where);
    if (schema !== undefined) checkSchema(schema, where);
  }
}

/** JSON Schema 2020-12, as far as it is used. */
function checkSchema(schema: Json, where: string): void {
  assert.ok(typeof schema === 'object' || typeof schema === 'boolean', where);
  for (const type of [schema.type ?? []].flat()) assert.ok(types.includes(type), where);
  assert.ok(!('nullable' in schema), `${where}: nullable is of OpenAPI 3.0`);
  if (schema.required !== undefined) {
    for (const name of schema.required) assert.ok(name in schema.properties, `${where}: ${name}`);
  }
  if (schema.pattern !== undefined) new RegExp(schema.pattern, 'u');
  for (const each of Object.values(schema.properties ?? {})) checkSchema(each, where);
  if (schema.items !== undefined) checkSchema(schema.items, where);
  assert.equal(schema.$ref, undefined, where);
}
