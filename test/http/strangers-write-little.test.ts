import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Account } from '../../src/accounts/account.ts';
import { issueSetupLink } from '../../src/administration/first-administrator.ts';
import { issueLoginLink } from '../../src/administration/login-link.ts';
import { operator } from '../../src/events/actor.ts';
import type { Route } from '../../src/http/route.ts';
import { facesOf, routesOf } from '../../src/server.ts';
import { openTestApp, type TestApp } from '../support/app.ts';
import { countWrites } from '../support/count-writes.ts';
import { forEachDatabase } from '../support/databases.ts';
import { sameOrigin } from '../support/panel.ts';
import { modern } from '../support/phone.ts';

const requests = 150;
/** Jobs and batches write too. */
const others = 25;

interface Hostile {
  /** What stands in the path in place of its parameter: what a stranger may have got hold of. */
  readonly secrets?: readonly string[];
  readonly fields?: Readonly<Record<string, string>>;
  /** How many more changes may be made, where each stranger may make some. */
  readonly changes?: number;
}

const form = { ...sameOrigin, 'content-type': 'application/x-www-form-urlencoded' };
const open = routesOf(facesOf('')).filter(({ caller }) => caller === 'anyone');
const nameOf = ({ method, path }: Route) => `${method} ${path}`;

forEachDatabase('the routes that strangers may call', (makeUrl) => {
  let t: TestApp;
  let account: Account;
  let hostile: Readonly<Record<string, Hostile>>;
  before(async () => {
    const mail = { RINGUP_SMTP_URL: 'smtp://127.0.0.1:9', RINGUP_MAIL_FROM: 'phones@example.test' };
    t = await openTestApp(await makeUrl(), mail);
    await t.app.outbox.close(AbortSignal.timeout(1));
    account = await t.makeAccount({ email: 'known@example.test', activated: true });
    hostile = await hostileRequests(t, account);
  });
  after(() => t.close());

  test('are all covered by the hostile requests of this file', () => {
    const names = open.map(nameOf);
    for (const name of Object.keys(hostile)) assert.ok(names.includes(name), name);
    const changing = open.filter(({ changes }) => changes).map(nameOf);
    assert.deepEqual(
      changing.filter((name) => !(name in hostile)),
      [],
      'they have no hostile request',
    );
  });

  for (const route of open) {
    test(`write little for ${nameOf(route)}, however often it is called`, async () => {
      const { secrets = ['x'.repeat(22)], fields, changes = 0 } = hostile[nameOf(route)] ?? {};
      const ask = (index: number) =>
        t.server.inject({
          method: route.method,
          url: route.path.replace(/:\w+/, secrets[index % secrets.length] ?? ''),
          ...(route.endpoint.live === true ? { signal: AbortSignal.timeout(1) } : {}),
          headers: fields === undefined ? modern : form,
          ...(fields === undefined ? {} : { payload: new URLSearchParams(fields).toString() }),
        });
      const writes = countWrites(t.app.database);
      await Promise.allSettled(Array.from({ length: requests }, (_, index) => ask(index)));
      await Promise.all([t.app.passwordResets.flush(), t.app.events.flush()]);
      const count = writes.count();
      writes.stop();
      assert.ok(count <= others + changes, `${count} writes`);
    });
  }
});

/**
 * What strangers send at worst: names that exist, and links, codes and tokens that are not valid any more or not yet.
 */
async function hostileRequests(t: TestApp, account: Account): Promise<Readonly<Record<string, Hostile>>> {
  const blocked = await t.makeAccount({ activated: true });
  const links = [];
  for (const each of [account, blocked]) {
    const { url } = await issueLoginLink(t.app, operator, { account: each, space: t.app.spaces.first });
    links.push(url.slice(-22));
  }
  await t.api('POST', `/api/accounts/${blocked.id}/block`);
  await t.server.inject({ method: 'POST', url: `/login/link/${links[0]}`, headers: sameOrigin });
  const used = await t.makeToken(account);
  await t.server.inject({ url: `/provisioning/${used}`, headers: modern });
  const codes = [used, await t.makeToken(account, -1)];
  const unattached = (await t.server.inject({ method: 'POST', url: '/api/accounts/auth_token' })).json().token;
  const unknown = 'x'.repeat(22);
  assert.equal(await issueSetupLink(t.app), undefined);
  const { username } = account;
  return {
    'POST /setup/:token': { fields: { step: 'administrator', username: 'root', password: 'correct-horse' } },
    'POST /login': { fields: { username, password: 'wrong' } },
    'POST /login/link/:token': { secrets: [...links, unknown], fields: {} },
    // An account gets three in an hour.
    'POST /login/forgotten': { fields: { username }, changes: 3 * 5 },
    'POST /login/reset/:token': { fields: { password: 'correct-horse' } },
    // A network has a hundred at once.
    'POST /api/accounts/auth_token': { changes: 100 },
    'GET /api/accounts/me/api_key/:authToken': { secrets: [unattached, unknown] },
    'GET /provisioning/:token': { secrets: codes },
    'HEAD /provisioning/:token': { secrets: codes },
    'GET /provisioning/qrcode/:token': { secrets: codes },
    'GET /provisioning/auth_token/:authToken': { secrets: [unattached, unknown] },
  };
}
