import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openTestApp, type TestApp } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';
import { allAttributes } from '../support/html.ts';
import { type PanelBrowser, panelBrowser } from '../support/panel.ts';

const administration = ['/admin', '/admin/accounts', '/admin/import', '/admin/invitations', '/admin/sheet'];
const ofSpace = [
  '',
  '/settings',
  '/linphonerc',
  '/mail',
  '/contacts',
  '/administrators',
  '/api-keys',
  '/managed',
  '/events',
];

forEachDatabase('the navigation', (makeUrl) => {
  let t: TestApp;
  before(async () => {
    t = await openTestApp(await makeUrl());
    await t.api('POST', '/api/spaces', { domain: 'other.example.test' });
  });
  after(() => t.close());

  const signIn = async (fields: Parameters<TestApp['makeAccount']>[0] = {}) => {
    const { id, username } = await t.makeAccount({ activated: true, password: 'right', ...fields });
    const browser = panelBrowser(t, `192.0.2.${100 + (id % 100)}`);
    await browser.signIn(`${username}@${fields.domain ?? 'sip.example.test'}`, 'right');
    return { id, browser };
  };

  const linksOf = (html: string) => {
    const [nav = ''] = /<nav class="nav".*?<\/nav>/s.exec(html) ?? [];
    return [...new Set(allAttributes(nav, 'href'))].filter((href) => href !== '/');
  };

  /** Follows every link from the page, and from every page behind it. */
  const follow = async (browser: PanelBrowser, start: string) => {
    const found = new Set([start]);
    for (const path of found) {
      const { status, html } = await browser.get(path);
      assert.equal(status, 200, path);
      const links = linksOf(html);
      const { pathname } = new URL(path, 'http://localhost');
      const current = /<a href="([^"]*)" aria-current="page"/.exec(html)?.[1]?.replaceAll('&#61;', '=');
      assert.equal(current?.split('?')[0], pathname, `${path} is marked`);
      for (const link of links) found.add(link);
    }
    return [...found].sort();
  };
  const pagesOf = (domain: string) => ofSpace.map((page) => `/admin/spaces/${domain}${page}`);

  test('leads users to their own pages only', async () => {
    const { browser } = await signIn();
    assert.deepEqual(await follow(browser, '/account'), ['/account']);
  });

  test('leads administrators to every page of their space, and to no other space', async () => {
    const { browser } = await signIn({ admin: true, domain: 'other.example.test' });
    const expected = [...administration, ...pagesOf('other.example.test'), '/account'].sort();
    assert.deepEqual(await follow(browser, '/admin'), expected);
  });

  test('leads super administrators to all spaces, and stays in the space in view', async () => {
    const { browser } = await signIn({ admin: true });
    const own = [...administration, ...pagesOf('sip.example.test'), '/account', '/admin/spaces'];
    assert.deepEqual(await follow(browser, '/admin'), own.sort());
    const { html } = await browser.get('/admin/spaces/other.example.test/mail');
    const inView = linksOf(html);
    const expected = [
      ...administration.map((path) => `${path}?space=other.example.test`),
      ...pagesOf('other.example.test'),
      '/admin/spaces',
      '/account',
    ];
    assert.deepEqual(inView.sort(), expected.sort());
    for (const path of inView) assert.equal((await browser.get(path)).status, 200, path);
  });

  test('leads an administrator whose account is not active yet to their own pages only', async () => {
    const { browser } = await signIn({ admin: true, activated: false });
    assert.deepEqual(await follow(browser, '/account'), ['/account']);
  });
});
