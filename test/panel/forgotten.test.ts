import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Account } from '../../src/accounts/account.ts';
import { getAccount } from '../../src/accounts/account-store.ts';
import { findPasswordReset, resetPassword } from '../../src/administration/reset-password.ts';
import type { App } from '../../src/app.ts';
import { openTestApp, type TestApp } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';
import { changesAfter, latestEvent } from '../support/latest-event.ts';
import { type MailServer, startMailServer, trustMailServer } from '../support/mail-server.ts';
import { panelBrowser } from '../support/panel.ts';
import { waitUntil } from '../support/wait-until.ts';

trustMailServer();

forEachDatabase('a link to a new password', (makeUrl) => {
  let t: TestApp;
  let smtp: MailServer;
  let count = 0;
  before(async () => {
    smtp = await startMailServer();
    t = await openTestApp(await makeUrl(), { RINGUP_SMTP_URL: smtp.url, RINGUP_MAIL_FROM: 'phones@example.test' });
  });
  after(async () => {
    await t.close();
    await smtp.close();
  });

  const makeOwner = (fields: { readonly admin: boolean; readonly activated: boolean }) => {
    count += 1;
    return t.makeAccount({ ...fields, password: 'the old one', email: `owner${count}@example.test` });
  };
  const askFor = async ({ username }: Account) => {
    await panelBrowser(t).post('/login/forgotten', { username });
    await t.app.passwordResets.flush();
  };
  const hasLink = async ({ id }: Account) => {
    const mails = t.app.database.selectFrom('mails').select('id').where('kind', '=', 'password-reset');
    return (await mails.where('account_id', '=', id).execute()).length > 0;
  };
  /** Returns the path of the link in the account's mail. */
  const linkOf = async ({ email }: Account) => {
    const mailed = () => smtp.mails.find(({ to }) => to.includes(email ?? ''));
    await waitUntil(async () => {
      await t.app.outbox.run();
      return mailed() !== undefined;
    });
    const text = mailed()?.mail.text ?? '';
    return new URL(/https:\/\/\S+/.exec(text)?.[0] ?? assert.fail(text)).pathname;
  };
  /** Returns the status of the page of one's own account, after a sign-in. */
  const ownPageOf = async ({ id, username }: Account) => {
    const browser = panelBrowser(t, `192.0.2.${id % 250}`);
    await browser.signIn(username, 'the old one');
    return (await browser.get('/account')).status;
  };

  const user = { admin: false, activated: true };
  const inactiveUser = { admin: false, activated: false };
  const administrator = { admin: true, activated: true };
  const inactiveAdministrator = { admin: true, activated: false };
  for (const [who, fields, selfService, isMailed] of [
    ['a user', user, true, true],
    ['a user who is not activated', inactiveUser, true, true],
    ['an administrator', administrator, true, true],
    ['an administrator who is not activated', inactiveAdministrator, true, true],
    ['a user', user, false, false],
    ['a user who is not activated', inactiveUser, false, false],
    ['an administrator', administrator, false, true],
    ['an administrator who is not activated', inactiveAdministrator, false, false],
  ] as const) {
    const where = `in a space with${selfService ? '' : 'out'} pages for users`;
    test(`is ${isMailed ? '' : 'not '}mailed to ${who} ${where}, as /account is ${isMailed ? 'open' : 'closed'} to them`, async () => {
      await t.setSpace({ self_service: selfService });
      const account = await makeOwner(fields);
      await askFor(account);
      assert.deepEqual([await ownPageOf(account), await hasLink(account)], [isMailed ? 200 : 403, isMailed]);
    });
  }

  /** Sets a new password by a link, signs in with it, and returns the page that the sign-in leads to. */
  const resetAndSignIn = async (account: Account) => {
    await askFor(account);
    const browser = panelBrowser(t, `198.51.100.${account.id % 250}`);
    const { location = '' } = await browser.post(await linkOf(account), { password: 'the new one' });
    const next = new URL(location, 'http://x').searchParams.get('next') ?? '';
    const { username } = account;
    const signedIn = await browser.post('/login', { username, password: 'the new one', next });
    return browser.get(signedIn.location ?? '');
  };
  const recorded = async (since: number) => (await changesAfter(t.app, since)).map(({ kind }) => kind);

  for (const [who, fields] of [
    ['a user', user],
    ['an administrator', administrator],
    ['an administrator who is not activated', inactiveAdministrator],
  ] as const) {
    test(`leads ${who} to a code for the phones that have the former password`, async () => {
      await t.setSpace({ self_service: true });
      const account = await makeOwner(fields);
      const before = await latestEvent(t.app);
      const { status, html } = await resetAndSignIn(account);
      assert.equal(status, 200);
      assert.match(html, /https:\/\/ringup\.example\.test\/provisioning\/\w{28}/);
      assert.match(html, /The password is new\./);
      assert.deepEqual(await recorded(before), ['password-changed', 'token-issued']);
    });
  }

  test('leads to the sign-in if its button is clicked twice, and tells nothing else', async () => {
    const account = await makeOwner(administrator);
    await askFor(account);
    const path = await linkOf(account);
    const set = (password: string) => panelBrowser(t).post(path, { password });
    const answers = await Promise.all([set('the new one'), set('the new one')]);
    assert.deepEqual(
      answers.map(({ status }) => status),
      [303, 303],
    );
    const stored = (await getAccount(t.app.database, account.id)).ha1s;
    const before = await latestEvent(t.app);
    for (const password of ['the new one', 'another one', '']) {
      const { location = '' } = await set(password);
      assert.equal(location, '/login?next=%2Faccount%3Fdone%3Dpassword&done=password-before');
      assert.match((await panelBrowser(t).get(location)).html, /This link has just set a password/);
    }
    assert.equal((await panelBrowser(t).get(path)).status, 404);
    t.advance(60_000);
    assert.equal((await set('the new one')).status, 404);
    assert.deepEqual((await getAccount(t.app.database, account.id)).ha1s, stored);
    assert.deepEqual(await recorded(before), []);
  });

  test('is gone at once if it was replaced instead of used', async () => {
    const account = await makeOwner(user);
    await askFor(account);
    const path = await linkOf(account);
    assert.equal((await t.api('PUT', `/api/accounts/${account.id}`, { password: 'another one' })).status, 200);
    assert.equal((await panelBrowser(t).post(path, { password: 'the new one' })).status, 404);
  });

  test('keeps a code that is already valid', async () => {
    const account = await makeOwner(user);
    const code = await t.makeToken(account);
    const before = await latestEvent(t.app);
    const { html } = await resetAndSignIn(account);
    assert.ok(html.includes(code));
    assert.deepEqual(await recorded(before), ['password-changed']);
  });

  test('stays open, and the password as it is, if the code cannot be stored', async () => {
    const account = await makeOwner(user);
    await askFor(account);
    const secret = (await linkOf(account)).split('/').at(-1) ?? '';
    const codes = {
      make() {
        throw new Error('no code');
      },
    };
    const failing = Object.create(t.app, { codes: { value: codes } }) as App;
    await assert.rejects(resetPassword(failing, secret, 'the new one'), /no code/);
    assert.deepEqual((await getAccount(t.app.database, account.id)).ha1s, account.ha1s);
    assert.notEqual(await findPasswordReset(t.app, secret), undefined);
  });
});
