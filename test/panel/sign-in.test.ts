import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openTestApp, type TestApp } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';
import { panelBrowser } from '../support/panel.ts';

const admin = { username: 'admin', password: 'administrator' };

forEachDatabase('signing in', (makeUrl) => {
  let t: TestApp;
  before(async () => {
    t = await openTestApp(await makeUrl());
    await t.api('POST', '/api/spaces', { domain: 'other.example.test' });
  });
  after(() => t.close());

  test('leads to the page that was requested, and a page without a session leads to it', async () => {
    const browser = panelBrowser(t);
    const asked = await browser.get('/admin/accounts?search=a');
    assert.deepEqual([asked.status, asked.location], [303, '/login?next=%2Fadmin%2Faccounts%3Fsearch%3Da']);
    const form = await browser.get(asked.location ?? '');
    assert.match(form.html, /<input type="hidden" name="next" value="\/admin\/accounts\?search&#61;a">/);
    const { status, location } = await browser.post('/login', { ...admin, next: '/admin/accounts?search=a' });
    assert.deepEqual([status, location], [303, '/admin/accounts?search=a']);
    assert.equal((await browser.get('/admin/accounts')).status, 200);
  });

  test('works from a page whose address is too long to be kept, such as a sheet of many codes', async () => {
    const browser = panelBrowser(t);
    const sheet = `/admin/sheet?${Array.from({ length: 300 }, (_, index) => `account=${index + 1}`).join('&')}`;
    const search = `/admin/accounts?search=${'%C3%A9'.repeat(300)}`;
    for (const page of [sheet, search]) {
      const asked = await browser.get(page);
      assert.deepEqual([asked.status, asked.location], [303, '/login']);
      const { html } = await browser.get(`/login?${new URLSearchParams({ next: page })}`);
      assert.doesNotMatch(html, /name="next"/);
    }
    const { status, location } = await browser.post('/login', admin);
    assert.deepEqual([status, location], [303, '/admin']);
  });

  test('sends the form once, even after a double click', async () => {
    for (const page of ['/login', '/login/forgotten', '/login/link/nothing', '/setup/nothing']) {
      const { html } = await panelBrowser(t).get(page);
      assert.equal(/send-once/.test(html), html.includes('method="post"'), page);
    }
    assert.match((await panelBrowser(t).get('/login')).html, /send-once/);
  });

  test('offers the other language, and keeps the page that was requested', async () => {
    const { html } = await panelBrowser(t).get('/login?next=%2Fadmin%2Faccounts%3Ffilter%3Dfailed');
    const link = /<a class="other-language" href="([^"]+)" lang="fr"/.exec(html)?.[1] ?? assert.fail(html);
    const path = `/login${link.replaceAll('&#38;', '&').replaceAll('&#61;', '=').replaceAll('&amp;', '&')}`;
    const french = (await panelBrowser(t).get(path)).html;
    assert.match(french, /<html lang="fr">[\s\S]*<input type="hidden" name="next" value="\/admin\/accounts\?filter/);
    for (const page of ['/login/forgotten', '/login/link/nothing', '/login/reset/nothing', '/nowhere']) {
      assert.match(
        (await panelBrowser(t).get(page)).html,
        /<a class="other-language" href="\?lang&?#?\d*;?=?fr"/,
        page,
      );
    }
  });

  test('says where to sign in if the page did not come from an https address of the server', async () => {
    const browser = panelBrowser(t);
    const shown = async (headers: Record<string, string>) => (await browser.get('/login', headers)).html;
    const elsewhere = /<a href="https:\/\/ringup\.example\.test\/login">https:\/\/ringup\.example\.test\/login<\/a>/;
    assert.match(await shown({ host: '10.0.0.5:8080' }), elsewhere);
    assert.match(await shown({ host: 'ringup.example.test', 'x-forwarded-proto': 'http' }), elsewhere);
    assert.doesNotMatch(await shown({ host: 'ringup.example.test', 'x-forwarded-proto': 'https' }), elsewhere);
    assert.doesNotMatch(await shown({ host: 'ringup.example.test' }), elsewhere);
  });

  test('leads only to pages of the server', async () => {
    for (const next of [
      'https://evil.test/',
      '//evil.test',
      '/\\evil.test',
      '/\t/evil.test',
      'javascript:alert(1)',
      '',
    ]) {
      assert.equal((await panelBrowser(t).post('/login', { ...admin, next })).location, '/admin', next);
    }
  });

  test('sets a cookie that only https and pages of the server send, and that scripts cannot read', async () => {
    const { headers } = await panelBrowser(t).post('/login', admin);
    assert.match(
      String(headers['set-cookie']),
      /^__Host-ringup_session=[\w-]{43}; Max-Age=2592000; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    );
  });

  test('takes a name with its domain, and refuses unknown names, wrong passwords and blocked accounts alike', async () => {
    await panelBrowser(t).signIn('admin@sip.example.test', 'administrator');
    const blocked = await t.makeAccount({ admin: true, activated: true, password: 'right one' });
    await t.api('POST', `/api/accounts/${blocked.id}/block`);
    const bodies = new Set<string>();
    for (const [username, password] of [
      ['nobody', 'administrator'],
      ['admin', 'guessed!'],
      ['admin@other.example.test', 'administrator'],
      ['admin@unknown.test', 'administrator'],
      [blocked.username, 'right one'],
    ] as const) {
      const { status, html } = await panelBrowser(t, '192.0.2.2').post('/login', { username, password });
      assert.equal(status, 422);
      assert.ok(!html.includes(password));
      assert.match(html, /role="alert"><p>User name or password is wrong, or the account is blocked\.</);
      bodies.add(html.replace(/ value="[^"]*"/, ''));
    }
    assert.equal(bodies.size, 1);
  });

  test('has to wait after five failures, except from where the account signed in before', async () => {
    const { username } = await t.makeAccount({ admin: true, activated: true, password: 'right' });
    await panelBrowser(t, '198.51.100.1').signIn(username, 'right');
    const stranger = panelBrowser(t, '203.0.113.1');
    for (let count = 0; count < 5; count += 1) await stranger.post('/login', { username, password: 'wrong' });
    const { status, headers, html } = await stranger.post('/login', { username, password: 'right' });
    assert.equal(status, 429);
    assert.ok(Number(headers['retry-after']) > 0);
    assert.match(html, /Try again in/);
    await panelBrowser(t, '198.51.100.1').signIn(username, 'right');
  });

  test('is in the language of the reader', async () => {
    assert.match(
      (await panelBrowser(t).get('/login', { 'accept-language': 'fr-CA,en;q=0.5' })).html,
      /<html lang="fr">[\s\S]*Connexion/,
    );
    const browser = panelBrowser(t);
    assert.match((await browser.get('/login?lang=fr')).html, /Connexion/);
    assert.match((await browser.get('/login')).html, /Connexion/);
  });

  test('ends with signing out, a new password, a block, a deactivation or lost rights', async () => {
    const ends: Readonly<Record<string, (id: number) => Promise<unknown>>> = {
      password: (id) => t.api('PUT', `/api/accounts/${id}`, { password: 'another' }),
      block: (id) => t.api('POST', `/api/accounts/${id}/block`),
      deactivate: (id) => t.api('POST', `/api/accounts/${id}/deactivate`),
      rights: (id) => t.api('PUT', `/api/accounts/${id}`, { admin: false }),
      'signing out': () => Promise.resolve(),
    };
    for (const [what, end] of Object.entries(ends)) {
      const account = await t.makeAccount({ admin: true, activated: true, password: 'right' });
      const browser = panelBrowser(t, '198.51.100.2');
      await browser.signIn(account.username, 'right');
      const kept = new Map(browser.cookies);
      assert.equal((await browser.get('/admin/accounts')).status, 200, what);
      if (what === 'signing out') assert.equal((await browser.post('/logout', {})).location, '/login');
      else await end(account.id);
      for (const [name, value] of kept) browser.cookies.set(name, value);
      assert.equal((await browser.get('/admin/accounts')).status, 303, what);
    }
  });

  test('signing out leads to the form also if the session has ended, or another tab signs out at once', async () => {
    const account = await t.makeAccount({ admin: true, activated: true, password: 'right' });
    const browser = panelBrowser(t, '198.51.100.5');
    await browser.signIn(account.username, 'right');
    const tab = panelBrowser(t, '198.51.100.5');
    const kept = new Map(browser.cookies);
    const tabs = [browser, ...Array.from({ length: 5 }, () => panelBrowser(t, '198.51.100.5'))];
    for (const each of [...tabs, tab]) for (const [name, value] of kept) each.cookies.set(name, value);
    const toForm = [303, '/login'];
    const answers = await Promise.all(tabs.map((each) => each.post('/logout', {})));
    for (const { status, location } of answers) assert.deepEqual([status, location], toForm);
    const { status, location } = await tab.post('/logout', {});
    assert.deepEqual([status, location], toForm);
  });

  test('a form of another site that signs out is refused, and without a session changes no cookie', async () => {
    const account = await t.makeAccount({ admin: true, activated: true, password: 'right' });
    const browser = panelBrowser(t, '198.51.100.6');
    await browser.signIn(account.username, 'right');
    const foreign = { 'sec-fetch-site': 'cross-site' };
    assert.equal((await browser.post('/logout', {}, foreign)).status, 403);
    assert.equal((await browser.get('/admin/accounts')).status, 200);
    // Browsers send it without the cookie.
    const { location, headers } = await panelBrowser(t, '198.51.100.6').post('/logout', {}, foreign);
    assert.deepEqual([location, headers['set-cookie']], ['/login', undefined]);
  });

  test('ends after 12 idle hours', async () => {
    const browser = panelBrowser(t, '198.51.100.3');
    await browser.signIn(admin.username, admin.password);
    for (let hours = 0; hours < 33; hours += 11) {
      t.advance(11 * 3_600_000);
      assert.equal((await browser.get('/admin/accounts')).status, 200);
    }
    t.advance(12 * 3_600_000);
    assert.equal((await browser.get('/admin/accounts')).status, 303);
  });

  test('a form that is sent as JSON is answered with the type that it needs', async () => {
    const headers = { 'content-type': 'application/json' };
    const answer = await t.server.inject({ method: 'POST', url: '/login', headers, payload: '{}' });
    assert.equal(answer.statusCode, 415);
    assert.match(answer.body, /Send the body as application\/x-www-form-urlencoded, not/);
  });

  test('opens the API for reading, and for changes from a page of the server', async () => {
    const browser = panelBrowser(t, '198.51.100.4');
    await browser.signIn(admin.username, admin.password);
    assert.equal((await browser.get('/api/accounts')).status, 200);
    const account = await t.makeAccount();
    const byLink = await browser.get(`/api/accounts/${account.id}/provision`);
    assert.ok([401, 403].includes(byLink.status), 'a link would do it');
    const post = (headers: Record<string, string>) =>
      browser.post(`/api/accounts/${account.id}/block`, {}, { 'content-type': 'application/json', ...headers });
    assert.equal((await post({ 'sec-fetch-site': 'cross-site' })).status, 403);
    assert.equal((await post({ origin: 'https://evil.test' })).status, 403);
  });
});
