import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Account } from '../../src/accounts/account.ts';
import type { TestApp } from '../support/app.ts';
import { dumpDatabase } from '../support/database-dump.ts';
import { forEachDatabase } from '../support/databases.ts';
import { textOf } from '../support/html.ts';
import { openPanel, type PanelBrowser, panelBrowser } from '../support/panel.ts';

forEachDatabase('the sheet of codes in the panel', (makeUrl) => {
  let t: TestApp;
  let browser: PanelBrowser;
  before(async () => {
    ({ t, browser } = await openPanel(await makeUrl()));
    await t.api('POST', '/api/spaces', { domain: 'other.example.test' });
  });
  after(() => t.close());

  const pathFor = (...accounts: Account[]) => `/admin/sheet?${accounts.map(({ id }) => `account=${id}`).join('&')}`;
  const codesOn = (html: string) => html.match(/<li class="card"/g)?.length ?? 0;

  test('explains how to choose accounts while none is chosen', async () => {
    const { status, html } = await browser.get('/admin/sheet');
    assert.equal(status, 200);
    assert.match(html, /href="\/admin\/accounts"[^>]*>Choose accounts/);
  });

  test('shows the codes that are valid, and creates none without being asked', async () => {
    const ready = await t.makeAccount({ display_name: 'Zoë "><script>' });
    const none = await t.makeAccount({ display_name: 'Nobody <b>yet' });
    await t.makeToken(ready);
    const before = await dumpDatabase(t.app.database);
    const { html } = await browser.get(pathFor(ready, none));
    assert.equal(codesOn(html), 1);
    assert.match(textOf(html), /1 account has no code to print.* Nobody <b>yet/);
    assert.doesNotMatch(html, /<script>|<b>yet/);
    assert.deepEqual(await dumpDatabase(t.app.database), before);
  });

  test('makes the codes that are missing when the button is pressed, and keeps those that are valid', async () => {
    const ready = await t.makeAccount();
    const none = await t.makeAccount();
    const token = await t.makeToken(ready);
    const body = new URLSearchParams([
      ['account', String(ready.id)],
      ['account', String(none.id)],
    ]).toString();
    const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = { cookie, 'sec-fetch-site': 'same-origin', 'content-type': 'application/x-www-form-urlencoded' };
    const made = await t.server.inject({ method: 'POST', url: '/admin/sheet', headers, payload: body });
    assert.equal(made.statusCode, 303);
    assert.equal(made.headers.location, pathFor(ready, none));
    assert.equal(codesOn((await browser.get(pathFor(ready, none))).html), 2);
    assert.match((await t.server.inject({ url: `/provisioning/${token}` })).body, /auth_info_0/);
  });

  test('extends a code that ends within a day when the button is pressed, and not before', async () => {
    const account = await t.makeAccount({ display_name: 'Short of time' });
    const token = await t.makeToken(account, 20 * 60_000);
    const before = await dumpDatabase(t.app.database);
    const { html } = await browser.get(pathFor(account));
    assert.equal(codesOn(html), 1);
    assert.match(textOf(html), /1 code ends within a day.* Short of time .*Extend the codes/);
    assert.deepEqual(await dumpDatabase(t.app.database), before);
    assert.equal((await browser.post('/admin/sheet', { account: String(account.id) })).location, pathFor(account));
    assert.doesNotMatch((await browser.get(pathFor(account))).html, /<form method="post">/);
    t.advance(60 * 60_000);
    assert.match((await t.server.inject({ url: `/provisioning/${token}` })).body, /auth_info_0/);
    t.advance(-60 * 60_000);
  });

  test('has one button for codes that are missing and codes that end within a day', async () => {
    const [ending, none, ready] = [await t.makeAccount(), await t.makeAccount(), await t.makeAccount()];
    await t.makeToken(ending, 23 * 60 * 60_000);
    await t.makeToken(ready, 25 * 60 * 60_000);
    const { html } = await browser.get(pathFor(ending, none, ready));
    assert.match(textOf(html), /1 account has no code to print.*1 code ends within a day.*Make the codes/);
    assert.equal(html.match(/<form method="post">/g)?.length, 1);
    const query = pathFor(ending, none, ready).split('?')[1];
    await browser.post('/admin/sheet', new URLSearchParams(query));
    const made = await browser.get(pathFor(ending, none, ready));
    assert.equal(codesOn(made.html), 3);
    assert.doesNotMatch(made.html, /<form method="post">/);
  });

  test('contains the accounts that are ticked in the list', async () => {
    const account = await t.makeAccount();
    const { status, location } = await browser.post('/admin/accounts', {
      action: 'sheet',
      account: String(account.id),
    });
    assert.equal(status, 303);
    assert.equal(location, pathFor(account));
    assert.equal(codesOn((await browser.get(pathFor(account))).html), 1);
  });

  test('says that it has only the first 500 accounts that match, and which command makes longer ones', async () => {
    const domain = 'many.example.test';
    await t.api('POST', '/api/spaces', { domain });
    const text = `username\n${Array.from({ length: 501 }, (_, each) => `many${each}\n`).join('')}`;
    const { location: imported = '' } = await browser.post(`/admin/import?space=${domain}`, { text });
    await browser.post(imported, { action: 'import' });
    const hasMore = async (search: string) => {
      const list = `/admin/accounts?space=${domain}&search=${search}`;
      const { location = '' } = await browser.post(list, { all: 'true', action: 'sheet' });
      const query = new URL(location, 'https://ringup.example.test').searchParams;
      return { accounts: query.getAll('account').length, more: query.get('more') };
    };
    assert.deepEqual(await hasMore('many'), { accounts: 500, more: 'true' });
    assert.deepEqual(await hasMore('many4'), { accounts: 111, more: null });
    const path = `${pathFor(await t.makeAccount())}&more=true`;
    const line = /These are the first 500 accounts that match\. \.\/ringup account sheet writes longer sheets\./;
    const { html } = await browser.get(path);
    assert.match(textOf(html), line);
    assert.match(html, /<code>\.\/ringup account sheet<\/code>/);
    const made = await browser.post('/admin/sheet', new URLSearchParams(path.split('?')[1]));
    assert.equal(made.location, path);
    assert.doesNotMatch(textOf((await browser.get(path.replace('&more=true', ''))).html), line);
  });

  test('names blocked accounts, which get no code', async () => {
    const blocked = await t.makeAccount();
    await t.api('POST', `/api/accounts/${blocked.id}/block`);
    const { html } = await browser.get(pathFor(blocked));
    assert.match(textOf(html), /1 of them is blocked and gets none/);
    assert.doesNotMatch(html, /Make the codes/);
  });

  test('is available as a PDF', async () => {
    const account = await t.makeAccount();
    await t.makeToken(account);
    const { status, headers, html } = await browser.get(`${pathFor(account)}&format=pdf`);
    assert.equal(status, 200);
    assert.equal(headers['content-type'], 'application/pdf');
    assert.equal(headers['cache-control'], 'no-store');
    assert.match(html, /^%PDF-/);
  });

  test('leaves out accounts that are deleted meanwhile, and says so', async () => {
    const [here, gone] = [await t.makeAccount(), await t.makeAccount()];
    await t.makeToken(here);
    await t.api('DELETE', `/api/accounts/${gone.id}`);
    const { status, html } = await browser.get(pathFor(here, gone));
    assert.equal(status, 200);
    assert.equal(codesOn(html), 1);
    assert.match(textOf(html), /1 account of this sheet no longer exists\./);
    const made = await browser.post('/admin/sheet', new URLSearchParams(pathFor(here, gone).split('?')[1]));
    assert.equal(made.location, pathFor(here));
    assert.equal((await browser.get(`${pathFor(here, gone)}&format=pdf`)).status, 200);
    assert.doesNotMatch(textOf((await browser.get(pathFor(here, here))).html), /no longer exists/);
    assert.equal((await browser.get(pathFor(gone))).status, 404);
    assert.equal((await browser.get('/admin/sheet?account=nonsense')).status, 404);
  });

  test('answers for accounts of other spaces as if they did not exist', async () => {
    const elsewhere = await t.makeAccount({ domain: 'other.example.test', admin: true, password: 'right' });
    const [here, gone] = [await t.makeAccount({ display_name: 'Secret Name' }), await t.makeAccount()];
    await t.api('DELETE', `/api/accounts/${gone.id}`);
    const other = panelBrowser(t);
    await t.api('PUT', `/api/accounts/${elsewhere.id}`, { activated: true });
    await other.signIn(`${elsewhere.username}@other.example.test`, 'right');
    const before = await dumpDatabase(t.app.database);
    const pages = async (account: Account) => {
      const answers = [
        await other.get(pathFor(account)),
        await other.get(pathFor(elsewhere, account)),
        await other.post('/admin/sheet', { account: String(account.id) }),
      ];
      return answers.map(({ status, location, html }) => [status, location, textOf(html).replaceAll(/\d+/g, '#')]);
    };
    const answers = await pages(here);
    assert.deepEqual(answers, await pages(gone));
    assert.deepEqual(
      answers.map(([status]) => status),
      [404, 200, 404],
    );
    assert.deepEqual(await dumpDatabase(t.app.database), before);
  });
});
