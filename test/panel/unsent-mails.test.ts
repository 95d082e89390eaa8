import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Account } from '../../src/accounts/account.ts';
import { openTestApp, type TestApp } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';
import { textOf } from '../support/html.ts';
import { type MailServer, startMailServer } from '../support/mail-server.ts';
import { type PanelBrowser, panelBrowser } from '../support/panel.ts';
import { untrusted } from '../support/self-signed.ts';
import { waitUntil } from '../support/wait-until.ts';

const day = 24 * 60 * 60_000;

forEachDatabase('a mail that no mail server received', (makeUrl) => {
  let t: TestApp;
  let smtp: MailServer;
  let browser: PanelBrowser;
  let alice: Account;
  before(async () => {
    smtp = await startMailServer(untrusted);
    const mail = { RINGUP_SMTP_URL: smtp.url, RINGUP_MAIL_FROM: 'Phones <phones@example.test>' };
    t = await openTestApp(await makeUrl(), mail);
    alice = await t.makeAccount({ username: 'alice', email: 'alice@example.test' });
    await t.app.database
      .updateTable('accounts')
      .set({ email: 'me@example.test' })
      .where('username', '=', 'admin')
      .execute();
    browser = panelBrowser(t);
    await browser.signIn('admin', 'administrator');
  });
  after(async () => {
    await t.close();
    await smtp.close();
  });

  const mailTo = ({ id }: Account) => t.app.database.selectFrom('mails').selectAll().where('account_id', '=', id);
  const failureOf = async ({ id }: Account) => {
    const states = t.app.database.selectFrom('account_states').select('failure').where('account_id', '=', id);
    return (await states.executeTakeFirstOrThrow()).failure;
  };
  const shown = async (path: string, language: 'en' | 'fr') => {
    await browser.get(`/admin?lang=${language}`);
    return textOf((await browser.get(path)).html).replaceAll(/\s+/g, ' ');
  };
  const settled = async (account: Account, state: string) => {
    const isSettled = await waitUntil(async () => {
      await t.app.outbox.run();
      const [mail] = await mailTo(account).execute();
      return mail !== undefined && mail.claimed_by === null && mail.attempts > 0 && mail.state === state;
    });
    assert.ok(isSettled);
  };

  test('is explained in the language of the reader if the issuer of the certificate is unknown', async () => {
    assert.equal((await t.api('POST', `/api/accounts/${alice.id}/send_provisioning_email`)).status, 200);
    await settled(alice, 'waiting');
    const { reason, answer } = await mailTo(alice).executeTakeFirstOrThrow();
    assert.deepEqual([reason, answer], ['untrusted-certificate', 'self-signed certificate']);
    const english = 'Ringup does not know who issued the certificate of the mail server.';
    const french = 'Ringup ne connaît pas l’émetteur du certificat du serveur de messagerie.';
    assert.ok((await shown('/admin/invitations', 'en')).includes(english));
    assert.ok((await shown('/admin/invitations', 'fr')).includes(french));
    assert.ok((await shown('/admin', 'en')).includes(`The last mail was not sent. ${english}`));
    assert.ok((await shown('/admin', 'fr')).includes(`Le dernier e-mail n’a pas été envoyé. ${french}`));
  });

  test('is explained after a test mail with what to do, and with the words of the library', async () => {
    const test = () => browser.post('/admin/spaces/sip.example.test/mail', { action: 'test' });
    for (const [language, words] of [
      ['en', /self-signed certificate .* NODE_EXTRA_CA_CERTS and restart/],
      ['fr', /self-signed certificate .* NODE_EXTRA_CA_CERTS et redémarrez/],
    ] as const) {
      await browser.get(`/admin?lang=${language}`);
      assert.match(textOf((await test()).html).replaceAll(/\s+/g, ' '), words);
    }
  });

  test('is given up with a reason, which lists, the overview and the timeline translate', async () => {
    t.advance(day);
    await settled(alice, 'failed');
    assert.equal(await failureOf(alice), 'mail: untrusted-certificate');
    const bob = await t.makeAccount({ username: 'bob', email: 'bob@example.test' });
    await t.api('POST', `/api/accounts/${bob.id}/send_provisioning_email`);
    await settled(bob, 'waiting');
    const two = 'a@example.test, b@example.test';
    await t.app.database.updateTable('accounts').set({ email: two }).where('id', '=', bob.id).execute();
    await t.app.database.updateTable('mails').set({ recipient: two }).execute();
    t.advance(day);
    await settled(bob, 'failed');
    assert.equal(await failureOf(bob), 'mail: no-mailbox');
    await browser.signIn('admin', 'administrator');
    for (const path of ['/admin/accounts?filter=failed', '/admin']) {
      assert.match(await shown(path, 'en'), /This is not the address of one mailbox, /);
      assert.match(await shown(path, 'fr'), /Ce n’est pas l’adresse d’une seule boîte aux lettres, /);
      assert.match(await shown(path, 'fr'), /ne connaît pas l’émetteur du certificat du serveur de messagerie, /);
    }
    assert.match(await shown(`/admin/accounts/${alice.id}/events`, 'fr'), /Ringup ne connaît pas l’émetteur/);
  });

  test('shows the sentence that an earlier version stored as its reason', async () => {
    await t.app.database.updateTable('account_states').set({ failure: 'mail: the account is blocked' }).execute();
    assert.match(await shown('/admin/accounts?filter=failed', 'fr'), /the account is blocked, /);
  });
});
