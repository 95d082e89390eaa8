import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Account } from '../../src/accounts/account.ts';
import { apiRoutes } from '../../src/api/routes.ts';
import type { Route } from '../../src/http/route.ts';
import { openTestApp, type TestApp } from '../support/app.ts';
import { apiRequests } from '../support/changing-requests.ts';
import { dumpDatabase } from '../support/database-dump.ts';
import { forEachDatabase } from '../support/databases.ts';
import { openPanel, type PanelBrowser, panelBrowser, sameOrigin } from '../support/panel.ts';

/** With the fields for which the password is asked again; the manual has them in words (docs/panel.md). */
const asking: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'POST /api/accounts': { admin: true, password: 'long enough' },
  'PUT /api/accounts/:id': { admin: true },
  'POST /api/accounts/:id/api_keys': {},
  'POST /api/accounts/:id/activate': {},
  'POST /api/accounts/:id/unblock': {},
  'POST /api/spaces': { smtp_url: 'smtp://mail.example.test:587' },
  'PUT /api/spaces/:domain': { smtp_url: 'smtp://mail.example.test:587' },
  'DELETE /api/spaces/:domain': {},
};

/** They ask for it where the account is an administrator. */
const restoring = ['POST /api/accounts/:id/activate', 'POST /api/accounts/:id/unblock'];

/** Why others are not asked for it: whoever has only found a browser open could not sign in by them later. */
const reasons: Readonly<Record<string, readonly string[]>> = {
  'it asks where the table may make administrators, which test/panel/refused-sessions.test.ts tries': [
    'POST /api/accounts/import',
  ],
  'it gives no rights that the account did not have': [
    'POST /api/accounts/:id/provision',
    'PUT /api/accounts/:id/tokens/:tokenId',
    'POST /api/accounts/:id/external',
    'POST /api/accounts/:id/contacts/:contactId',
    'POST /api/accounts/:id/send_provisioning_email',
    'POST /api/accounts/invitations',
    'POST /api/contacts_lists',
    'PUT /api/contacts_lists/:listId',
    'POST /api/contacts_lists/:listId/contacts/:contactId',
    'POST /api/accounts/:id/contacts_lists/:listId',
    'POST /api/spaces/:domain/outside_contacts',
    'PUT /api/spaces/:domain/outside_contacts/:contactId',
    'POST /api/accounts/me/provision',
  ],
  'it needs the old password, however new the session is': ['POST /api/accounts/me/password'],
  'it takes something away': [
    'DELETE /api/accounts/:id',
    'POST /api/accounts/:id/deactivate',
    'POST /api/accounts/:id/block',
    'DELETE /api/accounts/:id/tokens/:tokenId',
    'DELETE /api/accounts/:id/devices/:deviceId',
    'DELETE /api/accounts/:id/api_keys/:keyId',
    'DELETE /api/accounts/:id/external',
    'DELETE /api/accounts/:id/contacts/:contactId',
    'DELETE /api/contacts_lists/:listId',
    'DELETE /api/contacts_lists/:listId/contacts/:contactId',
    'DELETE /api/accounts/:id/contacts_lists/:listId',
    'DELETE /api/spaces/:domain/outside_contacts/:contactId',
    'DELETE /api/accounts/me',
    'DELETE /api/accounts/me/devices/:deviceId',
  ],
};

const changing = apiRoutes.filter(({ changes, caller }) => changes && caller !== 'anyone');
const nameOf = ({ method, path }: Route) => `${method} ${path}`;
/** Whoever follows a link sends a GET, so a session may send none that changes something. */
const forKeys = changing.filter(({ method }) => method === 'GET').map(nameOf);
const forSessions = changing.filter(({ method }) => method !== 'GET').map(nameOf);

test('each changing route that a session may call asks for the password again, or has a reason not to', () => {
  const known = [...Object.keys(asking), ...Object.values(reasons).flat()];
  assert.deepEqual(known.toSorted(), forSessions.toSorted());
});

forEachDatabase('a session that began eleven minutes ago', (makeUrl) => {
  let t: TestApp;
  let browser: PanelBrowser;
  before(async () => {
    ({ t, browser } = await openPanel(await makeUrl()));
    t.advance(11 * 60_000);
  });
  after(() => t.close());

  /** Signs in as the owner of the account, eleven minutes ago. */
  const browserOf = async ({ id, username }: Account) => {
    const own = panelBrowser(t, `192.0.2.${id % 250}`);
    await own.signIn(username, 'secret');
    t.advance(11 * 60_000);
    return own;
  };
  const send = async (name: string, admin: boolean) => {
    const make = apiRequests[name];
    if (make === undefined || typeof make === 'string') return assert.fail(name);
    const account = await t.makeAccount({ activated: true, admin });
    const path = `/api/accounts/${account.id}`;
    const { url, body } = await make({ t, account, key: '', path });
    const { cookies } = name.includes('/accounts/me') ? await browserOf(account) : browser;
    const cookie = [...cookies].map(([key, value]) => `${key}=${value}`).join('; ');
    const payload = typeof body === 'string' ? body : JSON.stringify(Object.assign({}, body, asking[name]));
    const headers = { cookie, ...sameOrigin, 'content-type': 'application/json' };
    const [method] = name.split(' ') as ['POST' | 'PUT' | 'DELETE'];
    return t.server.inject({ method, url, headers, payload });
  };

  for (const name of forSessions) {
    const asks = name in asking;
    test(`${asks ? 'needs the password again for' : 'needs no password for'} ${name}`, async () => {
      const { statusCode, body } = await send(name, restoring.includes(name));
      if (asks) assert.deepEqual([statusCode, /password/.test(body)], [403, true], body);
      else assert.match(String(statusCode), /^(?:20[012])$/, body);
    });
  }

  for (const name of restoring) {
    test(`needs no password for ${name} if the account is not an administrator`, async () => {
      const { statusCode, body } = await send(name, false);
      assert.equal(statusCode, 200, body);
    });
  }
});

forEachDatabase('a session that has just begun', (makeUrl) => {
  let t: TestApp;
  before(async () => {
    t = await openTestApp(await makeUrl());
  });
  after(() => t.close());

  for (const name of forKeys) {
    test(`may not send ${name}, which a key or HTTP Digest may`, async () => {
      const { id, username } = await t.makeAccount({ activated: true, admin: true });
      const { token } = (await t.api('POST', '/api/accounts/auth_token')).json;
      const url = name.replace('GET ', '').replace(':id', `${id}`).replace(':authToken', token);
      const browser = panelBrowser(t);
      await browser.signIn(username, 'secret');
      const before = await dumpDatabase(t.app.database);
      assert.equal((await browser.get(url, sameOrigin)).status, 401);
      assert.deepEqual(await dumpDatabase(t.app.database), before);
      assert.equal((await t.api('GET', url)).status, 200);
    });
  }
});
