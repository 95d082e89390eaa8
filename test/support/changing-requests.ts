import type { Account } from '../../src/accounts/account.ts';
import type { EventKind } from '../../src/events/event.ts';
import type { TestApp } from './app.ts';
import type { Json } from './json.ts';

export interface ApiRequest {
  readonly url: string;
  readonly body?: unknown;
  /** The API key; by default, the administrator's. */
  readonly key?: string;
}

/** The state before a request: an active account, and the key of its user. */
export interface Scene {
  readonly t: TestApp;
  readonly account: Account;
  readonly key: string;
  /** The path of the account in the API. */
  readonly path: string;
}

export async function makeScene(t: TestApp): Promise<Scene> {
  const account = await t.makeAccount({ activated: true });
  const path = `/api/accounts/${account.id}`;
  const key = (await t.api('POST', `${path}/api_keys`, {})).json.api_key;
  return { t, account, key, path };
}

export const external = { username: 'out', domain: 'other.test', password: 'outer' };

const outside = '/api/spaces/sip.example.test/outside_contacts';

async function listIn(t: TestApp): Promise<string> {
  const { id } = (await t.api('POST', '/api/contacts_lists', { title: 'Everybody in sales' })).json;
  return `/api/contacts_lists/${id}`;
}

async function outsideContactIn(t: TestApp): Promise<string> {
  const { id } = (await t.api('POST', outside, { name: 'Caretaker', sip_uri: 'caretaker@example.com' })).json;
  return `${outside}/${id}`;
}

/** A valid request for each route that changes something, or why it need not record an event. */
export const apiRequests: Readonly<Record<string, string | ((scene: Scene) => ApiRequest | Promise<ApiRequest>)>> = {
  'POST /api/accounts/auth_token': 'strangers may call it',
  'GET /api/accounts/me/api_key/:authToken': 'strangers may call it',
  'GET /api/accounts/me/api_key': "the key of a user is a session's, not a key with a name",

  'POST /api/accounts': () => ({ url: '/api/accounts', body: { username: 'new', password: 'secret' } }),
  'POST /api/accounts/import': () => ({ url: '/api/accounts/import', body: 'username\nimported\n' }),
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
  'POST /api/accounts/:id/send_provisioning_email': async ({ t, account, path }) => {
    await withMail(t, account);
    return { url: `${path}/send_provisioning_email` };
  },
  'POST /api/accounts/invitations': async ({ t, account }) => {
    await withMail(t, account);
    return { url: '/api/accounts/invitations', body: { accounts: [account.id] } };
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

  'POST /api/contacts_lists': () => ({ url: '/api/contacts_lists', body: { title: 'Sales' } }),
  'PUT /api/contacts_lists/:listId': async ({ t }) => ({ url: await listIn(t), body: { title: 'Renamed' } }),
  'DELETE /api/contacts_lists/:listId': async ({ t }) => ({ url: await listIn(t) }),
  'POST /api/contacts_lists/:listId/contacts/:contactId': async ({ t, account }) => ({
    url: `${await listIn(t)}/contacts/${account.id}`,
  }),
  'DELETE /api/contacts_lists/:listId/contacts/:contactId': async ({ t, account }) => {
    const url = `${await listIn(t)}/contacts/${account.id}`;
    await t.api('POST', url);
    return { url };
  },
  'POST /api/accounts/:id/contacts_lists/:listId': async ({ t, path }) => ({
    url: `${path}/contacts_lists/${(await listIn(t)).split('/').at(-1)}`,
  }),
  'DELETE /api/accounts/:id/contacts_lists/:listId': async ({ t, path }) => {
    const url = `${path}/contacts_lists/${(await listIn(t)).split('/').at(-1)}`;
    await t.api('POST', url);
    return { url };
  },
  'POST /api/spaces/:domain/outside_contacts': () => ({ url: outside, body: { name: 'Taxi', phone: '+33472000000' } }),
  'PUT /api/spaces/:domain/outside_contacts/:contactId': async ({ t }) => ({
    url: await outsideContactIn(t),
    body: { organization: 'Taxi & Sons' },
  }),
  'DELETE /api/spaces/:domain/outside_contacts/:contactId': async ({ t }) => ({ url: await outsideContactIn(t) }),

  'POST /api/spaces': () => ({ url: '/api/spaces', body: { domain: 'made.example.test' } }),
  'PUT /api/spaces/:domain': () => ({ url: '/api/spaces/sip.example.test', body: { name: 'Renamed' } }),
  'DELETE /api/spaces/:domain': async ({ t }) => {
    await t.api('POST', '/api/spaces', { domain: 'gone.example.test' });
    return { url: '/api/spaces/gone.example.test' };
  },
};

/** The events that each request records, in this order. */
export const apiEvents: Readonly<Record<string, readonly EventKind[]>> = {
  'POST /api/accounts': ['account-created', 'token-issued'],
  'POST /api/accounts/import': ['account-created', 'token-issued'],
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
  'POST /api/accounts/:id/send_provisioning_email': ['token-issued', 'mail-queued'],
  'POST /api/accounts/invitations': ['token-issued', 'mail-queued'],
  'DELETE /api/accounts/me': ['account-deleted'],
  'POST /api/accounts/me/password': ['password-changed'],
  'POST /api/accounts/me/provision': ['token-issued'],
  'GET /api/accounts/me/provision': ['token-issued'],
  'DELETE /api/accounts/me/devices/:deviceId': ['device-revoked'],
  'GET /api/accounts/auth_token/:authToken/attach': ['auth-token-attached'],
  'POST /api/contacts_lists': ['contact-list-created'],
  'PUT /api/contacts_lists/:listId': ['contact-list-changed'],
  'DELETE /api/contacts_lists/:listId': ['contact-list-deleted'],
  'POST /api/contacts_lists/:listId/contacts/:contactId': ['contact-list-joined'],
  'DELETE /api/contacts_lists/:listId/contacts/:contactId': ['contact-list-left'],
  'POST /api/accounts/:id/contacts_lists/:listId': ['contact-list-given'],
  'DELETE /api/accounts/:id/contacts_lists/:listId': ['contact-list-taken'],
  'POST /api/spaces/:domain/outside_contacts': ['outside-contact-added'],
  'PUT /api/spaces/:domain/outside_contacts/:contactId': ['outside-contact-changed'],
  'DELETE /api/spaces/:domain/outside_contacts/:contactId': ['outside-contact-removed'],
  'POST /api/spaces': ['space-created'],
  'PUT /api/spaces/:domain': ['space-changed'],
  'DELETE /api/spaces/:domain': ['space-deleted'],
};

function inactive(change: string) {
  return async ({ t, path }: Scene): Promise<ApiRequest> => {
    await t.api('POST', `${path}/deactivate`);
    return { url: `${path}/${change}` };
  };
}

/** Sets a mail server that does not exist, so that mails stay queued. */
export async function withMail(t: TestApp, account: Account): Promise<void> {
  await t.setSpace({ smtp_url: 'smtp://127.0.0.1:2525', mail_from: 'phones@example.test' });
  await t.api('PUT', `/api/accounts/${account.id}`, { email: `${account.username}@example.test` });
}

export async function tokenOf({ t, account, path }: Scene): Promise<number> {
  await t.makeToken(account);
  return (await t.api('GET', `${path}/tokens`)).json[0].id;
}

export async function deviceOf({ t, account, path }: Scene): Promise<number> {
  await t.server.inject({ url: `/provisioning/${await t.makeToken(account)}` });
  return Object.values<Json>((await t.api('GET', `${path}/devices`)).json)[0].id;
}
