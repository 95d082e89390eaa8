import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { TSchema } from 'typebox';
import type { Route } from '../../src/http/route.ts';
import { facesOf, routesOf } from '../../src/server.ts';
import { openTestApp, type TestApp, testDomain } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';

/** What a request needs beside the field that is tried. */
const samples: Readonly<Record<string, unknown>> = { domain: 'other.test', expires_at: null, accounts: [] };

const nuls = ['\0', 'a\0b', 'a\0@sip.example.test', 'sip:a\0@sip.example.test'];

forEachDatabase('U+0000', (makeUrl) => {
  let t: TestApp;
  let id: string;
  let existing: Readonly<Record<string, string>>;
  before(async () => {
    t = await openTestApp(await makeUrl());
    id = String((await t.makeAccount()).id);
    const made = async (path: string, body: object) => String((await t.api('POST', path, body)).json.id);
    const spacePath = `/api/spaces/${testDomain}`;
    existing = {
      ':domain': testDomain,
      ':listId': await made('/api/contacts_lists', { title: 'Sales' }),
      ':contactId': await made(`${spacePath}/outside_contacts`, { name: 'Taxi', phone: '+33601020304' }),
    };
  });
  after(() => t.close());

  const requiredIn = (schema: TSchema | undefined): string[] => Reflect.get(schema ?? {}, 'required') ?? [];
  const namesIn = (schema: TSchema | undefined): string[] => Object.keys(Reflect.get(schema ?? {}, 'properties') ?? {});

  /** Requests with it in each parameter of the path and of the query, and in each field. */
  const requestsOf = ({ method, path, endpoint }: Route, nul: string) => {
    const whole = path.replace(/:\w+/g, id);
    const encoded = encodeURIComponent(nul);
    const parameters = path.match(/:\w+/g) ?? [];
    const urls = parameters.map((one) => path.replace(/:\w+/g, (each) => (each === one ? encoded : id)));
    const queries = [...namesIn(endpoint.query), 'device', 'reset_password'];
    urls.push(...queries.map((name) => `${whole}?${name}=${encoded}`));
    const others = Object.fromEntries(requiredIn(endpoint.body).map((name) => [name, samples[name] ?? 'x']));
    const url = path.replace(/:\w+/g, (each) => existing[each] ?? id);
    const bodies = namesIn(endpoint.body).map((name) => ({ url, payload: { ...others, [name]: nul } }));
    return [...urls.map((url) => ({ method, url })), ...bodies.map((each) => ({ method, ...each }))];
  };

  for (const route of routesOf(facesOf(''))) {
    // It would delete the administrator who asks.
    if (route.method === 'DELETE' && route.path === '/api/accounts/me') continue;
    test(`causes no internal error in ${route.method} ${route.path}`, async () => {
      for (const nul of nuls) {
        for (const request of requestsOf(route, nul)) {
          const headers = { 'x-api-key': t.adminKey, 'x-linphone-provisioning': '1' };
          const { statusCode, body } = await t.server.inject({ ...request, headers });
          const sent = 'payload' in request ? JSON.stringify(request.payload) : '';
          assert.ok(statusCode < 500, `${request.url} ${sent}: ${statusCode} ${body}`);
          assert.ok(sent === '' || statusCode >= 400, `${request.url} ${sent} stored it`);
        }
      }
    });
  }

  test('is refused on every line of a linphonerc, with the number of the line', async () => {
    for (const text of ['# \0', '[s]\0', '[s]\n;\0', '[s]\nk=\0', '[s]\nk=v\n\0']) {
      const { status, json } = await t.api('PUT', '/api/spaces/sip.example.test', { linphonerc: text });
      assert.equal(status, 422);
      assert.match(json.errors.linphonerc.join(), /^line \d: U\+0000/m);
    }
  });
});
