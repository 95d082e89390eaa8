import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Account } from '../../src/accounts/account.ts';
import { getAccount } from '../../src/accounts/account-store.ts';
import { issueLoginLink } from '../../src/administration/login-link.ts';
import { operator } from '../../src/events/actor.ts';
import { openTestApp, type TestApp } from '../support/app.ts';
import { dumpDatabase } from '../support/database-dump.ts';
import { forEachDatabase } from '../support/databases.ts';
import { panelBrowser } from '../support/panel.ts';
import { phonesOf } from '../support/phone.ts';

forEachDatabase('a link that signs in', (makeUrl) => {
  let t: TestApp;
  before(async () => {
    t = await openTestApp(await makeUrl());
  });
  after(() => t.close());

  const administrator = () => t.makeAccount({ admin: true, activated: true });
  const issue = async (account: Awaited<ReturnType<typeof administrator>>): Promise<string> => {
    const { url } = await issueLoginLink(t.app, operator, { account, space: t.app.spaces.first });
    assert.match(url, /^https:\/\/ringup\.example\.test\/login\/link\/[A-Za-z0-9]{22}$/);
    assert.ok(!JSON.stringify(await dumpDatabase(t.app.database)).includes(url.slice(-22)), 'it is stored');
    return new URL(url).pathname;
  };

  test('shows a button that signs in once', async () => {
    const path = await issue(await administrator());
    const browser = panelBrowser(t);
    const { status, html, headers } = await browser.get(path);
    assert.equal(status, 200);
    assert.match(html, /<form method="post"><button/);
    assert.equal(headers['referrer-policy'], 'same-origin');
    assert.equal((await browser.get(path)).status, 200);
    const signedIn = await browser.post(path, {});
    assert.deepEqual([signedIn.status, signedIn.location], [303, '/admin']);
    assert.equal((await browser.get('/admin/accounts')).status, 200);
    const stranger = panelBrowser(t);
    for (const again of [await browser.get(path), await stranger.get(path), await stranger.post(path, {})]) {
      assert.equal(again.status, 404);
    }
  });

  test('contains the host of the space, as its codes do', async () => {
    await t.setSpace({ host: 'phones.example.test' });
    const account = await administrator();
    const { url } = await issueLoginLink(t.app, operator, { account, space: t.app.spaces.first });
    await t.setSpace({ host: null });
    assert.match(url, /^https:\/\/phones\.example\.test\/login\/link\//);
  });

  test('leads on if its button is clicked twice, but nobody who is signed in to another account', async () => {
    const account = await administrator();
    const path = await issue(account);
    const [browser, other] = [panelBrowser(t), panelBrowser(t)];
    await other.post(await issue(await administrator()), {});
    await browser.post(path, {});
    const session = [...browser.cookies];
    const again = await browser.post(path, {});
    assert.deepEqual([again.status, again.location], [303, '/admin']);
    assert.deepEqual([...browser.cookies], session);
    assert.equal((await other.post(path, {})).status, 404);
    assert.equal((await other.post('/login/link/unknown', {})).status, 404);
  });

  test('signs in exactly one of eight people who press the button at once', async () => {
    const path = await issue(await administrator());
    const answers = await Promise.all(Array.from({ length: 8 }, () => panelBrowser(t).post(path, {})));
    assert.equal(answers.filter(({ status }) => status === 303).length, 1);
  });

  test('ends after ten minutes, with a newer link, and with a block', async () => {
    const account = await administrator();
    const [older, newer] = [await issue(account), await issue(account)];
    assert.equal((await panelBrowser(t).get(older)).status, 404);
    await t.api('POST', `/api/accounts/${account.id}/block`);
    assert.equal((await panelBrowser(t).post(newer, {})).status, 404);
    const late = await issue(await administrator());
    t.advance(10 * 60_000);
    assert.equal((await panelBrowser(t).post(late, {})).status, 404);
  });

  const setPassword: Readonly<Record<string, (account: Account) => Promise<unknown>>> = {
    'by an administrator': ({ id }) => t.api('PUT', `/api/accounts/${id}`, { password: 'another one' }),
    'by its owner': async ({ username }) => {
      const own = panelBrowser(t);
      await own.signIn(username, 'administrator');
      const fields = { old_password: 'administrator', password: 'another one' };
      assert.equal((await own.post('/account/password', fields)).status, 303);
    },
    'by a code that resets it': async (account) =>
      phonesOf(t).get(`/provisioning/${await t.makeToken(account)}?reset_password`),
  };
  for (const [words, set] of Object.entries(setPassword)) {
    test(`ends with a new password that is set ${words}`, async () => {
      const account = await t.makeAccount({ admin: true, activated: true, password: 'administrator' });
      const path = await issue(account);
      const { ha1s } = await getAccount(t.app.database, account.id);
      await set(account);
      assert.notDeepEqual((await getAccount(t.app.database, account.id)).ha1s, ha1s);
      assert.equal((await panelBrowser(t).post(path, {})).status, 404);
    });
  }

  test('keeps the session that it opened, which sets the password', async () => {
    const account = await t.makeAccount({ admin: true, activated: true, password: 'administrator' });
    const own = panelBrowser(t);
    await own.post(await issue(account), {});
    const fields = { old_password: 'administrator', password: 'another one' };
    assert.equal((await own.post('/account/password', fields)).status, 303);
    assert.equal((await own.get('/admin/accounts')).status, 200);
  });

  test('accepts no form from another site', async () => {
    const path = await issue(await administrator());
    for (const headers of [{}, { origin: 'null' }, { origin: 'https://evil.test' }]) {
      assert.equal((await panelBrowser(t).post(path, {}, headers)).status, 403);
    }
    assert.equal((await panelBrowser(t).get(path)).status, 200);
  });

  test('is not made for a blocked account', async () => {
    const account = await administrator();
    await t.api('POST', `/api/accounts/${account.id}/block`);
    const message = 'The account is blocked: unblock it first.';
    await assert.rejects(issue(account), { code: 'conflict', message });
  });
});
