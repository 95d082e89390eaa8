import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { createSpace } from '../../src/administration/create-space.ts';
import { operator } from '../../src/events/actor.ts';
import { lastMailAnswerOf, rememberAnswer } from '../../src/mail/mail-answer.ts';
import { mailServerOf } from '../../src/mail/mail-server.ts';
import { openTestApp, type TestApp } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';
import { textOf } from '../support/html.ts';
import { type MailServer, startMailServer, trustMailServer } from '../support/mail-server.ts';
import { type PanelBrowser, panelBrowser } from '../support/panel.ts';
import { waitUntil } from '../support/wait-until.ts';

trustMailServer();

forEachDatabase('the tasks before everyone is invited', (makeUrl) => {
  let t: TestApp;
  let url: string;
  let smtp: MailServer;
  let browser: PanelBrowser;
  before(async () => {
    smtp = await startMailServer();
    const mail = { RINGUP_SMTP_URL: smtp.url, RINGUP_MAIL_FROM: 'phones@example.test' };
    url = await makeUrl();
    t = await openTestApp(url, { ...mail, RINGUP_PUBLIC_URL: 'http://10.0.0.5:8080' });
    browser = panelBrowser(t);
    await browser.signIn('admin', 'administrator');
  });
  after(async () => {
    await t.close();
    await smtp.close();
  });
  afterEach(() => smtp.behave('take'));

  const taskOf = async (name: string): Promise<string> => {
    const { html } = await browser.get('/admin');
    const [, list = ''] = /<section class="checklist">(.*?)<\/section>/s.exec(html) ?? [];
    return list.split('<li').find((each) => each.includes(name)) ?? '';
  };
  const mailTask = () => taskOf('Codes can go by mail');
  const sendTest = () => browser.post('/admin/welcome', { step: 'mail', action: 'continue', email: 'me@example.test' });
  /** Until no mail waits. */
  const sentAll = async () => {
    const isSent = await waitUntil(async () => {
      await t.app.outbox.run();
      const waiting = t.app.database.selectFrom('mails').select('id').where('state', '=', 'waiting');
      return (await waiting.execute()).length === 0;
    });
    assert.ok(isSent);
  };
  const sendCode = async (email: string) => {
    const { id } = await t.makeAccount({ email });
    assert.equal((await t.api('POST', `/api/accounts/${id}/send_provisioning_email`)).status, 200);
    await sentAll();
  };

  test('count a mail server that accepted the last mail, and not one that is only set or refused it', async () => {
    assert.match(textOf(await mailTask()), /No mail has gone out yet\. Send yourself a test mail\./);
    smtp.behave({ refuse: 550, at: 'recipient' });
    assert.equal((await sendTest()).status, 422);
    assert.doesNotMatch(await mailTask(), /class="done"/);
    assert.match(textOf(await mailTask()), /The last mail was not sent: “550 Not this one.*”/);
    assert.match(await mailTask(), /href="\/admin\/welcome\?step(=|&#61;)mail"/);
    smtp.behave('take');
    assert.equal((await sendTest()).status, 200);
    assert.match(await mailTask(), /^ class="done">/);
  });

  test('warn of an insecure address on Invitations while a mail would give it to a new person', async () => {
    const shown = async () => /begins with http:/.test((await browser.get('/admin/invitations')).html);
    assert.equal(await shown(), false, 'there is nobody to mail');
    await t.makeAccount({ email: 'warned@example.test' });
    assert.equal(await shown(), true);
    await browser.post('/admin/invitations', { action: 'invite', filter: 'waiting' });
    await t.makeAccount({ email: 'later@example.test' });
    assert.match((await browser.get('/admin/invitations')).html, /Mail 1 person</);
    assert.equal(await shown(), false, 'mails are on their way');
    assert.match(await taskOf('https address'), /iPhones accept no other/);
    await sentAll();
  });

  test('count a mailed code as a test mail, and stay ticked after a refused recipient', async () => {
    t.advance(60_000);
    smtp.behave({ refuse: 550, at: 'recipient' });
    await sendCode('refused@example.test');
    assert.match(await mailTask(), /^ class="done">/, 'the server took another mail');
    assert.equal((await sendTest()).status, 422);
    assert.match(textOf(await mailTask()), /The last mail was not sent/);
    smtp.behave('take');
    await sendCode('taken@example.test');
    assert.match(await mailTask(), /^ class="done">/);
  });

  test('do not count what one mail server said for another one', async () => {
    const other = await startMailServer();
    const mail = { RINGUP_SMTP_URL: other.url, RINGUP_MAIL_FROM: 'phones@example.test' };
    const second = await openTestApp(url, mail);
    const own = panelBrowser(second);
    await own.signIn('admin', 'administrator');
    assert.match(textOf((await own.get('/admin')).html), /No mail has gone out yet\./);
    await second.close();
    await other.close();
    assert.match(await mailTask(), /^ class="done">/);
  });

  test('drop an answer for a space that was deleted meanwhile, so that the outbox continues', async () => {
    const domain = 'gone.example.test';
    await createSpace(t.app, operator, { domain });
    const space = t.app.spaces.getByDomain(domain);
    const { server } = mailServerOf(t.app, space) ?? assert.fail();
    const heard = {
      spaceId: space.id,
      server,
      reply: { taken: true, final: true, answer: '250 OK' },
      to: 'mail',
    } as const;
    await rememberAnswer(t.app, heard);
    assert.equal((await lastMailAnswerOf(t.app, space))?.answer, '250 OK');
    assert.equal((await t.api('DELETE', `/api/spaces/${domain}`)).status, 200);
    await rememberAnswer(t.app, heard);
    assert.equal(await lastMailAnswerOf(t.app, space), undefined);
  });

  test('include a text for the person who runs the SIP server, which says what to read, without a password', async () => {
    const space = '/admin/spaces/sip.example.test';
    assert.match(await taskOf('reads the credentials'), new RegExp(`href="${space}#sip-server"`));
    const textIn = (html: string) =>
      textOf(/<textarea id="sip-server-text"[^>]*>(.*?)<\/textarea>/s.exec(html)?.[1] ?? '');
    const { html } = await browser.get(space);
    assert.match(html, /data-copies="sip-server-text"/);
    const { effectiveRegistrar: registrar } = t.app.spaces.first;
    const facts = `View: sip_credentials_sha256 (username, domain, realm, ha1)
SIP domain: sip.example.test
Realm: sip.example.test
Algorithm: SHA-256
Phones register at: ${registrar}
Recipes for Kamailio`;
    assert.ok(textIn(html).includes(textOf(facts)), textIn(html));
    const { databaseUrl, dataDir } = t.app.settings;
    const place = databaseUrl === null ? `SQLite, ${dataDir}/ringup.sqlite` : 'PostgreSQL';
    assert.ok(textIn(html).includes(`Database: ${place}`), textIn(html));
    await t.setSpace({ algorithms: ['SHA-256', 'MD5'] });
    const both = textIn((await browser.get(space)).html);
    assert.match(both, /View: sip_credentials \(username, domain, realm, algorithm, ha1\)/);
    assert.match(both, /Algorithm: SHA-256, MD5/);
  });

  test('show only super administrators where the database is', async () => {
    const domain = 'tenant.example.test';
    await createSpace(t.app, operator, { domain });
    await t.makeAccount({ domain, username: 'chief', admin: true, activated: true, password: 'right' });
    const chief = panelBrowser(t, '192.0.2.77');
    await chief.signIn(`chief@${domain}`, 'right');
    const { html } = await chief.get(`/admin/spaces/${domain}`);
    assert.match(html, /SIP domain: tenant\.example\.test/);
    assert.doesNotMatch(html, /Database:|ringup\.sqlite|PostgreSQL/);
  });
});

forEachDatabase('the text for the person who runs the SIP server', (makeUrl) => {
  test('names no user and no password of PostgreSQL', async () => {
    const t = await openTestApp(await makeUrl());
    const browser = panelBrowser(t);
    await browser.signIn('admin', 'administrator');
    const { settings } = t.app;
    Object.assign(settings, { databaseUrl: 'postgres://ringup:s3cret@db.example.test:5433/phones' });
    const { html } = await browser.get('/admin/spaces/sip.example.test');
    assert.match(html, /Database: PostgreSQL, db\.example\.test:5433\/phones \(/);
    assert.doesNotMatch(html, /s3cret|ringup:/);
    Object.assign(settings, { databaseUrl: 'postgres://ringup:s3@cret@%2Fvar%2Frun/phones' });
    assert.doesNotMatch((await browser.get('/admin/spaces/sip.example.test')).html, /s3@?cret|ringup:/);
    await t.close();
  });
});
