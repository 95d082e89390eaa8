import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openTestApp, type TestApp } from '../support/app.ts';
import { dumpDatabase } from '../support/database-dump.ts';
import { forEachDatabase } from '../support/databases.ts';
import { attributeOf } from '../support/html.ts';

const chromium = 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8';

/** What the page depends on. */
const vary = 'Accept, Accept-Language, User-Agent';

forEachDatabase('a browser that opens a provisioning address', (makeUrl) => {
  let t: TestApp;
  let token: string;
  before(async () => {
    t = await openTestApp(await makeUrl());
    token = await t.makeToken(await t.makeAccount());
  });
  after(() => t.close());

  const open = (path: string, accept = chromium, method: 'GET' | 'HEAD' = 'GET') =>
    t.server.inject({ method, url: `/provisioning/${path}`, headers: { accept } });

  for (const accept of [chromium, 'text/html', 'TEXT/HTML;q=0.1', 'application/json, text/html']) {
    test(`sees a page with code, link and address, if it sends Accept: ${accept.slice(0, 30)}`, async () => {
      const page = await open(token, accept);
      const address = `https://ringup.example.test/provisioning/${token}`;
      assert.equal(page.statusCode, 200);
      assert.equal(page.headers['content-type'], 'text/html; charset=utf-8');
      assert.equal(page.headers['referrer-policy'], 'no-referrer');
      assert.equal(page.headers.vary, vary);
      assert.equal(page.headers['cache-control'], 'no-store');
      assert.equal(page.headers['set-cookie'], undefined);
      assert.match(page.body, /<img [^>]*src="data:image\/svg\+xml;base64,/);
      assert.ok(page.body.includes(`href="linphone-config:${address}"`));
      assert.ok(page.body.split(address).length > 2, 'the address stands there to copy');
    });
  }

  for (const accept of ['*/*', 'application/xml', 'text/vcard', '']) {
    test(`is not recognized by Accept: ${accept || 'nothing'}`, async () => {
      assert.equal((await open('unknown', accept)).headers['content-type'], 'application/xml');
    });
  }

  test('is told if the account has no room for another phone', async () => {
    await t.setSpace({ max_devices: 1 });
    const account = await t.makeAccount();
    const fetched = await t.server.inject({ url: `/provisioning/${await t.makeToken(account)}` });
    assert.equal(fetched.statusCode, 200);
    const page = await open(await t.makeToken(account));
    await t.setSpace({ max_devices: 0 });
    assert.match(page.body, /<h1>No room for another phone<\/h1>/);
    assert.doesNotMatch(page.body, /linphone-config:|<img/);
  });

  test('gets the query in the code, the link and the address', async () => {
    const page = await open(`${token}?reset_password=1&x=%22%3E%3Cscript%3E`);
    assert.equal(
      attributeOf(page.body, /class="button"/, 'href'),
      `linphone-config:https://ringup.example.test/provisioning/${token}?reset_password=1&x=%22%3E%3Cscript%3E`,
    );
  });

  test('reads the language of the browser or the one it asks for, which is not kept and no part of the code', async () => {
    const french = { accept: chromium, 'accept-language': 'fr-FR,fr;q=0.9', cookie: 'ringup_language=en' };
    const page = await t.server.inject({ url: `/provisioning/${token}`, headers: french });
    assert.match(page.body, /<html lang="fr">/);
    const english = await t.server.inject({ url: `/provisioning/${token}?lang=en&x=1`, headers: french });
    assert.match(english.body, /<html lang="en">/);
    assert.equal(english.headers['set-cookie'], undefined);
    assert.equal(
      attributeOf(english.body, /class="button"/, 'href'),
      `linphone-config:https://ringup.example.test/provisioning/${token}?x=1`,
    );
  });

  test('sees no name once a phone has fetched the account', async () => {
    const account = await t.makeAccount({ display_name: 'Amélie Dufour' });
    const used = await t.makeToken(account);
    assert.match((await open(used)).body, /For <bdi>Amélie D\.<\/bdi>/);
    await t.server.inject({ url: `/provisioning/${used}` });
    assert.doesNotMatch((await open(used)).body, /Amélie|D\./);
    const scanned = { 'user-agent': 'WhatsApp/2' };
    const preview = await t.server.inject({ url: `/provisioning/${await t.makeToken(account)}`, headers: scanned });
    assert.doesNotMatch(preview.body, /Amélie/);
  });

  test('sees markup in the query as text', async () => {
    const page = await open(`${token}?"><script>alert(1)</script>`);
    assert.ok(!page.body.includes('<script>alert'));
  });

  test('is refused in one line if the query is too long for a code', async () => {
    const page = await open(`${token}?x=${'y'.repeat(5_000)}`);
    assert.equal(page.statusCode, 422);
    assert.match(page.body, /^[^\n]{1,200}\n$/);
  });

  test('sees the page without a code if the token is not valid, and how to get a new one', async () => {
    const used = await t.makeToken(await t.makeAccount());
    await t.server.inject({ url: `/provisioning/${used}` });
    const unknown = await open('unknown');
    for (const page of [unknown, await open(used), await open(`${used}?reset_password`), await open(`${token}%00`)]) {
      assert.equal(page.statusCode, 200);
      assert.equal(page.headers.vary, vary);
      assert.equal(page.headers['referrer-policy'], 'no-referrer');
      assert.ok(!page.body.includes('linphone-config:'));
      assert.ok(!page.body.includes('<img'));
      assert.equal(page.body, unknown.body);
    }
  });

  test('sees the configuration at /provisioning, as a phone does', async () => {
    const answer = await t.server.inject({ url: '/provisioning', headers: { accept: chromium } });
    assert.equal(answer.headers['content-type'], 'application/xml');
  });

  test('uses nothing up, not even with HEAD', async () => {
    const before = await dumpDatabase(t.app.database);
    await open(`${token}?reset_password`);
    const head = await open(token, chromium, 'HEAD');
    assert.equal(head.statusCode, 200);
    assert.equal(head.headers['content-type'], 'text/html; charset=utf-8');
    assert.equal(head.headers.vary, vary);
    assert.equal(head.body, '');
    assert.deepEqual(await dumpDatabase(t.app.database), before);
    assert.match((await t.server.inject({ url: `/provisioning/${token}` })).body, /auth_info_0/);
  });

  test('loads nothing that is not part of the page', async () => {
    const policy = String((await open(token)).headers['content-security-policy']);
    assert.match(policy, /default-src 'none'/);
    assert.match(policy, /frame-ancestors 'none'/);
    assert.match(policy, /base-uri 'none'/);
    assert.doesNotMatch(policy, /https?:|\*/);
  });
});
