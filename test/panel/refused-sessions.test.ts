import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { apiRoutes } from '../../src/api/routes.ts';
import { panelRoutes } from '../../src/panel/routes.ts';
import { openTestApp, type TestApp } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';
import { fiveCharacters, type PanelBrowser, panelBrowser, sameOrigin } from '../support/panel.ts';

forEachDatabase('a stolen session', (makeUrl) => {
  let t: TestApp;
  let browser: PanelBrowser;
  before(async () => {
    t = await openTestApp(await makeUrl());
  });
  after(() => t.close());

  const cookieOf = (of: PanelBrowser) => [...of.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  const send = async (url: string, body: object) => {
    const headers = { ...sameOrigin, cookie: cookieOf(browser), 'content-type': 'application/json' };
    return (await t.server.inject({ method: 'POST', url, headers, payload: JSON.stringify(body) })).statusCode;
  };

  test('cannot guess the old password', async () => {
    const { username } = await t.makeAccount({ activated: true, password: 'the old one' });
    browser = panelBrowser(t);
    await browser.signIn(username, 'the old one');
    const guess = () => send('/api/accounts/me/password', { old_password: 'a guess', password: 'a new one' });
    for (let count = 0; count < 5; count += 1) assert.equal(await guess(), 422);
    assert.equal(await guess(), 429);
    const guessOnPage = (old: string) =>
      browser.post('/account/password', { old_password: old, password: 'a new one' });
    for (let count = 0; count < 5; count += 1) assert.equal((await guessOnPage('a guess')).status, 422);
    const { status, html } = await guessOnPage('the old one');
    assert.equal(status, 429);
    assert.match(html, /<input id="old_password"[^>]* aria-invalid="true"/);
    assert.match(html, /Try again in \d+ seconds/);
  });

  test('cannot guess the password that a form asks for again, and the form keeps what was typed', async () => {
    const domain = `guessed-${t.app.now()}.example.test`;
    await t.api('POST', '/api/spaces', { domain });
    browser = panelBrowser(t, '192.0.2.77');
    await browser.signIn('admin', 'administrator');
    t.advance(10 * 60_000);
    const remove = (current_password: string) =>
      browser.post(`/admin/spaces/${domain}/delete`, { domain, current_password });
    for (let count = 0; count < 5; count += 1) assert.equal((await remove('a guess')).status, 422);
    const { status, html } = await remove('administrator');
    assert.equal(status, 429, html);
    assert.match(html, /<input id="current_password"[^>]* aria-invalid="true"/);
    assert.match(html, new RegExp(`value="${domain}"`));
    assert.match(html, /Try again in \d+ seconds/);
    assert.equal((await browser.get(`/admin/spaces/${domain}`)).status, 200);
  });

  test('can only sign out if users have no pages of their own', async () => {
    const { username } = await t.makeAccount({ activated: true, password: 'the old one' });
    browser = panelBrowser(t);
    await browser.signIn(username, 'the old one');
    const before = { cookie: cookieOf(browser), ...sameOrigin };
    await t.setSpace({ self_service: false });
    const own = [...panelRoutes, ...apiRoutes].filter(({ caller }) => caller === 'holder' || caller === 'user');
    assert.ok(own.length > 15);
    for (const { method, path, changes } of own.filter((each) => each.path !== '/logout')) {
      const url = path.replaceAll(/:\w+/g, '1');
      const payload = method === 'GET' ? {} : { payload: {} };
      const headers = { ...before, accept: 'application/json', 'content-type': 'application/json' };
      const form = { ...before, 'content-type': 'application/x-www-form-urlencoded' };
      const isPage = !path.startsWith('/api');
      const { statusCode } = await t.server.inject({
        method,
        url,
        headers: isPage ? form : headers,
        ...(isPage ? {} : payload),
      });
      // A link in a mail could have such a GET done, so it takes no session at all.
      assert.equal(statusCode, changes && method === 'GET' ? 401 : 403, `${method} ${path}`);
    }
    const phone = await t.server.inject({ url: '/provisioning/me', headers: before });
    assert.ok([401, 403].includes(phone.statusCode), `/provisioning/me ${phone.statusCode}`);
    await t.setSpace({ self_service: true });
    assert.equal(await send('/api/accounts/me/provision', {}), 200);
    await t.setSpace({ self_service: false });
    assert.equal((await browser.post('/logout', {})).location, '/login');
    await t.setSpace({ self_service: true });
  });

  test('sees no API key that another session made, nor one after a minute', async () => {
    const path = '/admin/spaces/sip.example.test/api-keys';
    const other = panelBrowser(t);
    browser = panelBrowser(t);
    for (const each of [browser, other]) await each.signIn('admin', 'administrator');
    const make = async () => {
      assert.equal((await browser.post(path, { action: 'create', name: 'exporter' })).status, 303);
      return browser.cookies.get('ringup_once') ?? assert.fail('no secret');
    };
    other.cookies.set('ringup_once', await make());
    assert.doesNotMatch((await other.get(path)).html, /id="secret"/);
    assert.match((await browser.get(path)).html, /id="secret"/);
    assert.doesNotMatch((await browser.get(path)).html, /id="secret"/);
    browser.cookies.set('ringup_once', await make());
    t.advance(60_000);
    assert.doesNotMatch((await browser.get(path)).html, /id="secret"/);
  });

  test('cannot set the password of an administrator by a table, nor one that is too short', async () => {
    browser = panelBrowser(t);
    await browser.signIn('admin', 'administrator');
    for (const [password, options, mistake] of [
      ['short1', {}, /changes how an administrator signs in/],
      ['short1', { allow_admin: 'true' }, /at least 10 characters/],
      [fiveCharacters, { allow_admin: 'true' }, /at least 10 characters/],
    ] as const) {
      const text = `username,password\nadmin,${password}\n`;
      const sent = await browser.post('/admin/import', { text, on_duplicate: 'update', ...options });
      assert.match((await browser.get(sent.location ?? '')).html, mistake);
    }
  });

  test('cannot activate an administrator by a table', async () => {
    browser = panelBrowser(t);
    await browser.signIn('admin', 'administrator');
    const { id, username } = await t.makeAccount({ admin: true });
    const text = `username,activated\n${username},yes\n`;
    const { location = '' } = await browser.post('/admin/import', { text, on_duplicate: 'update' });
    assert.match((await browser.get(location)).html, /changes how an administrator signs in/);
    await browser.post(location, { action: 'import' });
    assert.equal((await t.api('GET', `/api/accounts/${id}`)).json.activated, false);
  });

  test('a table of accounts is sent with a content security policy', async () => {
    const headers = { cookie: cookieOf(browser) };
    const { headers: sent } = await t.server.inject({ url: '/admin/accounts/export', headers });
    assert.match(String(sent['content-security-policy']), /default-src 'none'/);
  });

  test('a page lists a hundred findings, and says how many more there are', async () => {
    const path = '/admin/spaces/sip.example.test/linphonerc';
    const linphonerc = Array.from({ length: 130 }, (_, index) => `[proxy_${index}]\nx=1`).join('\n');
    const { html } = await browser.post(path, { action: 'check', linphonerc });
    assert.equal(html.match(/<li class="(?:error|warning)/g)?.length, 100);
    assert.match(html, /And \d+ more\./);
  });
});
