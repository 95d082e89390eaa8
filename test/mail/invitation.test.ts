import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openTestApp, type TestApp } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';
import { type MailServer, type ReceivedMail, startMailServer, trustMailServer } from '../support/mail-server.ts';
import { pngPicture } from '../support/pictures.ts';
import { readQrCode } from '../support/qr-reader.ts';

trustMailServer();

forEachDatabase('a mail with a code', (makeUrl) => {
  let t: TestApp;
  let smtp: MailServer;
  before(async () => {
    smtp = await startMailServer();
    t = await openTestApp(
      await makeUrl(),
      { RINGUP_SMTP_URL: smtp.url, RINGUP_MAIL_FROM: 'phones@example.test' },
      { startsAt: Date.UTC(2026, 6, 1, 12), runsJobs: false },
    );
    await t.setSpace({ name: 'Hafen & Söhne', time_zone: 'Europe/Berlin', contact_text: 'Reception, number 100' });
  });
  after(async () => {
    await t.close();
    await smtp.close();
  });

  let count = 0;
  const invited = async (fields: { display_name?: string | null } = {}) => {
    count += 1;
    const account = await t.makeAccount({ email: `person${count}@example.test`, ...fields });
    const { status, text } = await t.api('POST', `/api/accounts/${account.id}/send_provisioning_email`);
    assert.equal(status, 200, text);
    await t.app.outbox.run();
    const received = smtp.mails.find(({ to }) => to.includes(`person${count}@example.test`));
    return { account, received: received ?? assert.fail('no mail came') };
  };
  const partsOf = ({ mail }: ReceivedMail) => ({ text: mail.text ?? '', html: String(mail.html) });
  const linkIn = (text: string): string => /https:\/\/\S+\/provisioning\/\S+/.exec(text)?.[0] ?? assert.fail(text);

  test('has the link, three steps, its end with the time zone, whom to ask, and the code as an embedded picture', async () => {
    const { received } = await invited({ display_name: 'Zoë Grünewald' });
    const { text, html } = partsOf(received);
    assert.equal(received.mail.subject, 'Hafen & Söhne: set up your phone');
    assert.match(text, /^Hello Zoë Grünewald,\n\nHafen & Söhne has a phone number for you\./);
    assert.match(text, /1\. Install Linphone[\s\S]*2\. On that device[\s\S]*3\. Linphone signs in/);
    assert.match(text, /Valid until Wednesday,? 8 July 2026 at 14:00 CEST/);
    assert.match(text, /Questions\? Reception, number 100/);
    const link = linkIn(text);
    assert.ok(html.indexOf(`href="${link}"`) !== -1 && html.indexOf(`href="${link}"`) < html.indexOf('<ol>'));
    const [picture] = received.mail.attachments;
    assert.deepEqual([picture?.contentType, picture?.contentDisposition], ['image/png', 'inline']);
    assert.equal(await readQrCode(picture?.content ?? Buffer.alloc(0)), link);
    assert.match(received.raw, /src=3D"cid:code@ringup"|src="cid:code@ringup"/);
    assert.equal((await t.server.inject({ url: new URL(link).pathname })).statusCode, 200);
  });

  test('loads nothing from other servers, and says that a program wrote it', async () => {
    const { received } = await invited();
    const { html } = partsOf(received);
    const link = linkIn(partsOf(received).text);
    assert.doesNotMatch(html.replaceAll(link, ''), /https?:|url\(|@import|<script|<link/);
    assert.equal(received.mail.headers.get('auto-submitted'), 'auto-generated');
  });

  test('begins with the logo of the space, which is embedded in the mail', async () => {
    const logo = pngPicture(160, 40);
    await t.setSpace({ logo: logo.toString('base64') });
    const { received } = await invited();
    await t.setSpace({ logo: null });
    const [, picture] = received.mail.attachments;
    assert.deepEqual([picture?.contentType, picture?.contentDisposition], ['image/png', 'inline']);
    assert.deepEqual(picture?.content, logo);
    assert.match(received.raw, /cid:logo@ringup/);
  });

  test('is in the language of the space', async () => {
    await t.setSpace({ language: 'fr' });
    const { received } = await invited({ display_name: 'Zoé' });
    await t.setSpace({ language: 'en' });
    assert.match(partsOf(received).text, /^Bonjour Zoé,[\s\S]*Valable jusqu’au mercredi 8 juillet 2026/);
    assert.match(partsOf(received).html, /<html lang="fr">/);
  });

  test('begins with the introduction of the space, whose facts are escaped and filled in once', async () => {
    await t.setSpace({ mail_introduction_en: 'Dear {name},\n\n<b>{space}</b>: {sip_uri}\n{link} until {valid_until}' });
    const { account, received } = await invited({ display_name: '<i>{link}</i>' });
    await t.setSpace({ mail_introduction_en: null });
    const { text, html } = partsOf(received);
    assert.ok(
      text.startsWith(
        `Dear <i>{link}</i>,\n\n<b>Hafen & Söhne</b>: sip:${account.username}@sip.example.test\nhttps://`,
      ),
    );
    assert.match(html, /Dear &#60;i&#62;\{link\}&#60;\/i&#62;,/);
    assert.match(html, /&#60;b&#62;Hafen &#38; Söhne&#60;\/b&#62;/);
    assert.doesNotMatch(html, /<i>|<b>/);
  });

  const names = [
    'Grünewald, Zoë',
    '"quoted" \\ name',
    'a@b.test, c@d.test',
    '=?utf-8?q?x?=',
    '<script>alert(1)</script>',
    '漢字',
    'x'.repeat(120),
    '\u202egnp.exe',
  ];
  for (const name of names) {
    test(`goes to one mailbox, whatever the name is: ${JSON.stringify(name)}`, async () => {
      const { account, received } = await invited({ display_name: name });
      assert.deepEqual(received.to, [account.email]);
      const { to } = received.mail;
      assert.ok(to !== undefined && !Array.isArray(to));
      assert.deepEqual(
        to.value.map(({ address, name: shown }) => [address, shown.trim()]),
        [
          [
            account.email,
            name
              .replace(/\u202e/g, ' ')
              .replace('=?', '= ?')
              .trim(),
          ],
        ],
      );
      assert.doesNotMatch(partsOf(received).html, /<script/);
    });
  }

  test('has only its own headers, even if the stored name has line breaks', async () => {
    const account = await t.makeAccount({ email: 'broken@example.test' });
    const name = 'Eve\r\nBcc: victim@example.test\r\n\r\n<h1>Hi</h1>';
    await t.app.database.updateTable('accounts').set({ display_name: name }).where('id', '=', account.id).execute();
    await t.api('POST', `/api/accounts/${account.id}/send_provisioning_email`);
    await t.app.outbox.run();
    const received = smtp.mails.find(({ to }) => to.includes('broken@example.test')) ?? assert.fail();
    assert.deepEqual([received.to, received.mail.headers.has('bcc')], [['broken@example.test'], false]);
    assert.doesNotMatch(received.raw, /^Bcc:/im);
  });

  for (const email of ['a@example.test,b@example.test', 'a;b@example.test', 'all:a@example.test']) {
    test(`is not sent to ${email}, which is not one mailbox`, async () => {
      const account = await t.makeAccount();
      const { status, json } = await t.api('PUT', `/api/accounts/${account.id}`, { email });
      assert.deepEqual([status, Object.keys(json.errors)], [422, ['email']]);
      // As an earlier version stored it.
      await t.app.database.updateTable('accounts').set({ email }).where('id', '=', account.id).execute();
      const answer = await t.api('POST', `/api/accounts/${account.id}/send_provisioning_email`);
      assert.deepEqual([answer.status, answer.json.code], [403, 'no-mail-address']);
    });
  }

  test('has the sender and the reply address of the space', async () => {
    await t.setSpace({ mail_reply_to: 'Help <help@example.test>' });
    const { received } = await invited();
    await t.setSpace({ mail_reply_to: null });
    assert.equal(received.mail.replyTo?.text, '"Help" <help@example.test>');
    assert.equal(received.mail.from?.text, '"Hafen & Söhne" <phones@example.test>');
  });

  test('contains the code that is valid already, extended if less than a day is left', async () => {
    const account = await t.makeAccount({ email: 'same@example.test' });
    await t.makeToken(account, 3_600_000);
    const before = (await t.api('GET', `/api/accounts/${account.id}/tokens`)).json;
    await t.api('POST', `/api/accounts/${account.id}/send_provisioning_email`);
    const [token, ...others] = (await t.api('GET', `/api/accounts/${account.id}/tokens`)).json;
    assert.deepEqual([token.id, others.length], [before[0].id, before.length - 1]);
    assert.equal(Date.parse(token.expires_at) - t.app.now(), 7 * 86_400_000);
    const { data } = (await t.api('GET', `/api/accounts/${account.id}/events`)).json;
    assert.deepEqual(
      data.slice(-2).map(({ kind }: { kind: string }) => kind),
      ['token-extended', 'mail-queued'],
    );
    await t.api('POST', `/api/accounts/${account.id}/send_provisioning_email`);
    assert.equal((await t.api('GET', `/api/accounts/${account.id}/tokens`)).json.length, before.length);
  });
});
