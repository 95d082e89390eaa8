import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openTestApp, type TestApp } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';
import { textOf } from '../support/html.ts';
import { type MailServer, startMailServer, trustMailServer } from '../support/mail-server.ts';
import { type PanelBrowser, panelBrowser } from '../support/panel.ts';
import { phonesOf } from '../support/phone.ts';
import { waitUntil } from '../support/wait-until.ts';

trustMailServer();
const invitations = '/admin/invitations';

forEachDatabase('a mail for accounts that have no phone yet', (makeUrl) => {
  let t: TestApp;
  let smtp: MailServer;
  let browser: PanelBrowser;
  before(async () => {
    smtp = await startMailServer();
    const settings = { RINGUP_SMTP_URL: smtp.url, RINGUP_MAIL_FROM: 'phones@example.test' };
    t = await openTestApp(await makeUrl(), settings, { runsJobs: false });
    browser = panelBrowser(t);
    await browser.signIn('admin', 'administrator');
  });
  after(async () => {
    await t.close();
    await smtp.close();
  });

  /** Imports an account with a mail address. Returns the account and the path of the import. */
  const imported = async (username: string) => {
    const text = `username,email\n${username},${username}@example.test\n`;
    const { location: path = '' } = await browser.post('/admin/import', { text });
    assert.equal((await browser.post(path, { action: 'import' })).status, 303);
    const [account] = (await t.api('GET', `/api/accounts?search=${username}`)).json.data;
    return { account, path };
  };
  const settled = async (id: number, state: string) => {
    const found = t.app.database.selectFrom('account_states').select('state').where('account_id', '=', id);
    const isSettled = await waitUntil(async () => {
      await t.app.outbox.run();
      await t.app.deliveries.settleAll();
      await t.app.events.flush();
      return (await found.executeTakeFirst())?.state === state;
    });
    assert.ok(isSettled);
  };
  const textAt = async (path: string) => textOf((await browser.get(path)).html).replaceAll(/\s+/g, ' ');
  const queuedBy = async (path: string, fields: Record<string, string>) =>
    Number(/queued=(\d+)/.exec((await browser.post(path, fields)).location ?? '')?.[1]);
  const failMail = async (id: number) => {
    smtp.behave({ refuse: 550, at: 'recipient' });
    assert.equal((await t.api('POST', `/api/accounts/${id}/send_provisioning_email`)).status, 200);
    await settled(id, 'failed');
    smtp.behave('take');
  };

  test('goes to an account whose expired code was tried, but not to it as one of those that wait', async () => {
    const { account, path } = await imported('late');
    const token = await t.makeToken(account, 60_000);
    t.advance(61_000);
    await phonesOf(t).get(`/provisioning/${token}`);
    await settled(account.id, 'failed');
    assert.equal((await t.api('POST', '/api/accounts/invitations', { filter: 'waiting' })).json.queued, 0);
    assert.equal(await queuedBy(invitations, { action: 'invite', filter: 'waiting' }), 0);
    const shown = await textAt(invitations);
    assert.match(shown, /no other account with a mail address is in the state “Never set up” or “Code waiting”\./);
    assert.match(shown, /1 account has failed and gets none of these mails\. See all that failed/);
    assert.match((await browser.get(invitations)).html, /<a href="\/admin\/accounts\?filter(?:=|&#61;)failed">/);
    assert.match(await textAt(path), /1 new account has no phone yet.*Invite 1 by mail/);
    assert.equal(await queuedBy(path, { action: 'invite' }), 1);
    await settled(account.id, 'waiting');
    assert.doesNotMatch(await textAt(invitations), /has failed/);
  });

  test('goes again to an account whose mail failed', async () => {
    const { account, path } = await imported('unreached');
    await failMail(account.id);
    assert.match(await textAt(path), /1 new account has no phone yet/);
    assert.equal(await queuedBy(invitations, { action: 'retry' }), 1);
    await settled(account.id, 'waiting');
  });

  test('does not go to an account with a phone, even if a later mail to it failed', async () => {
    const { account, path } = await imported('equipped');
    await phonesOf(t).redeem(await t.makeToken(account));
    await settled(account.id, 'active');
    await failMail(account.id);
    assert.doesNotMatch(await textAt(path), /has no phone yet/);
    assert.equal(await queuedBy(path, { action: 'invite' }), 0);
    assert.equal(await queuedBy(invitations, { action: 'retry' }), 0);
    assert.equal(await queuedBy(invitations, { retry: String(account.id) }), 1, 'only if somebody names it');
  });

  test('does not go to a blocked account', async () => {
    const { account, path } = await imported('barred');
    await failMail(account.id);
    await t.api('POST', `/api/accounts/${account.id}/block`);
    assert.doesNotMatch(await textAt(path), /has no phone yet/);
    assert.equal(await queuedBy(invitations, { action: 'retry' }), 0);
  });
});
