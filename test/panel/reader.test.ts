import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openTestApp, type TestApp } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';
import { panelBrowser } from '../support/panel.ts';

forEachDatabase('the reader of a page', (makeUrl) => {
  let t: TestApp;
  before(async () => {
    t = await openTestApp(await makeUrl(), {}, { startsAt: Date.UTC(2026, 6, 1, 12) });
    await t.setSpace({ language: 'fr', time_zone: 'Asia/Tokyo' });
  });
  after(() => t.close());

  const languageOf = async (url: string, headers: Record<string, string>, browser = panelBrowser(t)) =>
    /<html lang="(\w+)">/.exec((await browser.get(url, headers)).html)?.[1];

  test('gets the language of the address, the cookie, the browser or the space, in this order', async () => {
    assert.equal(await languageOf('/login', {}), 'fr');
    assert.equal(await languageOf('/login', { 'accept-language': 'de' }), 'fr');
    assert.equal(await languageOf('/login', { 'accept-language': 'en' }), 'en');
    const browser = panelBrowser(t);
    assert.equal(await languageOf('/login?lang=en', { 'accept-language': 'fr' }, browser), 'en');
    assert.equal(await languageOf('/login', { 'accept-language': 'fr' }, browser), 'en');
    assert.equal(await languageOf('/login?lang=fr', {}, browser), 'fr');
  });

  test('gets the language of the signed-in account before that of the browser', async () => {
    const fields = { admin: true, activated: true, password: 'right', language: 'fr' } as const;
    const browser = panelBrowser(t, '192.0.2.9');
    await browser.signIn((await t.makeAccount(fields)).username, 'right');
    assert.equal(await languageOf('/admin/accounts', { 'accept-language': 'en' }, browser), 'fr');
    assert.equal(await languageOf('/admin/accounts?lang=en', {}, browser), 'en');
    assert.equal(await languageOf('/admin/accounts', { 'accept-language': 'fr' }, browser), 'en');
  });

  test('of a failure can choose the language on its page, and keeps it', async () => {
    const browser = panelBrowser(t);
    assert.equal(await languageOf('/nowhere?lang=fr', { 'accept-language': 'en' }, browser), 'fr');
    assert.equal(await languageOf('/nowhere', { 'accept-language': 'en' }, browser), 'fr');
    assert.equal(await languageOf('/login', { 'accept-language': 'en' }, browser), 'fr');
    assert.equal(await languageOf('/nowhere?lang=xx', { 'accept-language': 'en' }, browser), 'fr');
  });

  test('sees moments in the time zone of the space, with its name', async () => {
    const account = await t.makeAccount();
    const browser = panelBrowser(t);
    await browser.signIn('admin', 'administrator');
    const url = `/admin/accounts/${account.id}/provisioning`;
    await browser.post(url, { action: 'issue', lifetime: '1d' });
    const { html } = await browser.get(`${url}?lang=en`);
    assert.match(html, /<time datetime="2026-07-02T12:00:00\.000Z" data-style="\w+">[^<]*21:00<\/time>/);
    assert.match(html, /Times: <span data-zone-name>Asia\/Tokyo/);
  });

  test('gets the language of the space that the address leads to', async () => {
    const [domain, host] = ['english.example.test', 'english.phones.test'];
    await t.api('POST', '/api/spaces', { domain, host });
    assert.equal(await languageOf('/login', { host }), 'en');
    assert.equal(await languageOf('/login', {}), 'fr');
  });
});
