import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openTestApp, type TestApp } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';
import { type PanelBrowser, panelBrowser, sameOrigin } from '../support/panel.ts';

const unescaped = (text: string) => text.replaceAll(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)));

forEachDatabase('the space in view', (makeUrl) => {
  let t: TestApp;
  let browser: PanelBrowser;
  let elsewhere: PanelBrowser;
  before(async () => {
    t = await openTestApp(await makeUrl());
    await t.api('POST', '/api/spaces', { domain: 'other.example.test', name: 'The other one' });
    browser = panelBrowser(t);
    await browser.signIn('admin', 'administrator');
    const fields = { username: 'chief', password: 'right', domain: 'other.example.test', admin: true, activated: true };
    await t.makeAccount(fields);
    elsewhere = panelBrowser(t, '192.0.2.2');
    await elsewhere.signIn('chief@other.example.test', 'right');
  });
  after(() => t.close());

  test("is the administrator's own by default, and any space that a super administrator names", async () => {
    const own = await browser.get('/admin/accounts');
    assert.match(own.html, />admin</);
    assert.doesNotMatch(own.html, />chief</);
    const other = await browser.get('/admin/accounts?space=OTHER.example.test');
    assert.match(other.html, />chief</);
    assert.match(other.html, /The other one/);
    assert.doesNotMatch(other.html, /class="name"[^>]*><bdi>admin</);
  });

  test('is kept by every link of the page to a page for administrators, and by its search', async () => {
    for (const path of ['/admin', '/admin/accounts', '/admin/accounts/new']) {
      const { html } = await browser.get(`${path}?space=other.example.test`);
      const links = [...html.matchAll(/href="(\/admin\/[^"]*)"/g)].map(([, path = '']) => unescaped(path));
      // These name the account or the space in their path, or are about the whole server.
      const lists = links.filter((each) => !/\/admin\/(accounts\/\d|spaces|welcome)/.test(each));
      assert.ok(lists.length > 0, html);
      for (const link of lists) assert.match(link, /[?&]space=other\.example\.test/, `${path} has ${link}`);
    }
    const { html } = await browser.get('/admin/accounts?space=other.example.test');
    assert.match(html, /<input type="hidden" name="space" value="other\.example\.test">/);
    const account = /href="(\/admin\/accounts\/\d+)[?"]/.exec(html)?.[1] ?? assert.fail(html);
    assert.match((await browser.get(account)).html, /href="\/admin\/accounts\?space(=|&#61;)other\.example\.test"/);
  });

  test('is the space of new accounts', async () => {
    const { location } = await browser.post('/admin/accounts/new?space=other.example.test', { username: 'added' });
    const id = /accounts\/(\d+)/.exec(location ?? '')?.[1];
    assert.equal((await t.api('GET', `/api/accounts/${id}`)).json.domain, 'other.example.test');
    assert.match((await elsewhere.get('/admin/accounts')).html, />added</);
  });

  test('is not found if the caller may not see it, like one that does not exist', async () => {
    for (const domain of ['sip.example.test', 'nowhere.test', '%00']) {
      for (const path of ['/admin/accounts', '/admin/accounts/new', '/admin']) {
        assert.equal((await elsewhere.get(`${path}?space=${domain}`)).status, 404, `${path} ${domain}`);
      }
      const posted = await elsewhere.post(`/admin/accounts/new?space=${domain}`, { username: 'no' }, sameOrigin);
      assert.equal(posted.status, 404);
    }
    assert.equal((await elsewhere.get('/admin/accounts?space=other.example.test')).status, 200);
  });
});
