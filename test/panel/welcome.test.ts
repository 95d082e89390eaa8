import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { sql } from 'kysely';
import type { TestApp } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';
import { formFields, textOf } from '../support/html.ts';
import { changesAfter, latestEvent } from '../support/latest-event.ts';
import { startMailServer, trustMailServer } from '../support/mail-server.ts';
import { openPanel, type PanelBrowser } from '../support/panel.ts';
import { waitUntil } from '../support/wait-until.ts';

trustMailServer();

forEachDatabase('the first steps after the setup', (makeUrl) => {
  let t: TestApp;
  let browser: PanelBrowser;
  before(async () => {
    ({ t, browser } = await openPanel(await makeUrl()));
  });
  after(() => t.close());

  const urlOfCode = async (): Promise<string> => {
    const { data } = (await t.api('GET', '/api/accounts?search=admin')).json;
    const { html } = await browser.get(`/admin/accounts/${data[0].id}/provisioning`);
    return /<input id="address"[^>]* value="([^"]+)"/.exec(html)?.[1] ?? '';
  };

  test('name the address for phones, and who sets it', async () => {
    const { html } = await browser.get('/admin/welcome');
    assert.match(textOf(html), /https:\/\/ringup\.example\.test .*RINGUP_PUBLIC_URL sets it/);
    assert.match(html, /Do this later/);
    assert.match(html, /Step 4 of 6/, 'the setup has asked for three things already');
  });

  test('make a code for the own phone once, and follow it until the phone has it', async () => {
    const first = await latestEvent(t.app);
    const { location } = await browser.post('/admin/welcome', { step: 'address', action: 'later' });
    assert.equal(location, '/admin/welcome?step=phone');
    assert.deepEqual(await changesAfter(t.app, first), [{ kind: 'token-issued', actor: 'account' }]);
    const again = await latestEvent(t.app);
    await browser.post('/admin/welcome', { step: 'address', action: 'continue' });
    assert.deepEqual(await changesAfter(t.app, again), []);
    const page = await browser.get('/admin/welcome?step=phone');
    assert.match(page.html, /<img class="qr" src="data:image\/svg\+xml;base64,/);
    assert.match(textOf(page.html), /This code is for admin@sip\.example\.test\./);
    assert.match(page.html, /<li class="next" aria-current="step">/);
    const url = await urlOfCode();
    assert.ok(page.html.includes(`value="${url}"`), 'the address stands beside its picture, as that says');
    const [, token = ''] = /provisioning\/(\w+)/.exec(url) ?? [];
    await t.server.inject({ url: `/provisioning/${token}` });
    const shown = async () => (await browser.get('/admin/welcome?step=phone')).html;
    assert.ok(
      await waitUntil(
        async () => (await t.app.deliveries.settleAll()) && /Done\. This phone has its account\./.test(await shown()),
      ),
    );
    await browser.post('/admin', { done: 'credentials' });
    assert.match(
      await shown(),
      /Done\. This phone rings now\./,
      'once the SIP server is known to read the credentials',
    );
    assert.doesNotMatch(await shown(), /class="qr"/);
  });

  test('take the mail server of the first space, and never show it', async () => {
    const step = { step: 'mail', action: 'continue' };
    const url = 'smtp://mailer:s3cret@mail.example.test:587';
    const wrong = await browser.post('/admin/welcome', { ...step, smtp_url: 'mail.example.test', mail_from: 'a, b' });
    assert.equal(wrong.status, 422);
    assert.match(wrong.html, /<input id="smtp_host"[^>]* aria-invalid="true"/);
    const parts = {
      smtp_host: 'mail.example.test',
      smtp_security: 'tls',
      smtp_user: 'mailer',
      smtp_password: 's3cret/1',
    };
    const kept = await browser.post('/admin/welcome', { ...step, ...parts, mail_from: 'a, b' });
    assert.equal(kept.status, 422);
    assert.match(kept.html, /id="smtp_host"[^>]*value="mail\.example\.test"/);
    assert.match(kept.html, /<option value="tls" selected>/);
    assert.match(kept.html, /Type it again/);
    assert.doesNotMatch(kept.html, /s3cret/);
    const byParts = { ...step, ...parts, mail_from: 'phones@example.test' };
    assert.equal((await browser.post('/admin/welcome', byParts)).location, '/admin');
    assert.equal(t.app.spaces.first.smtpUrl, 'smtps://mailer:s3cret%2F1@mail.example.test:465');
    const whole = { ...step, smtp_host: url, mail_from: 'a, b' };
    assert.doesNotMatch(
      (await browser.post('/admin/welcome', whole)).html,
      /s3cret/,
      'an address that was pasted whole',
    );
    assert.equal((await browser.post('/admin/welcome', { ...whole, mail_from: 'p@example.test' })).location, '/admin');
    assert.equal(t.app.spaces.first.smtpUrl, url);
    const done = await browser.post('/admin/welcome', { ...step, smtp_url: url, mail_from: 'phones@example.test' });
    assert.equal(done.location, '/admin');
    assert.equal(t.app.spaces.first.mailFrom, 'phones@example.test');
    const { html } = await browser.get('/admin/welcome?step=mail');
    assert.match(html, /value="phones@example\.test"/);
    assert.doesNotMatch(html, /s3cret/);
    t.advance(10 * 60_000);
    const late = await browser.post('/admin/welcome', { ...step, smtp_url: url, mail_from: 'later@example.test' });
    assert.equal(late.status, 422);
    assert.match(late.html, /<input id="current_password"/);
    const fields = { ...step, smtp_url: url, mail_from: 'later@example.test', current_password: 'administrator' };
    assert.equal((await browser.post('/admin/welcome', fields)).location, '/admin');
  });

  test('keep a sender that somebody else has set, and the password of the mail server that stays', async () => {
    const url = 'smtps://mailer:s3cret@mail.example.test:465';
    await t.setSpace({ smtp_url: url, mail_from: 'phones@example.test' });
    const older = formFields((await browser.get('/admin/welcome?step=mail')).html, 'mail_from');
    await t.setSpace({ mail_from: 'colleague@example.test' });
    const send = (fields: Record<string, string>) =>
      browser.post('/admin/welcome', { ...Object.fromEntries(older), action: 'continue', email: '', ...fields });
    assert.equal((await send({})).status, 303);
    assert.equal(t.app.spaces.first.mailFrom, 'colleague@example.test');
    const same = { smtp_host: 'mail.example.test', smtp_security: 'tls', smtp_port: '', smtp_user: 'mailer' };
    assert.equal((await send({ ...same, mail_from: 'own@example.test' })).status, 303);
    assert.deepEqual([t.app.spaces.first.smtpUrl, t.app.spaces.first.mailFrom], [url, 'own@example.test']);
    for (const other of [
      { smtp_host: 'other.example.test' },
      { smtp_user: 'someone' },
      { smtp_security: 'starttls' },
    ]) {
      const refused = await send({ ...same, ...other });
      assert.equal(refused.status, 422);
      assert.match(refused.html, /id="smtp_password"[^>]* aria-invalid="true"/);
    }
    assert.equal(t.app.spaces.first.smtpUrl, url);
  });

  test('send a test mail, keep the address that it went to, and show what the mail server said', async () => {
    const step = { step: 'mail', action: 'continue', smtp_url: '', mail_from: 'phones@example.test' };
    const wrong = await browser.post('/admin/welcome', { ...step, email: 'nobody' });
    assert.equal(wrong.status, 422);
    assert.match(wrong.html, /<input id="email"[^>]* value="nobody"[^>]* aria-invalid="true"/);
    const smtp = await startMailServer({}, [2525, 587, 25]);
    try {
      const done = await browser.post('/admin/welcome', { ...step, smtp_url: smtp.url, email: 'me@example.test' });
      assert.equal(done.status, 200);
      assert.match(textOf(done.html), /The mail server took it: 250 .*me@example\.test.*Continue/);
      const [english] = await smtp.received(1);
      assert.deepEqual(english?.to, ['me@example.test']);
      assert.match(
        (await browser.get('/admin/welcome?step=mail')).html,
        /<input id="email"[^>]* value="me@example\.test"/,
      );
      await browser.post('/admin/welcome?lang=fr', { ...step, email: 'me@example.test' });
      assert.match((await smtp.received(2))[1]?.mail.subject ?? '', /message d’essai/);
      smtp.behave({ refuse: 550, at: 'recipient' });
      const refused = await browser.post('/admin/welcome?lang=en', { ...step, email: 'me@example.test' });
      assert.equal(refused.status, 422);
      assert.match(textOf(refused.html), /The mail was not sent: 550/);
    } finally {
      await smtp.close();
    }
  });

  test('take back a sender whose test mail was refused', async () => {
    t.advance(60 * 60_000);
    await browser.signIn('admin', 'administrator');
    await t.setSpace({ smtp_url: 'smtp://127.0.0.1:25', mail_from: 'first@example.test' });
    const step = { step: 'mail', action: 'continue', email: 'admin@example.test' };
    const sent = { ...step, mail_from: 'second@example.test', was_mail_from: 'first@example.test' };
    const refused = await browser.post('/admin/welcome', sent);
    assert.equal(refused.status, 422);
    assert.equal(t.app.spaces.first.mailFrom, 'second@example.test');
    const back = formFields(refused.html, 'mail_from');
    assert.equal(back.get('was_mail_from'), 'second@example.test');
    back.set('mail_from', 'first@example.test');
    await browser.post('/admin/welcome', { ...Object.fromEntries(back), action: 'continue' });
    assert.equal(t.app.spaces.first.mailFrom, 'first@example.test');
  });

  test('mark mistakes in the own mail address and in the mail server together', async () => {
    const sent = { step: 'mail', smtp_url: 'mail.example.test', mail_from: 'a, b', email: 'nobody' };
    const { status, html } = await browser.post('/admin/welcome', sent);
    assert.equal(status, 422);
    for (const name of ['smtp_host', 'mail_from', 'email']) {
      assert.match(html, new RegExp(`<input id="${name}"[^>]*aria-invalid="true"`), name);
    }
  });

  test('keep neither the own address nor the mail server if one of them cannot be stored', async () => {
    const sent = { step: 'mail', smtp_url: '', mail_from: 'lost@example.test', email: 'lost@example.test' };
    await sql`alter table revisions rename to revisions_away`.execute(t.app.database);
    const { status } = await browser.post('/admin/welcome', sent);
    await sql`alter table revisions_away rename to revisions`.execute(t.app.database);
    assert.equal(status, 503);
    const { data } = (await t.api('GET', '/api/accounts?search=admin')).json;
    assert.notEqual(data[0].email, 'lost@example.test');
  });

  test('set the address for phones and make a code for the own phone together, or neither', async () => {
    const publicUrl = 'http://127.0.0.1:7';
    const { t: other, browser: own } = await openPanel(await makeUrl(), { RINGUP_PUBLIC_URL: '' });
    try {
      const first = await latestEvent(other.app);
      const sent = { step: 'address', public_url: publicUrl };
      await sql`alter table tokens rename to tokens_away`.execute(other.app.database);
      assert.equal((await own.post('/admin/welcome', sent)).status, 503);
      await sql`alter table tokens_away rename to tokens`.execute(other.app.database);
      assert.notEqual(other.app.publicUrl, publicUrl);
      assert.deepEqual(await changesAfter(other.app, first), []);
      assert.equal((await own.post('/admin/welcome', sent)).location, '/admin/welcome?step=phone');
      assert.deepEqual(await changesAfter(other.app, first), [
        { kind: 'address-changed', actor: 'account' },
        { kind: 'token-issued', actor: 'account' },
      ]);
    } finally {
      await other.close();
    }
  });

  test('can each be put off, and end on the dashboard', async () => {
    const after = async (step: string) => (await browser.post('/admin/welcome', { step, action: 'later' })).location;
    assert.equal(await after('phone'), '/admin/welcome?step=mail');
    assert.equal(await after('mail'), '/admin');
  });
});
