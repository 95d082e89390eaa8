import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openTestApp, type TestApp } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';
import { allAttributes, attributeOf, textOf } from '../support/html.ts';
import { panelBrowser } from '../support/panel.ts';

const links = (html: string): string[] => allAttributes(html, 'href').filter((href) => !/^data:|\/assets\//.test(href));

forEachDatabase('the first page of the server', (makeUrl) => {
  let t: TestApp;
  before(async () => {
    t = await openTestApp(await makeUrl(), { RINGUP_PUBLIC_URL: 'https://ringup.example.test/phones' });
  });
  after(() => t.close());

  test('tells a stranger what the server is, and links to the panel and the two manuals', async () => {
    const { html, status } = await panelBrowser(t).get('/');
    assert.equal(status, 200);
    assert.match(textOf(html), /gives Linphone its configuration/);
    assert.deepEqual(links(html), [
      '/phones/',
      '?lang=fr',
      '/phones/login',
      '/phones/provisioning/documentation',
      '/phones/api',
    ]);
  });

  test('keeps the query of a page that failed when its language is changed', async () => {
    const { html, status } = await panelBrowser(t).get('/nothing?lang=fr&space=sip.example.test');
    assert.equal(status, 404);
    assert.equal(attributeOf(html, /class="other-language"/, 'href'), '?lang=en&space=sip.example.test');
  });

  test('redirects a signed-in person to their own first page', async () => {
    const administrator = panelBrowser(t);
    await administrator.signIn('admin', 'administrator');
    const user = panelBrowser(t);
    const { username } = await t.makeAccount({ activated: true, password: 'right' });
    await user.signIn(username, 'right');
    for (const [browser, path] of [
      [administrator, '/phones/admin'],
      [user, '/phones/account'],
    ] as const) {
      const { status, location } = await browser.get('/');
      assert.deepEqual([status, location], [303, path]);
    }
  });
});
