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

  test('declares its caller, and the one that was decided on', () => {
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

  for (const route of routes.filter(({ caller }) => caller !== 'anyone')) {
    const { method, path, caller } = route;
    const isForDevices = route.endpoint.forDevices === true;
    const lower = order.slice(0, order.indexOf(caller as (typeof order)[number]));

    test(`${method} ${path} refuses all but ${caller}, before it looks at anything`, async () => {
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
    test(`${method} ${path} lets ${caller} in`, async () => {
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

  test('only the document of the own account is for devices', () => {
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

  test('of the setup link makes nobody an administrator', async () => {
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
  test('holds no token, key, password, HA1 or Authorization, whatever is asked and whatever fails', async () => {
    const directory = tempDirectory();
    const hooks = join(directory, 'hooks.ts');
    writeFileSync(
      hooks,
      "export default { proxy(_, { request }) { if (request.query.has('fail')) throw new Error('on purpose'); } };\n",
    );
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
    remember(auth, fetched.body, made.json.api_key);
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
    await t.app.database.schema.dropTable('api_keys').execute();
    assert.equal((await t.api('GET', '/api/accounts')).status, 500);
    for (const expected of ['on purpose', 'failed unexpectedly', '"path":"/provisioning/:token"']) {
      assert.ok(t.logged().includes(expected), `${expected} was not logged`);
    }
    for (const secret of secrets) {
      assert.ok(!t.logged().includes(secret), `${secret} was logged`);
      assert.ok(!everythingLogged().includes(secret), `${secret} was logged`);
    }
    await t.close();
  });
});
