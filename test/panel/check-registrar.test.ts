import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openTestApp, type TestApp } from '../support/app.ts';
import { dumpDatabase } from '../support/database-dump.ts';
import { forEachDatabase } from '../support/databases.ts';
import { attributeOf, textOf } from '../support/html.ts';
import { type PanelBrowser, panelBrowser } from '../support/panel.ts';
import { okTo, type SmallSipServer, startSipServer } from '../support/sip-server.ts';

const domain = 'other.example.test';
const settings = `/admin/spaces/${domain}/settings`;
const hostile = `<b onclick=x>\u202E${'x'.repeat(4_000)}`;

forEachDatabase('the check of the registrar among the settings of a space', (makeUrl) => {
  let t: TestApp;
  let server: SmallSipServer;
  let own: PanelBrowser;
  let root: PanelBrowser;
  before(async () => {
    server = await startSipServer('udp', (request) => okTo(request, hostile));
    t = await openTestApp(await makeUrl());
    await t.api('POST', '/api/spaces', { domain });
    const chief = { username: 'chief', admin: true, activated: true, password: 'right', domain };
    await t.makeAccount(chief);
    own = panelBrowser(t, '192.0.2.77');
    await own.signIn(`chief@${domain}`, 'right');
    root = panelBrowser(t);
    await root.signIn('admin', 'administrator');
  });
  after(async () => {
    await t.close();
    await server.stop();
  });

  const check = (browser: PanelBrowser, registrar: string, path = settings) =>
    browser.post(path, { action: 'check', registrar, host: 'phones.example.test' });
  /** Counts what was repeated once: what goes by UDP may be lost. */
  const requests = () => new Set(server.requests).size;
  const told = (html: string) => textOf(/<p class="told" role="status">(.*?)<\/p>/s.exec(html)?.[1] ?? '').trim();

  test('shows a super administrator what a server at any address says, cut and escaped, and stores nothing', async () => {
    const before = await dumpDatabase(t.app.database);
    const registrar = `sip:127.0.0.1:${server.port};transport=udp`;
    const { status, html } = await check(root, registrar);
    assert.equal(status, 200, html);
    assert.match(told(html), /^The server answers: 200 OK\. It says it is "<b onclick=x><U\+202E>x+…/);
    assert.doesNotMatch(html, /<b onclick|\u202E/);
    assert.equal(attributeOf(html, /id="registrar"/, 'value'), registrar);
    assert.equal(attributeOf(html, /id="host"/, 'value'), 'phones.example.test');
    assert.equal(requests(), 1);
    assert.deepEqual(await dumpDatabase(t.app.database), before);
  });

  test('says the same of every address that other administrators may not reach, and sends nothing there', async () => {
    const sent = requests();
    for (const host of ['127.0.0.1', 'localhost', '[::1]', '[::ffff:127.0.0.1]', '10.0.0.1']) {
      t.advance(60_000);
      const { status, html } = await check(own, `sip:${host}:${server.port};transport=udp`);
      assert.equal(status, 200);
      assert.match(told(html), /^No answer\./);
      assert.doesNotMatch(html, /refused/);
    }
    assert.equal(requests(), sent);
  });

  test('is admitted six times a minute for each space, except for super administrators', async () => {
    t.advance(60_000);
    const registrar = 'sip:127.0.0.1:9;transport=tcp';
    for (let times = 0; times < 6; times += 1) assert.equal((await check(own, registrar)).status, 200);
    const { status, headers, html } = await check(own, registrar);
    assert.equal(status, 429);
    assert.equal(headers['retry-after'], '60');
    assert.match(textOf(html), /too often within a minute/);
    assert.equal(attributeOf(html, /id="registrar"/, 'value'), registrar);
    for (let times = 0; times < 7; times += 1) assert.equal((await check(root, registrar)).status, 200);
    t.advance(-60 * 60_000);
    assert.equal((await check(own, registrar)).headers['retry-after'], '60', 'though the clock was set back');
    t.advance(60_000);
    assert.equal((await check(own, registrar)).status, 200);
    t.advance(60 * 60_000);
  });

  test('refuses what is not an address of a SIP server beside its field, and refuses other spaces', async () => {
    t.advance(60_000);
    const { status, html } = await check(own, 'http://10.0.0.1\r\nX: y');
    assert.equal(status, 422);
    assert.equal(attributeOf(html, /id="registrar"/, 'aria-invalid'), 'true');
    assert.equal((await check(own, '', '/admin/spaces/sip.example.test/settings')).status, 404);
  });

  test('is remembered with its time for the address that the space has', async () => {
    const page = `/admin/spaces/${domain}`;
    const shown = async () => textOf((await root.get(page)).html);
    const task = async () => (await root.get(`/admin?space=${domain}`)).html;
    await check(root, `sip:127.0.0.1:${server.port};transport=udp`);
    assert.match(await shown(), /Not asked yet at this address\./, 'that was another address');
    assert.match(await task(), /The SIP server answers<\/a>/);
    const registrar = `sip:127.0.0.1:${server.port};transport=udp`;
    await t.api('PUT', `/api/spaces/${domain}`, { registrar });
    const words = await shown();
    assert.match(words, /The server answers: 200 OK\. It says it is "<b onclick=x><U\+202E>x+…".*Asked today/);
    assert.doesNotMatch((await root.get(page)).html, /<b onclick|\u202E/);
    assert.match(await task(), /<div>The SIP server answers<\/div>/);
    t.advance(60_000);
    await check(own, registrar);
    assert.match(await shown(), /No answer\./, 'the last answer counts');
    assert.match(await task(), /The SIP server answers<\/a>/);
    await t.api('PUT', `/api/spaces/${domain}`, { registrar: null });
    assert.match(await shown(), /Not asked yet at this address\./);
  });

  test('comes after the button that saves, which Enter presses', async () => {
    const { html } = await own.get(`${settings}?lang=fr`);
    const [, group = ''] = /<section id="servers">(.*?)<\/section>/s.exec(html) ?? [];
    assert.match(group, /<button class="button plain">[^<]+<\/button><button [^>]*value="check">Vérifier</);
    assert.equal((html.match(/value="check"/g) ?? []).length, 1);
  });
});
