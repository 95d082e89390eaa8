import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { createSpace } from '../../src/administration/create-space.ts';
import { issueSetupLink } from '../../src/administration/first-administrator.ts';
import { operator } from '../../src/events/actor.ts';
import { openTestApp, type TestApp } from '../support/app.ts';
import { dumpDatabase } from '../support/database-dump.ts';
import { forEachDatabase } from '../support/databases.ts';

const hour = 60 * 60_000;

forEachDatabase('the link that makes the first administrator', (makeUrl) => {
  let t: TestApp;
  beforeEach(async () => {
    t = await openTestApp(await makeUrl(), { RINGUP_PUBLIC_URL: 'https://ringup.example.test/phones' });
    await t.app.database.deleteFrom('accounts').execute();
  });
  afterEach(() => t.close());

  const issue = async (): Promise<string> => (await issueSetupLink(t.app)) ?? assert.fail('no link');
  const pathOf = (link: string) => new URL(link).pathname;
  const open = (link: string, method: 'GET' | 'HEAD' = 'GET') => t.server.inject({ method, url: pathOf(link) });
  const post = (link: string, fields: Record<string, string> | string, type = 'application/x-www-form-urlencoded') =>
    t.server.inject({
      method: 'POST',
      url: pathOf(link),
      headers: { 'content-type': type },
      payload: typeof fields === 'string' ? fields : new URLSearchParams(fields).toString(),
    });
  const good = { username: 'root', password: 'secret' };
  const keyIn = (page: string): string => /x-api-key: ([A-Za-z0-9]{22})/.exec(page)?.[1] ?? '';
  const accounts = async () => (await dumpDatabase(t.app.database)).accounts ?? [];

  test('shows a form at the public URL, and using it makes an administrator with an API key, once', async () => {
    const link = await issue();
    assert.match(link, /^https:\/\/ringup\.example\.test\/phones\/setup\/[A-Za-z0-9]{22}$/);
    assert.ok(!JSON.stringify(await dumpDatabase(t.app.database)).includes(link.slice(-22)));
    const before = await dumpDatabase(t.app.database);
    for (const method of ['GET', 'HEAD', 'GET'] as const) {
      const page = await open(link, method);
      assert.equal(page.statusCode, 200);
      assert.equal(page.headers['content-type'], 'text/html; charset=utf-8');
      assert.equal(page.headers['cache-control'], 'no-store');
      assert.equal(page.headers['referrer-policy'], 'no-referrer');
      if (method === 'GET') assert.match(page.body, /<form [^>]*method="post"/);
    }
    assert.deepEqual(await dumpDatabase(t.app.database), before);

    const done = await post(link, good);
    assert.equal(done.statusCode, 200);
    assert.equal(done.headers['cache-control'], 'no-store');
    const me = await t.server.inject({ url: '/api/accounts/me', headers: { 'x-api-key': keyIn(done.body) } });
    const { username, admin, activated, domain } = me.json();
    assert.deepEqual([username, admin, activated, domain], ['root', true, true, 'sip.example.test']);
    assert.equal(
      (await t.server.inject({ url: '/api/spaces', headers: { 'x-api-key': keyIn(done.body) } })).statusCode,
      200,
    );

    const after = await dumpDatabase(t.app.database);
    for (const answer of [await open(link), await post(link, { ...good, username: 'second' })]) {
      assert.equal(answer.statusCode, 404);
      assert.equal(keyIn(answer.body), '');
      assert.doesNotMatch(answer.body, /<form/);
    }
    assert.deepEqual(await dumpDatabase(t.app.database), after);
    assert.equal(await issueSetupLink(t.app), undefined);
  });

  test('of eight who use it at once exactly one becomes the administrator', async () => {
    const link = await issue();
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, index) => post(link, { ...good, username: `root${index}` })),
    );
    assert.equal(answers.filter((answer) => answer.statusCode === 200).length, 1);
    assert.equal(answers.filter((answer) => answer.statusCode === 404).length, 7);
    assert.equal((await accounts()).length, 1);
  });

  test('wrong input shows the form again with what was wrong, and leaves the link as it was', async () => {
    const link = await issue();
    const before = await dumpDatabase(t.app.database);
    for (const [fields, shown] of [
      [{ username: 'Root', password: 'secret' }, /must match/],
      [{ username: 'root', password: 'x' }, /at least 3/],
      [{ username: 'root' }, /required/],
      [{}, /required/],
      [{ ...good, admin: 'true' }, /admin is not a known field/],
      [{ ...good, domain: 'x.test' }, /domain is not a known field/],
      [{ username: '<script>alert(1)</script>', password: 'secret' }, /&lt;script&gt;|&#60;script/i],
      [{ username: 'x'.repeat(10_000), password: 'secret' }, /form/],
    ] as const) {
      const page = await post(link, fields);
      assert.equal(page.statusCode, 422, JSON.stringify(fields).slice(0, 60));
      assert.match(page.body, /<form/);
      assert.match(page.body, shown);
      assert.ok(!page.body.includes('<script>alert'));
      assert.ok(!page.body.includes('value="secret"'));
    }
    for (const [body, type, status] of [
      ['{"username":"root","password":"secret"}', 'text/plain', 415],
      ['{"username":"root","password":"secret"}', 'application/json', 415],
      [`username=root&password=${'x'.repeat(2_000_000)}`, undefined, 413],
    ] as const) {
      assert.equal((await post(link, body, type)).statusCode, status, body.slice(0, 30));
    }
    assert.deepEqual(await dumpDatabase(t.app.database), before);
    assert.equal((await post(link, good)).statusCode, 200);
  });

  test('makes an administrator of the first super space, with the password that this space asks for', async () => {
    const domain = 'super.example.test';
    await createSpace(t.app, operator, { domain, super: true, password_min_length: 9 });
    await t.setSpace({ super: false });
    const link = await issue();
    const form = (await open(link)).body;
    assert.match(form, /@super\.example\.test/);
    assert.match(form, /minlength="9"/);
    const refused = await post(link, good);
    assert.equal(refused.statusCode, 422);
    assert.match(refused.body, /minlength="9"/);
    const done = await post(link, { ...good, password: 'long secret' });
    assert.equal(done.statusCode, 200);
    const me = await t.server.inject({ url: '/api/spaces', headers: { 'x-api-key': keyIn(done.body) } });
    assert.equal(me.statusCode, 200);
    assert.equal(await issueSetupLink(t.app), undefined);
  });

  test('a newer link ends the older one', async () => {
    const [older, newer] = [await issue(), await issue()];
    assert.equal((await open(older)).statusCode, 404);
    assert.equal((await post(older, good)).statusCode, 404);
    assert.equal((await accounts()).length, 0);
    assert.equal((await post(newer, good)).statusCode, 200);
  });

  test('it lives for 24 hours', async () => {
    const link = await issue();
    t.advance(24 * hour - 1_000);
    assert.equal((await open(link)).statusCode, 200);
    t.advance(1_000);
    assert.equal((await open(link)).statusCode, 404);
    assert.equal((await post(link, good)).statusCode, 404);
  });

  test('it is over as soon as there is an administrator who can sign in, however that came about', async () => {
    const link = await issue();
    await t.makeAccount({ admin: true });
    assert.equal((await open(link)).statusCode, 200);
    await t.makeAccount({ admin: true, activated: true });
    assert.equal((await open(link)).statusCode, 404);
    assert.equal((await post(link, good)).statusCode, 404);
    assert.equal(await issueSetupLink(t.app), undefined);
  });

  test('an unknown link shows no form', async () => {
    await issue();
    const provisioning = await t.makeToken(await t.makeAccount());
    for (const token of ['x', provisioning, '%00', 'x'.repeat(10_000)]) {
      const url = `/setup/${token}`;
      assert.equal((await t.server.inject({ url })).statusCode, 404, token.slice(0, 30));
      const answer = await t.server.inject({
        method: 'POST',
        url,
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        payload: 'username=root&password=secret',
      });
      assert.equal(answer.statusCode, 404, token.slice(0, 30));
    }
    assert.equal((await accounts()).length, 1);
  });
});
