import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { InjectOptions } from 'fastify';
import type { Account } from '../src/accounts/account.ts';
import type { EventKind } from '../src/events/event.ts';
import { facesOf, routesOf } from '../src/server.ts';
import { openTestApp, type TestApp } from './support/app.ts';
import { forEachDatabase } from './support/databases.ts';
import type { Json } from './support/json.ts';
import { changesAfter, latestEvent } from './support/latest-event.ts';

interface Request {
  readonly url: string;
  readonly body?: unknown;
  /** Default: the administrator's. */
  readonly key?: string;
}

/** What is there before a request: an account of its own, active, and the key of its user. */
interface Scene {
  readonly t: TestApp;
  readonly account: Account;
  readonly key: string;
  /** The path of the account in the API. */
  readonly path: string;
}

const external = { username: 'out', domain: 'other.test', password: 'outer' };

/** A good request for each route that changes something, or the reason why it need not record an event. */
const requests: Readonly<Record<string, string | ((scene: Scene) => Request | Promise<Request>)>> = {
  'POST /setup/:token': 'strangers may call it',
  'POST /api/accounts/auth_token': 'strangers may call it',
  'GET /api/accounts/me/api_key/:authToken': 'strangers may call it',
  'GET /api/accounts/me/api_key': "the key of a user is a session's, not a key with a name",

  'POST /api/accounts': () => ({ url: '/api/accounts', body: { username: 'new', password: 'secret' } }),
  'PUT /api/accounts/:id': ({ path }) => ({ url: path, body: { display_name: 'Renamed' } }),
  'DELETE /api/accounts/:id': ({ path }) => ({ url: path }),
  'POST /api/accounts/:id/activate': inactive('activate'),
  'GET /api/accounts/:id/activate': inactive('activate'),
  'POST /api/accounts/:id/deactivate': ({ path }) => ({ url: `${path}/deactivate` }),
  'GET /api/accounts/:id/deactivate': ({ path }) => ({ url: `${path}/deactivate` }),
  'POST /api/accounts/:id/block': ({ path }) => ({ url: `${path}/block` }),
  'POST /api/accounts/:id/unblock': async ({ t, path }) => {
    await t.api('POST', `${path}/block`);
    return { url: `${path}/unblock` };
  },
  'POST /api/accounts/:id/provision': ({ path }) => ({ url: `${path}/provision` }),
  'GET /api/accounts/:id/provision': ({ path }) => ({ url: `${path}/provision` }),
  'PUT /api/accounts/:id/tokens/:tokenId': async (scene) => ({
    url: `${scene.path}/tokens/${await tokenOf(scene)}`,
    body: { lifetime: '1h' },
  }),
  'DELETE /api/accounts/:id/tokens/:tokenId': async (scene) => ({
    url: `${scene.path}/tokens/${await tokenOf(scene)}`,
  }),
  'DELETE /api/accounts/:id/devices/:deviceId': async (scene) => ({
    url: `${scene.path}/devices/${await deviceOf(scene)}`,
  }),
  'POST /api/accounts/:id/api_keys': ({ path }) => ({ url: `${path}/api_keys`, body: { name: 'named' } }),
  'DELETE /api/accounts/:id/api_keys/:keyId': async ({ t, path }) => {
    const { id } = (await t.api('POST', `${path}/api_keys`, { name: 'to be revoked' })).json;
    return { url: `${path}/api_keys/${id}` };
  },
  'POST /api/accounts/:id/external': ({ path }) => ({ url: `${path}/external`, body: external }),
  'DELETE /api/accounts/:id/external': async ({ t, path }) => {
    await t.api('POST', `${path}/external`, external);
    return { url: `${path}/external` };
  },
  'POST /api/accounts/:id/contacts/:contactId': async ({ t, path }) => ({
    url: `${path}/contacts/${(await t.makeAccount()).id}`,
  }),
  'DELETE /api/accounts/:id/contacts/:contactId': async ({ t, path }) => {
    const url = `${path}/contacts/${(await t.makeAccount()).id}`;
    await t.api('POST', url);
    return { url };
  },

  'DELETE /api/accounts/me': ({ key }) => ({ url: '/api/accounts/me', key }),
  'POST /api/accounts/me/password': ({ key }) => ({
    url: '/api/accounts/me/password',
    body: { old_password: 'secret', password: 'renewed' },
    key,
  }),
  'POST /api/accounts/me/provision': ({ key }) => ({ url: '/api/accounts/me/provision', key }),
  'GET /api/accounts/me/provision': ({ key }) => ({ url: '/api/accounts/me/provision', key }),
  'DELETE /api/accounts/me/devices/:deviceId': async (scene) => ({
    url: `/api/accounts/me/devices/${await deviceOf(scene)}`,
    key: scene.key,
  }),
  'GET /api/accounts/auth_token/:authToken/attach': async ({ t, key }) => {
    const { token } = (await t.api('POST', '/api/accounts/auth_token')).json;
    return { url: `/api/accounts/auth_token/${token}/attach`, key };
  },

  'POST /api/spaces': () => ({ url: '/api/spaces', body: { domain: 'made.example.test' } }),
  'PUT /api/spaces/:domain': () => ({ url: '/api/spaces/sip.example.test', body: { name: 'Renamed' } }),
  'DELETE /api/spaces/:domain': async ({ t }) => {
    await t.api('POST', '/api/spaces', { domain: 'gone.example.test' });
    return { url: '/api/spaces/gone.example.test' };
  },
};

/** The events that each of them records, in this order. */
const recorded: Readonly<Record<string, readonly EventKind[]>> = {
  'POST /api/accounts': ['account-created', 'token-issued'],
  'PUT /api/accounts/:id': ['account-changed'],
  'DELETE /api/accounts/:id': ['account-deleted'],
  'POST /api/accounts/:id/activate': ['activated'],
  'GET /api/accounts/:id/activate': ['activated'],
  'POST /api/accounts/:id/deactivate': ['deactivated'],
  'GET /api/accounts/:id/deactivate': ['deactivated'],
  'POST /api/accounts/:id/block': ['blocked'],
  'POST /api/accounts/:id/unblock': ['unblocked'],
  'POST /api/accounts/:id/provision': ['token-issued'],
  'GET /api/accounts/:id/provision': ['token-issued'],
  'PUT /api/accounts/:id/tokens/:tokenId': ['token-extended'],
  'DELETE /api/accounts/:id/tokens/:tokenId': ['token-revoked'],
  'DELETE /api/accounts/:id/devices/:deviceId': ['device-revoked'],
  'POST /api/accounts/:id/api_keys': ['api-key-created'],
  'DELETE /api/accounts/:id/api_keys/:keyId': ['api-key-revoked'],
  'POST /api/accounts/:id/external': ['account-changed'],
  'DELETE /api/accounts/:id/external': ['account-changed'],
  'POST /api/accounts/:id/contacts/:contactId': ['contact-added'],
  'DELETE /api/accounts/:id/contacts/:contactId': ['contact-removed'],
  'DELETE /api/accounts/me': ['account-deleted'],
  'POST /api/accounts/me/password': ['password-changed'],
  'POST /api/accounts/me/provision': ['token-issued'],
  'GET /api/accounts/me/provision': ['token-issued'],
  'DELETE /api/accounts/me/devices/:deviceId': ['device-revoked'],
  'GET /api/accounts/auth_token/:authToken/attach': ['auth-token-attached'],
  'POST /api/spaces': ['space-created'],
  'PUT /api/spaces/:domain': ['space-changed'],
  'DELETE /api/spaces/:domain': ['space-deleted'],
};

function inactive(change: string) {
  return async ({ t, path }: Scene): Promise<Request> => {
    await t.api('POST', `${path}/deactivate`);
    return { url: `${path}/${change}` };
  };
}

async function tokenOf({ t, account, path }: Scene): Promise<number> {
  await t.makeToken(account);
  return (await t.api('GET', `${path}/tokens`)).json[0].id;
}

async function deviceOf({ t, account, path }: Scene): Promise<number> {
  await t.server.inject({ url: `/provisioning/${await t.makeToken(account)}` });
  return Object.values<Json>((await t.api('GET', `${path}/devices`)).json)[0].id;
}

const changing = routesOf(facesOf('')).filter(({ changes }) => changes);

test('each route that changes something has a request here, or a reason', () => {
  assert.deepEqual(Object.keys(requests).sort(), changing.map(({ method, path }) => `${method} ${path}`).sort());
  for (const { method, path, caller } of changing) {
    const isExempt = requests[`${method} ${path}`] === 'strangers may call it';
    assert.equal(isExempt, caller === 'anyone', `${method} ${path}`);
  }
});

forEachDatabase('a request that changes something is in the timeline', (makeUrl) => {
  let t: TestApp;
  before(async () => {
    t = await openTestApp(await makeUrl());
  });
  after(() => t.close());

  for (const { method, path } of changing) {
    const make = requests[`${method} ${path}`];
    if (typeof make !== 'function') continue;
    test(`${method} ${path}`, async () => {
      const account = await t.makeAccount({ activated: true });
      const url = `/api/accounts/${account.id}`;
      const key = (await t.api('POST', `${url}/api_keys`, {})).json.api_key;
      const request = await make({ t, account, key, path: url });
      const last = await latestEvent(t.app);
      const { statusCode, body } = await t.server.inject(injected(method, request, t.adminKey));
      assert.match(String(statusCode), /^20[01]$/, body);
      const actor = request.key === undefined ? 'api-key' : 'self';
      const expected = recorded[`${method} ${path}`]?.map((kind) => ({ kind, actor }));
      assert.deepEqual(await changesAfter(t.app, last), expected);
    });
  }
});

function injected(
  method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE',
  request: Request,
  adminKey: string,
): InjectOptions {
  const { url, body, key = adminKey } = request;
  const headers = { 'x-api-key': key };
  if (body === undefined) return { method, url, headers };
  return { method, url, headers: { ...headers, 'content-type': 'application/json' }, payload: JSON.stringify(body) };
}
