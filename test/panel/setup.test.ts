import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { createSpace } from '../../src/administration/create-space.ts';
import { issueSetupLink } from '../../src/administration/first-administrator.ts';
import { operator } from '../../src/events/actor.ts';
import { openTestApp, type TestApp } from '../support/app.ts';
import { dumpDatabase } from '../support/database-dump.ts';
import { forEachDatabase } from '../support/databases.ts';
import { requestByDigest } from '../support/digest-request.ts';
import { attributeOf, textOf } from '../support/html.ts';
import { fiveCharacters } from '../support/panel.ts';
import { okTo, startSipServer } from '../support/sip-server.ts';

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
  const good = { username: 'root', password: 'long secret' };
  const cookieOf = (answer: Awaited<ReturnType<typeof post>>): string =>
    answer.cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
  const accounts = async () => (await dumpDatabase(t.app.database)).accounts ?? [];

  test('shows a form at the public URL that creates an administrator, who is then signed in, once', async () => {
    const link = await issue();
    assert.match(link, /^https:\/\/ringup\.example\.test\/phones\/setup\/[A-Za-z0-9]{22}$/);
    assert.ok(!JSON.stringify(await dumpDatabase(t.app.database)).includes(link.slice(-22)));
    const before = await dumpDatabase(t.app.database);
    for (const method of ['GET', 'HEAD', 'GET'] as const) {
      const page = await open(link, method);
      assert.equal(page.statusCode, 200);
      assert.equal(page.headers['content-type'], 'text/html; charset=utf-8');
      assert.equal(page.headers['cache-control'], 'no-store');
      assert.equal(page.headers['referrer-policy'], 'same-origin');
      if (method === 'GET') assert.match(page.body, /<form [^>]*method="post"/);
    }
    assert.deepEqual(await dumpDatabase(t.app.database), before);

    const done = await post(link, good);
    assert.deepEqual([done.statusCode, done.headers.location], [303, '/phones/admin/welcome']);
    assert.equal(done.headers['cache-control'], 'no-store');
    const headers = { cookie: cookieOf(done) };
    const me = await t.server.inject({ url: '/api/accounts/me', headers });
    const { username, admin, activated, domain } = me.json();
    assert.deepEqual([username, admin, activated, domain], ['root', true, true, 'sip.example.test']);
    assert.equal((await t.server.inject({ url: '/api/spaces', headers })).statusCode, 200);
    assert.deepEqual((await dumpDatabase(t.app.database)).api_keys, []);

    const after = await dumpDatabase(t.app.database);
    for (const answer of [await open(link), await post(link, { ...good, username: 'second' })]) {
      assert.equal(answer.statusCode, 404);
      assert.equal(cookieOf(answer), '');
      assert.doesNotMatch(answer.body, /<form/);
    }
    assert.deepEqual(await dumpDatabase(t.app.database), after);
    assert.equal(await issueSetupLink(t.app), undefined);
  });

  test('leads on if the last button is clicked twice, but only the browser that is signed in', async () => {
    const link = await issue();
    const cookie = cookieOf(await post(link, good));
    const stored = await accounts();
    const payload = new URLSearchParams({ ...good, username: 'second' }).toString();
    const send = (headers: Record<string, string>) =>
      t.server.inject({ method: 'POST', url: pathOf(link), headers, payload });
    const headers = { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' };
    const again = await send({ ...headers, cookie });
    assert.deepEqual([again.statusCode, again.headers.location], [303, '/phones/admin/welcome']);
    assert.equal(cookieOf(again), '');
    assert.equal((await send(headers)).statusCode, 404);
    assert.equal((await send({ ...headers, 'sec-fetch-site': 'cross-site', cookie })).statusCode, 403);
    assert.deepEqual(await accounts(), stored);
  });

  test('works for exactly one of eight people who use it at once', async () => {
    const link = await issue();
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, index) => post(link, { ...good, username: `root${index}` })),
    );
    assert.equal(answers.filter((answer) => answer.statusCode === 303).length, 1);
    assert.equal(answers.filter((answer) => answer.statusCode === 404).length, 7);
    assert.equal((await accounts()).length, 1);
  });

  test('shows the form again after wrong input, with the mistakes, and stays valid', async () => {
    const link = await issue();
    const before = await dumpDatabase(t.app.database);
    for (const [fields, shown] of [
      [{ username: 'Root', password: 'secret' }, /Use only small letters/],
      [{ username: 'root', password: 'nine char' }, /at least 10/],
      [{ username: 'root', password: fiveCharacters }, /at least 10/],
      [{ username: 'root' }, /Fill this in/],
      [{}, /id="domain-mistake"[\s\S]*Fill this in/],
      [{ ...good, admin: 'true' }, /admin – This form has no such field/],
      [{ ...good, domain: 'https://example.com' }, /Write only the domain, which stands after the @/],
      [{ ...good, domain: 'x_y' }, /only letters, digits, dots and hyphens/],
      // A Kelvin sign is not silently a k.
      [{ ...good, domain: 'sip.\u212Aelvin.test' }, /Write it as sip\.kelvin\.test/],
      [{ ...good, registrar: 'pbx.example.com' }, /Begin with “sip:”/],
      [{ ...good, step: 'last' }, /<li>step – [^<]+<\/li>/],
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
    assert.equal((await post(link, good)).statusCode, 303);
  });

  test('creates an administrator of the first super space, by its rules for passwords', async () => {
    const domain = 'super.example.test';
    await createSpace(t.app, operator, { domain, super: true, password_min_length: 12 });
    await t.setSpace({ super: false });
    const link = await issue();
    const form = (await open(link)).body;
    assert.match(form, /value="super\.example\.test"/);
    const refused = await post(link, good);
    assert.equal(refused.statusCode, 422);
    assert.match(refused.body, /minlength="12"/);
    const done = await post(link, { ...good, password: 'longer secret' });
    assert.equal(done.statusCode, 303);
    const me = await t.server.inject({ url: '/api/spaces', headers: { cookie: cookieOf(done) } });
    assert.equal(me.statusCode, 200);
    assert.equal(await issueSetupLink(t.app), undefined);
  });

  test('is ended by a newer link', async () => {
    const [older, newer] = [await issue(), await issue()];
    assert.equal((await open(older)).statusCode, 404);
    assert.equal((await post(older, good)).statusCode, 404);
    assert.equal((await accounts()).length, 0);
    assert.equal((await post(newer, good)).statusCode, 303);
  });

  test('expires after 24 hours', async () => {
    const link = await issue();
    t.advance(24 * hour - 1_000);
    assert.equal((await open(link)).statusCode, 200);
    t.advance(1_000);
    assert.equal((await open(link)).statusCode, 404);
    assert.equal((await post(link, good)).statusCode, 404);
  });

  test('ends as soon as there is an administrator who can sign in, however created', async () => {
    const link = await issue();
    await t.makeAccount({ admin: true });
    assert.equal((await open(link)).statusCode, 200);
    await t.makeAccount({ admin: true, activated: true });
    assert.equal((await open(link)).statusCode, 404);
    assert.equal((await post(link, good)).statusCode, 404);
    assert.equal(await issueSetupLink(t.app), undefined);
  });

  test('shows no form if it is unknown', async () => {
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

  const step = (link: string, name: string, fields: Record<string, string>) => post(link, { step: name, ...fields });
  const isStep = (page: string, name: string) => assert.match(page, new RegExp(`name="step" value="${name}"`));
  const firstSpace = () => t.app.spaces.first;

  test('asks for domain, registrar and administrator in three steps, and stores all of it with the last', async () => {
    const link = await issue();
    const before = await dumpDatabase(t.app.database);
    isStep((await open(link)).body, 'domain');
    const second = await step(link, 'domain', { domain: ' SIP.example.com ' });
    assert.equal(second.statusCode, 200);
    isStep(second.body, 'registrar');
    assert.match(second.body, /name="domain" value="sip\.example\.com"/);
    const registrar = 'sip:pbx.example.com;transport=tcp';
    const third = await step(link, 'registrar', { domain: 'sip.example.com', registrar });
    isStep(third.body, 'administrator');
    assert.equal(attributeOf(third.body, /name="registrar"/, 'value'), registrar);
    assert.deepEqual(await dumpDatabase(t.app.database), before);

    const done = await step(link, 'administrator', { domain: 'sip.example.com', registrar, ...good });
    assert.equal(done.statusCode, 303);
    assert.deepEqual([firstSpace().domain, firstSpace().registrar], ['sip.example.com', registrar]);
    const signIn = { method: 'GET', url: '/api/accounts/me', headers: { from: 'sip:root@sip.example.com' } } as const;
    const me = await requestByDigest(t.server, { ...signIn, username: 'root', password: 'long secret' });
    assert.equal(me.json().sip_uri, 'sip:root@sip.example.com');
    assert.equal((await open(link)).statusCode, 404);
  });

  test('drops spaces around what was typed, except in the password', async () => {
    const password = ' long secret ';
    const bare = await step(await issue(), 'registrar', { domain: 'sip.example.com', registrar: '10.0.0.5' });
    assert.equal(attributeOf(bare.body, /name="registrar"/, 'value'), 'sip:10.0.0.5');
    await post(await issue(), { domain: ' SIP.example.com ', registrar: ' ', username: ' root ', password });
    assert.deepEqual([firstSpace().domain, firstSpace().registrar], ['sip.example.com', null]);
    const signIn = { url: '/api/accounts/me', headers: { from: 'sip:root@sip.example.com' }, username: 'root' };
    for (const [typed, status] of [
      [password, 200],
      [password.trim(), 401],
    ] as const) {
      assert.equal((await requestByDigest(t.server, { ...signIn, password: typed })).statusCode, status);
    }
  });

  test('completes the setup in one request with all four fields, even with the registrar at the domain itself', async () => {
    await t.setSpace({ registrar: 'sip:old.example.test' });
    const done = await post(await issue(), { domain: 'sip.example.com', registrar: '', ...good });
    assert.equal(done.statusCode, 303);
    assert.deepEqual([firstSpace().domain, firstSpace().registrar], ['sip.example.com', null]);
  });

  test('keeps the registrar if that step is postponed', async () => {
    await t.setSpace({ registrar: 'sip:old.example.test' });
    const link = await issue();
    const third = await step(link, 'registrar', { domain: 'sip.example.com', registrar: 'sip:x y', action: 'later' });
    assert.equal(third.statusCode, 200);
    isStep(third.body, 'administrator');
    assert.doesNotMatch(third.body, /name="registrar"/);
    await step(link, 'administrator', { domain: 'sip.example.com', ...good });
    assert.equal(firstSpace().registrar, 'sip:old.example.test');
  });

  test('going back keeps what was typed, both valid and invalid', async () => {
    const link = await issue();
    const typed = { domain: 'a b', registrar: 'x', username: 'root' };
    for (const [from, to] of [
      ['administrator', 'registrar'],
      ['registrar', 'domain'],
    ] as const) {
      const page = await step(link, from, { ...typed, password: 'secret', action: 'back' });
      assert.equal(page.statusCode, 200);
      isStep(page.body, to);
      for (const value of Object.values(typed)) assert.ok(page.body.includes(`value="${value}"`), value);
      assert.ok(!page.body.includes('secret'));
    }
  });

  test('goes back to the step of what is wrong, and keeps the rest', async () => {
    const link = await issue();
    for (const [wrong, to] of [
      [{ domain: 'a b', registrar: 'x', username: 'Root' }, 'domain'],
      [{ domain: 'sip.example.com', registrar: 'x', username: 'Root' }, 'registrar'],
      [{ domain: 'sip.example.com', registrar: 'sip:pbx.test', username: 'Root' }, 'administrator'],
    ] as const) {
      const page = await step(link, 'administrator', { ...wrong, password: 'secret' });
      assert.equal(page.statusCode, 422);
      isStep(page.body, to);
      assert.match(
        page.body,
        new RegExp(`<input id="${to === 'administrator' ? 'username' : to}"[^>]* aria-invalid="true"`),
      );
      for (const value of Object.values(wrong)) assert.ok(page.body.includes(`value="${value}"`), value);
    }
  });

  test('names the mistakes of all steps at once', async () => {
    const link = await issue();
    const wrong = { domain: 'a b', registrar: 'x', username: 'Root', password: 'secret' };
    const page = await step(link, 'administrator', wrong);
    isStep(page.body, 'domain');
    const told = textOf(page.body);
    assert.match(told, /4 things to put right/);
    for (const name of ['SIP domain', 'SIP server \\(registrar\\)', 'User name', 'Password']) {
      assert.match(told, new RegExp(`${name} – `));
    }
    const two = await step(link, 'registrar', { domain: 'a b', registrar: 'x', action: 'check' });
    assert.match(textOf(two.body), /2 things to put right/);
    const empty = textOf((await step(link, 'administrator', { username: '', password: 'short' })).body);
    assert.match(empty, /2 things to put right User name – Fill this in\. Password – .*at least 10/);
    assert.doesNotMatch(empty, /Type it again/);
    const lost = await step(link, 'administrator', { ...good, username: 'Root' });
    assert.match(textOf(lost.body), /Password At least 10 characters\. .* Type it again: passwords are not kept/);
    const nothing = textOf((await step(link, 'administrator', {})).body);
    assert.match(nothing, /2 things to put right User name – Fill this in\. Password – Fill this in\./);
  });

  test('says that a domain is taken, and that one in use stays', async () => {
    await createSpace(t.app, operator, { domain: 'two.example.test' });
    const link = await issue();
    const taken = await post(link, { domain: 'two.example.test', ...good });
    assert.equal(taken.statusCode, 422);
    assert.match(taken.body, /is taken by another space/);
    await t.server.inject({ url: `/provisioning/${await t.makeToken(await t.makeAccount())}` });
    const inUse = await post(link, { domain: 'sip.example.com', ...good });
    assert.equal(inUse.statusCode, 422);
    isStep(inUse.body, 'domain');
    assert.match(inUse.body, /can no longer be changed/);
    assert.equal((await post(link, good)).statusCode, 303);
  });

  test('says how many passwords the new domain ended', async () => {
    await t.makeAccount();
    const done = await post(await issue(), { domain: 'sip.example.com', ...good });
    assert.equal(done.headers.location, '/phones/admin/welcome?ended=1');
    const page = await t.server.inject({ url: '/admin/welcome?ended=1', headers: { cookie: cookieOf(done) } });
    assert.match(textOf(page.body), /The new domain ended the password of 1 account\./);
  });

  test('accepts no form from a page of another site', async () => {
    const link = await issue();
    for (const headers of [{ origin: 'https://evil.test' }, { origin: 'null' }, { 'sec-fetch-site': 'cross-site' }]) {
      const type = { 'content-type': 'application/x-www-form-urlencoded' };
      const payload = new URLSearchParams(good).toString();
      const answer = await t.server.inject({
        method: 'POST',
        url: pathOf(link),
        headers: { ...type, ...headers },
        payload,
      });
      assert.equal(answer.statusCode, 403);
    }
    assert.equal((await accounts()).length, 0);
  });

  test('stores the answers of exactly one of eight people who finish at once with different domains', async () => {
    const link = await issue();
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        post(link, { domain: `d${index}.test`, registrar: `sip:r${index}.test`, ...good }),
      ),
    );
    const winner = answers.findIndex(({ statusCode }) => statusCode === 303);
    assert.deepEqual(answers.map(({ statusCode }) => statusCode).sort(), [303, ...Array(7).fill(404)]);
    assert.deepEqual([firstSpace().domain, firstSpace().registrar], [`d${winner}.test`, `sip:r${winner}.test`]);
  });

  test('asks the registrar, and shows what it says of itself without obeying it', async () => {
    const server = await startSipServer('udp', (request) => okTo(request, '<script>alert(1)</script>'));
    const link = await issue();
    const before = await dumpDatabase(t.app.database);
    const fields = {
      domain: 'sip.example.com',
      registrar: `sip:127.0.0.1:${server.port};transport=udp`,
      action: 'check',
    };
    const page = await post(link, fields);
    await server.stop();
    assert.equal(page.statusCode, 200);
    isStep(page.body, 'registrar');
    assert.match(textOf(page.body), /The server answers: 200 OK\. It says it is "<script>alert\(1\)<\/script>"\./);
    assert.doesNotMatch(page.body, /<script(?! src=)/);
    assert.equal(attributeOf(page.body, /id="registrar"/, 'value'), fields.registrar);
    assert.match(server.requests[0] ?? '', /^OPTIONS .*\r\nFrom: <sip:sip\.example\.com>/s);
    assert.deepEqual(await dumpDatabase(t.app.database), before);
  });

  test('sends nothing to the registrar for an unknown link or an invalid address', async () => {
    const server = await startSipServer('udp');
    const link = await issue();
    const registrar = `sip:127.0.0.1:${server.port};transport=udp`;
    for (const path of ['x', '%00', `${link.slice(-22, -1)}_`]) {
      const answer = await post(`https://ringup.example.test/phones/setup/${path}`, {
        domain: 'a.test',
        registrar,
        action: 'check',
      });
      assert.equal(answer.statusCode, 404);
    }
    for (const wrong of [`127.0.0.1:${server.port}`, `${registrar}\r\nX: y`, `sip:a@127.0.0.1:${server.port}`]) {
      assert.equal((await post(link, { domain: 'a.test', registrar: wrong, action: 'check' })).statusCode, 422, wrong);
    }
    await post(link, good);
    assert.equal((await post(link, { domain: 'a.test', registrar, action: 'check' })).statusCode, 404);
    assert.deepEqual(server.requests, []);
    await server.stop();
  });
});

forEachDatabase('the setup with a domain from the settings', (makeUrl) => {
  test('neither asks for the domain nor changes it', async () => {
    const t = await openTestApp(await makeUrl(), { RINGUP_SIP_DOMAIN: 'sip.example.test' });
    await t.app.database.deleteFrom('accounts').execute();
    const url = new URL((await issueSetupLink(t.app)) ?? assert.fail()).pathname;
    const post = (fields: Record<string, string>) =>
      t.server.inject({
        method: 'POST',
        url,
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        payload: new URLSearchParams(fields).toString(),
      });
    assert.match((await t.server.inject(url)).body, /<input id="domain"[^>]* readonly/);
    const account = { username: 'root', password: 'long secret' };
    const refused = await post({ domain: 'sip.example.com', ...account });
    assert.equal(refused.statusCode, 422);
    assert.match(textOf(refused.body), /The domain is sip\.example\.test: RINGUP_SIP_DOMAIN sets it\./);
    assert.equal((await post({ domain: 'sip.example.test', registrar: '', ...account })).statusCode, 303);
    await t.close();
  });
});
