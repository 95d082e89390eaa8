import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Account } from '../../src/accounts/account.ts';
import { issueSetupLink } from '../../src/administration/first-administrator.ts';
import type { Route } from '../../src/http/route.ts';
import { facesOf, routesOf } from '../../src/server.ts';
import { everythingLogged, openTestApp, type TestApp } from '../support/app.ts';
import { dumpDatabase } from '../support/database-dump.ts';
import { forEachDatabase } from '../support/databases.ts';
import { authorize, challengesOf, requestByDigest } from '../support/digest-request.ts';
import { type ProvisionedPhone, phonesOf } from '../support/phone.ts';
import { tempDirectory } from '../support/temp-directory.ts';

const routes = routesOf(facesOf(''));

/** Who may call each route. A new one fails here until somebody has decided. */
const callers: Readonly<Record<string, 'anyone' | 'holder' | 'user' | 'admin' | 'super-admin'>> = {
  'GET /': 'anyone',
  'GET /assets/:name': 'anyone',
  'GET /health/live': 'anyone',
  'GET /health/ready': 'anyone',
  'GET /setup/:token': 'anyone',
  'POST /setup/:token': 'anyone',

  'GET /login': 'anyone',
  'POST /login': 'anyone',
  'GET /login/link/:token': 'anyone',
  'POST /login/link/:token': 'anyone',
  'POST /logout': 'holder',
  'GET /login/forgotten': 'anyone',
  'POST /login/forgotten': 'anyone',
  'GET /login/reset/:token': 'anyone',
  'POST /login/reset/:token': 'anyone',
  'GET /admin/invitations': 'admin',
  'POST /admin/invitations': 'admin',
  'GET /admin/invitations/live': 'admin',
  'GET /admin/spaces/:domain/mail': 'admin',
  'POST /admin/spaces/:domain/mail': 'admin',
  'GET /admin': 'admin',
  'POST /admin': 'super-admin',
  'GET /admin/welcome': 'super-admin',
  'POST /admin/welcome': 'super-admin',
  'GET /admin/accounts': 'admin',
  'GET /admin/accounts/new': 'admin',
  'POST /admin/accounts/new': 'admin',
  'GET /admin/accounts/:id': 'admin',
  'POST /admin/accounts/:id': 'admin',
  'GET /logo/:hash': 'anyone',
  'POST /admin/accounts': 'admin',
  'GET /admin/accounts/block': 'admin',
  'POST /admin/accounts/block': 'admin',
  'GET /admin/accounts/export': 'admin',
  'GET /admin/import': 'admin',
  'POST /admin/import': 'admin',
  'GET /admin/import/:id': 'admin',
  'POST /admin/import/:id': 'admin',
  'GET /admin/import/:id/live': 'admin',
  'GET /admin/accounts/:id/devices': 'admin',
  'POST /admin/accounts/:id/devices': 'admin',
  'GET /admin/accounts/:id/external': 'admin',
  'POST /admin/accounts/:id/external': 'admin',
  'GET /admin/accounts/:id/contacts': 'admin',
  'POST /admin/accounts/:id/contacts': 'admin',
  'GET /admin/accounts/:id/settings': 'admin',
  'POST /admin/accounts/:id/settings': 'admin',
  'GET /admin/accounts/:id/preview': 'admin',
  'GET /admin/accounts/:id/events': 'admin',
  'GET /admin/accounts/:id/block': 'admin',
  'POST /admin/accounts/:id/block': 'admin',
  'GET /admin/accounts/:id/delete': 'admin',
  'POST /admin/accounts/:id/delete': 'admin',
  'GET /admin/spaces/:domain/linphonerc': 'admin',
  'POST /admin/spaces/:domain/linphonerc': 'admin',
  'GET /admin/spaces/:domain/linphonerc/versions': 'admin',
  'GET /admin/spaces/:domain/linphonerc/versions/:versionId': 'admin',
  'POST /admin/spaces/:domain/linphonerc/versions/:versionId': 'admin',
  'GET /account': 'holder',
  'POST /account': 'holder',
  'GET /account/devices': 'holder',
  'POST /account/devices': 'holder',
  'GET /account/contacts': 'holder',
  'GET /account/password': 'holder',
  'POST /account/password': 'holder',
  'GET /account/live': 'holder',
  'GET /account/sessions': 'holder',
  'POST /account/sessions': 'holder',
  'GET /admin/spaces': 'admin',
  'GET /admin/spaces/new': 'super-admin',
  'POST /admin/spaces/new': 'super-admin',
  'GET /admin/spaces/:domain': 'admin',
  'GET /admin/spaces/:domain/delete': 'super-admin',
  'POST /admin/spaces/:domain/delete': 'super-admin',
  'GET /admin/spaces/:domain/domain': 'super-admin',
  'POST /admin/spaces/:domain/domain': 'super-admin',
  'GET /admin/spaces/:domain/settings': 'admin',
  'POST /admin/spaces/:domain/settings': 'admin',
  'GET /admin/spaces/:domain/contacts': 'admin',
  'POST /admin/spaces/:domain/contacts': 'admin',
  'GET /admin/spaces/:domain/contacts/:contactId': 'admin',
  'POST /admin/spaces/:domain/contacts/:contactId': 'admin',
  'GET /admin/spaces/:domain/contacts/lists/:listId': 'admin',
  'POST /admin/spaces/:domain/contacts/lists/:listId': 'admin',
  'GET /admin/spaces/:domain/contacts/lists/:listId/delete': 'admin',
  'POST /admin/spaces/:domain/contacts/lists/:listId/delete': 'admin',
  'GET /admin/spaces/:domain/administrators': 'admin',
  'POST /admin/spaces/:domain/administrators': 'admin',
  'GET /admin/spaces/:domain/api-keys': 'admin',
  'POST /admin/spaces/:domain/api-keys': 'admin',
  'GET /admin/spaces/:domain/managed': 'admin',
  'GET /admin/spaces/:domain/events': 'admin',
  'GET /admin/accounts/:id/provisioning': 'admin',
  'POST /admin/accounts/:id/provisioning': 'admin',
  'GET /admin/accounts/:id/provisioning/live': 'admin',

  'GET /admin/sheet': 'admin',
  'POST /admin/sheet': 'admin',

  'GET /provisioning/:token/live': 'anyone',

  'GET /provisioning': 'anyone',
  'HEAD /provisioning': 'anyone',
  'GET /provisioning/:token': 'anyone',
  'HEAD /provisioning/:token': 'anyone',
  'GET /provisioning/qrcode/:token': 'anyone',
  'GET /provisioning/auth_token/:authToken': 'anyone',
  'HEAD /provisioning/auth_token/:authToken': 'anyone',
  'GET /provisioning/documentation': 'anyone',
  'GET /provisioning/me': 'user',
  'HEAD /provisioning/me': 'user',
  'GET /contacts/vcard': 'user',
  'GET /contacts/vcard/:sip': 'user',

  'GET /api': 'anyone',
  'GET /api/openapi.json': 'anyone',
  'GET /api/ping': 'anyone',
  'POST /api/accounts/auth_token': 'anyone',
  'GET /api/accounts/me/api_key/:authToken': 'anyone',
  'GET /api/accounts/auth_token/:authToken/attach': 'user',

  'POST /api/accounts/:id/send_provisioning_email': 'admin',
  'POST /api/accounts/invitations': 'admin',

  'GET /api/accounts/me': 'holder',
  'DELETE /api/accounts/me': 'holder',
  'POST /api/accounts/me/password': 'holder',
  'POST /api/accounts/me/provision': 'holder',
  'GET /api/accounts/me/provision': 'holder',
  'GET /api/accounts/me/api_key': 'holder',
  'GET /api/accounts/me/contacts': 'holder',
  'GET /api/accounts/me/contacts/:sip': 'holder',

  'GET /api/accounts': 'admin',
  'POST /api/accounts': 'admin',
  'POST /api/accounts/import': 'admin',
  'GET /api/imports/:id': 'admin',
  'GET /api/imports/:id/result': 'admin',
  'GET /api/accounts/:id': 'admin',
  'PUT /api/accounts/:id': 'admin',
  'DELETE /api/accounts/:id': 'admin',
  'GET /api/accounts/:sip/search': 'admin',
  'GET /api/accounts/:email/search-by-email': 'admin',
  'POST /api/accounts/:id/activate': 'admin',
  'GET /api/accounts/:id/activate': 'admin',
  'POST /api/accounts/:id/deactivate': 'admin',
  'GET /api/accounts/:id/deactivate': 'admin',
  'POST /api/accounts/:id/block': 'admin',
  'POST /api/accounts/:id/unblock': 'admin',
  'POST /api/accounts/:id/provision': 'admin',
  'GET /api/accounts/:id/provision': 'admin',
  'GET /api/accounts/:id/external': 'admin',
  'GET /api/accounts/:id/preview': 'admin',
  'POST /api/accounts/:id/external': 'admin',
  'DELETE /api/accounts/:id/external': 'admin',
  'GET /api/accounts/:id/contacts': 'admin',
  'POST /api/accounts/:id/contacts/:contactId': 'admin',
  'DELETE /api/accounts/:id/contacts/:contactId': 'admin',
  'GET /api/accounts/:id/devices': 'admin',
  'DELETE /api/accounts/:id/devices/:deviceId': 'admin',
  'GET /api/accounts/:id/events': 'admin',
  'GET /api/events': 'admin',
  'GET /api/accounts/:id/tokens': 'admin',
  'PUT /api/accounts/:id/tokens/:tokenId': 'admin',
  'DELETE /api/accounts/:id/tokens/:tokenId': 'admin',
  'GET /api/accounts/me/devices': 'user',
  'GET /api/accounts/me/services/turn': 'user',
  'DELETE /api/accounts/me/devices/:deviceId': 'user',
  'GET /api/accounts/:id/api_keys': 'admin',
  'POST /api/accounts/:id/api_keys': 'admin',
  'DELETE /api/accounts/:id/api_keys/:keyId': 'admin',

  'GET /api/spaces': 'super-admin',
  'POST /api/spaces': 'super-admin',
  'GET /api/spaces/:domain': 'super-admin',
  'PUT /api/spaces/:domain': 'super-admin',
  'DELETE /api/spaces/:domain': 'super-admin',
  'GET /api/spaces/:domain/managed-configuration': 'admin',
  'GET /api/spaces/:domain/linphonerc_versions': 'admin',
  'GET /api/spaces/:domain/linphonerc_versions/:versionId': 'admin',
  'GET /api/spaces/:domain/outside_contacts': 'admin',
  'POST /api/spaces/:domain/outside_contacts': 'admin',
  'PUT /api/spaces/:domain/outside_contacts/:contactId': 'admin',
  'DELETE /api/spaces/:domain/outside_contacts/:contactId': 'admin',
  'GET /api/accounts/:id/contacts_lists': 'admin',
  'POST /api/accounts/:id/contacts_lists/:listId': 'admin',
  'DELETE /api/accounts/:id/contacts_lists/:listId': 'admin',
  'GET /api/contacts_lists': 'admin',
  'POST /api/contacts_lists': 'admin',
  'GET /api/contacts_lists/:listId': 'admin',
  'PUT /api/contacts_lists/:listId': 'admin',
  'DELETE /api/contacts_lists/:listId': 'admin',
  'POST /api/contacts_lists/:listId/contacts/:contactId': 'admin',
  'DELETE /api/contacts_lists/:listId/contacts/:contactId': 'admin',
};

/** What each route refuses is tried with these, from the one with the fewest rights up. */
const order = ['holder', 'user', 'admin', 'super-admin'] as const;

forEachDatabase('every route', (makeUrl) => {
  let t: TestApp;
  let device: ProvisionedPhone;
  const keys: Record<string, string> = {};
  const accounts: Record<string, Account> = {};
  before(async () => {
    t = await openTestApp(await makeUrl());
    await t.setSpace({ refetch: 'every-start' });
    await t.api('POST', '/api/spaces', { domain: 'ordinary.example.test' });
    Object.assign(accounts, {
      holder: await t.makeAccount(),
      user: await t.makeAccount({ activated: true }),
      admin: await t.makeAccount({ activated: true, admin: true, domain: 'ordinary.example.test' }),
      'super-admin': await t.makeAccount({ activated: true, admin: true }),
      blocked: await t.makeAccount({ activated: true, admin: true }),
    });
    for (const [who, { id }] of Object.entries(accounts)) {
      keys[who] = (await t.api('POST', `/api/accounts/${id}/api_keys`, {})).json.api_key;
    }
    // A phone of the account, which has been provisioned.
    device = await phonesOf(t).redeem(await t.makeToken(accounts['super-admin'] ?? assert.fail()));
    await t.api('POST', `/api/accounts/${accounts.blocked?.id}/block`);
  });
  after(() => t.close());

  test('declares the caller that this list expects', () => {
    const declared = Object.fromEntries(routes.map(({ method, path, caller }) => [`${method} ${path}`, caller]));
    assert.deepEqual(declared, callers);
    assert.equal(Object.keys(declared).length, routes.length, 'no route stands there twice');
  });

  /** How the route answers, on a path that names nothing. */
  const asking = ({ method, path }: Route) => {
    const url = path.replace(/:\w+/g, '999999');
    return {
      with: async (headers: Record<string, string>) => (await t.server.inject({ method, url, headers })).statusCode,
      byDigest: async (who: string) => {
        const { username, spaceId } = accounts[who] ?? assert.fail(who);
        const headers = { from: `sip:${username}@${t.app.spaces.getById(spaceId).domain}` };
        return (await requestByDigest(t.server, { method, url, username, password: 'secret', headers })).statusCode;
      },
    };
  };

  // Pages take sessions only: test/panel/callers.test.ts.
  const [phones, api] = facesOf('');
  for (const route of routesOf([phones, api]).filter(({ caller }) => caller !== 'anyone')) {
    const { method, path, caller } = route;
    const isForDevices = route.endpoint.forDevices === true;
    const lower = order.slice(0, order.indexOf(caller as (typeof order)[number]));

    test(`${method} ${path} refuses all callers but ${caller}, before it looks anything up`, async () => {
      const before = await dumpDatabase(t.app.database);
      const ask = asking(route);
      assert.equal(await ask.with({}), 401);
      assert.equal(await ask.with({ 'x-api-key': 'wrong' }), 401);
      assert.equal(await ask.with({ 'x-api-key': keys.blocked ?? '' }), 403);
      assert.equal(await ask.byDigest('blocked'), 403);
      for (const who of lower) {
        assert.equal(await ask.with({ 'x-api-key': keys[who] ?? '' }), 403, who);
        assert.equal(await ask.byDigest(who), 403, `${who} by Digest`);
      }
      // By Digest, and by the key of a device, an administrator has the rights of a user.
      if (caller === 'admin' || caller === 'super-admin') assert.equal(await ask.byDigest('super-admin'), 403);
      assert.equal(await ask.with({ 'x-device-key': 'wrong' }), isForDevices ? 403 : 401);
      if (!isForDevices) assert.equal(await ask.with({ 'x-device-key': device.key }), 401);
      assert.deepEqual(await dumpDatabase(t.app.database), before);
    });

    if (route.changes) continue;
    test(`${method} ${path} accepts ${caller}`, async () => {
      const ask = asking(route);
      const allowed = order.slice(lower.length);
      for (const who of allowed) {
        const status = await ask.with({ 'x-api-key': keys[who] ?? '' });
        assert.ok(status !== 401 && status !== 403, `${who}: ${status}`);
        if (caller !== 'holder' && caller !== 'user') continue;
        const byDigest = await ask.byDigest(who);
        assert.ok(byDigest !== 401 && byDigest !== 403, `${who} by Digest: ${byDigest}`);
      }
      if (!isForDevices) return;
      const headers = { 'x-device-key': device.key };
      assert.equal((await t.server.inject({ method, url: device.address, headers })).statusCode, 200);
    });
  }

  test("only the document of the caller's own account accepts device keys", () => {
    const forDevices = routes.filter(({ endpoint }) => endpoint.forDevices === true);
    assert.deepEqual(
      forDevices.map(({ method, path }) => `${method} ${path}`),
      ['GET /provisioning/me', 'HEAD /provisioning/me'],
    );
  });
});

forEachDatabase('HEAD', (makeUrl) => {
  test('never changes anything, on any path with any token', async () => {
    const t = await openTestApp(await makeUrl());
    const account = await t.makeAccount();
    const contact = await t.makeAccount();
    const of = `/api/accounts/${account.id}`;
    await t.api('POST', `${of}/external`, { username: 'x', domain: 'y.test', password: 'z' });
    await t.api('POST', `${of}/contacts/${contact.id}`);
    const key = (await t.api('POST', `${of}/api_keys`, {})).json;
    await t.api('POST', '/api/spaces', { domain: 'empty.example.test' });
    const auth = (await t.api('POST', '/api/accounts/auth_token')).json.token;
    await t.api('GET', `/api/accounts/auth_token/${auth}/attach`);
    const open = (await t.api('POST', '/api/accounts/auth_token')).json.token;
    const token = await t.makeToken(account);
    const before = await dumpDatabase(t.app.database);
    for (const path of new Set(routes.map((route) => route.path))) {
      for (const authToken of [auth, open]) {
        const url = path
          .replace(':id', String(account.id))
          .replace(':contactId', String(contact.id))
          .replace(':keyId', String(key.id))
          .replace(':token', token)
          .replace(':authToken', authToken)
          .replace(':domain', 'empty.example.test')
          .replace(':sip', `${account.username}@sip.example.test`)
          .replace(':email', 'a@example.com');
        for (const headers of [{}, { accept: 'text/html' }, { 'x-linphone-provisioning': '1' }]) {
          for (const query of ['', '?reset_password', '?with_accounts=true']) {
            const request = {
              method: 'HEAD',
              url: `${url}${query}`,
              headers: { 'x-api-key': t.adminKey, ...headers },
            } as const;
            const answer = await t.server.inject(request);
            assert.ok(answer.statusCode < 500, `${url}${query}`);
            assert.equal(answer.body, '');
          }
        }
      }
    }
    assert.deepEqual(await dumpDatabase(t.app.database), before);
    await t.close();
  });

  test('never creates an administrator by a setup link', async () => {
    const t = await openTestApp(await makeUrl());
    await t.app.database.deleteFrom('accounts').execute();
    const link = new URL((await issueSetupLink(t.app)) ?? '');
    const before = await dumpDatabase(t.app.database);
    assert.equal((await t.server.inject({ method: 'HEAD', url: link.pathname })).statusCode, 200);
    assert.deepEqual(await dumpDatabase(t.app.database), before);
    await t.close();
  });
});

forEachDatabase('the log', (makeUrl) => {
  test('contains no token, key, password, HA1 or Authorization, whatever is requested and whatever fails', async () => {
    const directory = tempDirectory();
    const hooks = join(directory, 'hooks.ts');
    writeFileSync(
      hooks,
      "export default { proxy(_, { request }) { if (request.query.has('fail')) throw new Error('on purpose'); } };\n",
    );
    const before = everythingLogged().length;
    const t = await openTestApp(await makeUrl(), { RINGUP_HOOKS: hooks });
    const secrets = new Set<string>([t.adminKey, 'administrator', 'pass-word-of-user', 'pass-word-outside']);
    const remember = (...found: unknown[]) => {
      for (const each of found) if (typeof each === 'string' && each.length > 8) secrets.add(each);
    };
    const account = await t.makeAccount({ password: 'pass-word-of-user', activated: true });
    const of = `/api/accounts/${account.id}`;
    for (const token of [
      await t.makeToken(account),
      'UnknownToken0123456789',
      (await t.api('POST', `${of}/provision`)).json.provisioning_token,
    ]) {
      remember(token);
      for (const method of ['GET', 'HEAD', 'OPTIONS', 'POST', 'DELETE'] as const) {
        for (const url of [
          `/provisioning/${token}?fail`,
          `/provisioning/${token}?reset_password&fail&token=${token}`,
          `/provisioning/qrcode/${token}`,
          `/provisioning/auth_token/${token}`,
          `/nowhere/${token}`,
          `/${token}`,
          `/api/accounts/${token}`,
          `/api/accounts?search=${token}&page=${token}`,
          `/setup/${token}`,
          `/provisioning/${token}%zz`,
        ]) {
          const headers = {
            referer: `https://x.test/${token}`,
            'x-api-key': method === 'OPTIONS' ? token : t.adminKey,
          };
          await t.server.inject({ method, url, headers });
        }
      }
      await t.server.inject({ url: `/provisioning/${token}?reset_password&fail` });
      await t.server.inject({ url: `/provisioning/${token}?reset_password` });
    }
    const auth = (await t.api('POST', '/api/accounts/auth_token')).json.token;
    await t.api('GET', `/api/accounts/auth_token/${auth}/attach`);
    const fetched = await t.server.inject({ url: `/api/accounts/me/api_key/${auth}` });
    const made = await t.api('POST', `${of}/api_keys`, { name: 'named' });
    remember(auth, fetched.json().api_key, made.json.api_key);
    await t.server.inject({ url: '/api/accounts/me', headers: { cookie: `x-api-key=${made.json.api_key}` } });
    await t.server.inject({
      method: 'DELETE',
      url: '/api/accounts/me',
      headers: { cookie: `x-api-key=${made.json.api_key}` },
    });
    await t.api('POST', `${of}/external`, { username: 'x', domain: 'y.test', password: 'pass-word-outside' });
    await t.api('POST', '/api/accounts', { username: 'UPPER', password: 'pass-word-of-user' });
    await t.api('POST', '/api/accounts', '{"password":"pass-word-of-user"');
    await t.api('POST', '/api/accounts', { username: account.username, password: 'pass-word-of-user' });
    const digest = { username: account.username, password: 'pass-word-of-user', url: '/provisioning/me?fail' };
    const challenged = await t.server.inject({ url: digest.url });
    const authorization = authorize(challengesOf(challenged), digest);
    remember(authorization, /response="(\w+)"/.exec(authorization)?.[1], /nonce="([^"]+)"/.exec(authorization)?.[1]);
    await t.server.inject({ url: digest.url, headers: { authorization } });
    await requestByDigest(t.server, {
      ...digest,
      url: '/api/accounts/me/password',
      method: 'POST',
      body: { old_password: 'pass-word-of-user', password: 'pass-word-of-user' },
    });
    for (const { ha1_sha256, ha1_md5 } of await t.app.database.selectFrom('accounts').selectAll().execute()) {
      remember(ha1_sha256, ha1_md5);
    }
    const external = await t.app.database.selectFrom('external_accounts').selectAll().execute();
    for (const { ha1_sha256, ha1_md5 } of external) remember(ha1_sha256, ha1_md5);
    await t.app.database.schema.alterTable('api_keys').renameColumn('key_hash', 'other_hash').execute();
    assert.equal((await t.api('GET', '/api/accounts')).status, 500);
    for (const expected of ['on purpose', 'failed unexpectedly', '"path":"/provisioning/:token"']) {
      assert.ok(t.logged().includes(expected), `${expected} was not logged`);
    }
    // A path of ours, and names of our files in stacks, contain the password of the administrator.
    const ours = /\/administrators|[\w-]*administrator[\w-]*\.ts/g;
    const [own, all] = [t.logged(), everythingLogged().slice(before)].map((log) => log.replaceAll(ours, ''));
    for (const secret of secrets) {
      assert.ok(!own?.includes(secret), `${secret} was logged`);
      assert.ok(!all?.includes(secret), `${secret} was logged`);
    }
    await t.close();
  });
});
