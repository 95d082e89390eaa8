import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Account } from '../../src/accounts/account.ts';
import { openTestApp, type TestApp, testDomain } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';
import { requestByDigest } from '../support/digest-request.ts';
import { textOf } from '../support/html.ts';
import { changesAfter, latestEvent } from '../support/latest-event.ts';
import { fiveCharacters, type PanelBrowser, panelBrowser } from '../support/panel.ts';

const phone = {
  'user-agent': 'LinphoneAndroid/6.0.12 (Pixel 8) LinphoneSDK/5.4.30',
  'x-linphone-provisioning': 'true',
};
const paths = ['', '/devices', '/contacts', '/password', '/sessions'];

forEachDatabase('the pages of the own account', (makeUrl) => {
  let t: TestApp;
  let account: Account;
  let browser: PanelBrowser;
  before(async () => {
    t = await openTestApp(await makeUrl());
  });
  after(() => t.close());

  const signIn = async (fields: Parameters<TestApp['makeAccount']>[0] = {}) => {
    account = await t.makeAccount({ activated: true, password: 'right', ...fields });
    browser = panelBrowser(t);
    await browser.signIn(account.username, 'right');
  };
  const eventsAfter = async (work: () => Promise<unknown>) => {
    const latest = await latestEvent(t.app);
    await work();
    return changesAfter(t.app, latest);
  };

  test('a user makes a code for another phone, which the page shows again and a phone can use', async () => {
    await signIn();
    assert.match(textOf((await browser.get('/account')).html), /Add another phone/);
    const events = await eventsAfter(() => browser.post('/account', { action: 'issue' }));
    assert.deepEqual(events, [{ kind: 'token-issued', actor: 'self' }]);
    const { html } = await browser.get('/account');
    const [, url = ''] = /id="address"[^>]*value="([^"]+)"/.exec(html) ?? [];
    assert.ok(html.includes('hx-sse:connect="/account/live"'));
    assert.equal((await t.server.inject({ url: new URL(url).pathname, headers: phone })).statusCode, 200);
    await t.app.deliveries.flush();
    const [, id = ''] = /\?revoke=(\d+)/.exec((await browser.get('/account/devices')).html) ?? [];
    assert.deepEqual(await eventsAfter(() => browser.post('/account/devices', { device: id })), [
      { kind: 'device-revoked', actor: 'self' },
    ]);
  });

  test('a user cannot revoke the phones or end the sessions of others', async () => {
    await signIn();
    const other = account;
    await t.server.inject({ url: `/provisioning/${await t.makeToken(other)}`, headers: phone });
    await t.app.deliveries.flush();
    const [device] = Object.values((await t.api('GET', `/api/accounts/${other.id}/devices`)).json) as { id: number }[];
    const { second, html } = await secondSession();
    const [, session = ''] = /name="session" value="(\d+)"/.exec(html) ?? [];
    await signIn();
    assert.equal((await browser.post('/account/devices', { device: String(device?.id) })).status, 404);
    await browser.post('/account/sessions', { action: 'end', session });
    assert.equal((await second.get('/account')).status, 200);
  });

  /** Signs in with another browser. Returns it, and the sessions of the account that it sees. */
  const secondSession = async () => {
    const second = panelBrowser(t);
    await second.signIn(account.username, 'right');
    return { second, html: (await second.get('/account/sessions')).html };
  };

  test('an administrator needs a password of ten characters here too', async () => {
    await t.api('PUT', `/api/accounts/${account.id}`, { admin: true });
    const short = await browser.post('/account/password', { old_password: 'right', password: fiveCharacters });
    assert.equal(short.status, 422);
    assert.match(short.html, /at least 10/);
    await t.api('PUT', `/api/accounts/${account.id}`, { admin: false });
  });

  test('a new password needs the old one, keeps this browser, ends the others and offers a code', async () => {
    await signIn();
    const second = panelBrowser(t);
    await second.signIn(account.username, 'right');
    const refused = await browser.post('/account/password', { old_password: 'wrong', password: 'renewed' });
    assert.equal(refused.status, 422);
    assert.match(refused.html, /name="old_password"[^>]*aria-invalid="true"/);
    assert.doesNotMatch(refused.html, /renewed/);
    const before = new Map(browser.cookies);
    const events = await eventsAfter(() =>
      browser.post('/account/password', { old_password: 'right', password: 'renewed' }),
    );
    assert.deepEqual(
      events.map(({ kind }) => kind),
      ['password-changed', 'token-issued'],
    );
    assert.notDeepEqual(browser.cookies, before);
    assert.match(textOf((await browser.get('/account?done=password')).html), /Valid until/);
    assert.equal((await second.get('/account')).status, 303);
  });

  test('sessions are ended one by one, or everywhere, and keys stay', async () => {
    await signIn();
    const asOwner = {
      username: account.username,
      password: 'right',
      headers: { from: `sip:${account.username}@${testDomain}` },
    };
    const key = await requestByDigest(t.server, { ...asOwner, method: 'GET', url: '/api/accounts/me/api_key' });
    const second = panelBrowser(t);
    await second.signIn(account.username, 'right');
    const [, session = ''] = /name="session" value="(\d+)"/.exec((await browser.get('/account/sessions')).html) ?? [];
    for (const _ of ['the first click', 'the second']) {
      const ended = await browser.post('/account/sessions', { action: 'end', session });
      assert.equal(ended.location, '/account/sessions?done=ended');
    }
    assert.equal((await second.get('/account')).status, 303);
    assert.equal((await browser.get('/account')).status, 200);
    await second.signIn(account.username, 'right');
    assert.equal((await browser.post('/account/sessions', { action: 'everywhere' })).location, '/login');
    assert.equal((await browser.get('/account')).status, 303);
    assert.equal((await second.get('/account')).status, 303);
    const headers = { 'x-api-key': key.body };
    assert.equal((await t.server.inject({ url: '/api/accounts/me', headers })).statusCode, 200);
  });

  test('the language is kept for the account', async () => {
    await signIn();
    const { location } = await browser.post('/account', { action: 'language', language: 'fr' });
    assert.equal(location, '/account?lang=fr');
    assert.match((await browser.get('/account?lang=fr')).html, /<html lang="fr">/);
    const stored = async () => (await t.api('GET', `/api/accounts/${account.id}`)).json.language;
    assert.equal(await stored(), 'fr');
    assert.equal((await browser.post('/account', { action: 'language' })).status, 303);
    assert.equal(await stored(), 'fr', 'what is not sent stays');
    assert.equal((await browser.post('/account', { action: 'language', language: '' })).status, 303);
    assert.equal(await stored(), null);
  });

  test('users without self_service are told whom to ask, and administrators may continue', async () => {
    await t.setSpace({ self_service: false });
    await signIn();
    for (const path of paths) {
      const refused = await browser.get(`/account${path}`);
      assert.equal(refused.status, 403);
      assert.match(textOf(refused.html), /ask the administrator of your phone system/);
    }
    await t.setSpace({ contact_text: 'Reception, extension 9, help@example.test <b>' });
    const { html } = await browser.get('/account');
    assert.match(textOf(html), /Whom to ask .*: Reception, extension 9, help@example\.test <b>/);
    assert.match(html, /<a href="mailto:help@example\.test">/);
    assert.match((await browser.get('/account', { 'accept-language': 'fr' })).html, /À qui demander/);
    assert.match(html, /<form method="post" action="\/logout"/);
    for (const path of ['', '/devices', '/password', '/sessions']) {
      assert.equal((await browser.post(`/account${path}`, { action: 'everywhere' })).status, 403);
    }
    await signIn({ admin: true });
    for (const path of paths) assert.equal((await browser.get(`/account${path}`)).status, 200);
    await t.setSpace({ self_service: true, contact_text: null });
  });

  test('a user cannot reach the pages of administrators', async () => {
    await signIn();
    const { html } = await browser.get('/account');
    assert.doesNotMatch(html, /\/admin/);
    assert.equal((await browser.get('/admin/accounts')).status, 403);
  });
});
