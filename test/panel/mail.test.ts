import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { translator } from '../../src/locale/translate.ts';
import { inviteForms } from '../../src/panel/parts/invite-forms.ts';
import { openTestApp, type TestApp, testDomain } from '../support/app.ts';
import { dumpDatabase } from '../support/database-dump.ts';
import { forEachDatabase } from '../support/databases.ts';
import { textOf } from '../support/html.ts';
import { changesAfter, latestEvent } from '../support/latest-event.ts';
import { type MailServer, mailUser, startMailServer, trustMailServer } from '../support/mail-server.ts';
import { fiveCharacters, type PanelBrowser, panelBrowser } from '../support/panel.ts';
import { phonesOf } from '../support/phone.ts';
import { waitUntil } from '../support/wait-until.ts';

trustMailServer();
const domain = 'sip.example.test';
const spaceMail = `/admin/spaces/${domain}/mail`;

test('a page that counted only people who were mailed already still offers to mail the others', () => {
  const reader = { t: translator('en') };
  const counted = { fresh: 0, again: 1_000, withoutAddress: 0 };
  assert.match(inviteForms(reader, { ...counted, isMore: true }), /Mail everyone who got no mail yet/);
  assert.doesNotMatch(inviteForms(reader, { ...counted, isMore: false }), /value="waiting"/);
});

forEachDatabase('mail in the panel', (makeUrl) => {
  let t: TestApp;
  let smtp: MailServer;
  let browser: PanelBrowser;
  before(async () => {
    smtp = await startMailServer();
    const settings = { RINGUP_SMTP_URL: smtp.url, RINGUP_MAIL_FROM: 'ringup@example.test' };
    t = await openTestApp(await makeUrl(), settings, { runsJobs: false });
    await t.api('POST', '/api/spaces', { domain: 'other.example.test' });
    browser = panelBrowser(t);
    await browser.signIn('admin', 'administrator');
  });
  after(async () => {
    await t.close();
    await smtp.close();
  });

  const otherAdmin = async () => {
    const fields = { admin: true, activated: true, password: 'right', domain: 'other.example.test' } as const;
    const { username } = await t.makeAccount({ ...fields, email: `boss${Math.random()}@example.test` });
    const own = panelBrowser(t, '192.0.2.77');
    await own.signIn(`${username}@other.example.test`, 'right');
    return own;
  };

  test('an introduction has the limit of its field and keeps its line breaks, which browsers send as CR-LF', async () => {
    for (const text of ['Hi!\n'.repeat(499), `a${'\n'.repeat(1_998)}z`]) {
      const fields = { action: 'save', mail_introduction_en: text.replaceAll('\n', '\r\n') };
      assert.equal((await browser.post(spaceMail, fields)).location, `${spaceMail}?saved`);
      assert.equal((await t.api('GET', `/api/spaces/${domain}`)).json.mail_introduction_en, text.trim());
    }
    await t.setSpace({ mail_introduction_en: 'Dear {name},\n\nwelcome.', mail_reply_to: null });
    const before = await latestEvent(t.app);
    const reply = {
      action: 'save',
      mail_reply_to: 'desk@example.test',
      mail_introduction_en: 'Dear {name},\r\n\r\nwelcome.',
    };
    assert.equal((await browser.post(spaceMail, reply)).location, `${spaceMail}?saved`);
    const changed = t.app.database.selectFrom('events').select('detail').where('id', '>', before);
    assert.deepEqual(
      (await changed.execute()).map(({ detail }) => JSON.parse(detail ?? '')),
      [{ domain, fields: 'mail_reply_to' }],
    );
    await t.setSpace({ mail_introduction_en: null, mail_reply_to: null });
  });

  test('settings are stored with an event, and kept with their mistakes if one is invalid', async () => {
    const before = await latestEvent(t.app);
    const fields = { action: 'save', mail_from: 'Phones <phones@example.test>', mail_introduction_en: 'Dear {name},' };
    assert.equal((await browser.post(spaceMail, fields)).location, `${spaceMail}?saved`);
    assert.deepEqual(await changesAfter(t.app, before), [{ kind: 'space-changed', actor: 'account' }]);
    const dump = await dumpDatabase(t.app.database);
    const wrong = { ...fields, mail_from: '"><script>x</script>', mail_introduction_fr: 'Bonjour {prenom}' };
    const { status, html } = await browser.post(spaceMail, wrong);
    assert.equal(status, 422);
    assert.match(html, /<input id="mail_from"[^>]*aria-invalid="true"/);
    assert.match(
      html,
      /<textarea id="mail_introduction_fr"[^>]*aria-invalid="true"[^>]*>\nBonjour \{prenom\}<\/textarea>/,
    );
    assert.doesNotMatch(html, /<script>x/);
    assert.deepEqual(await dumpDatabase(t.app.database), dump);
  });

  test('the mail server of a space is set by super administrators only, and never shown', async () => {
    const other = await otherAdmin();
    const url = '/admin/spaces/other.example.test/mail';
    assert.doesNotMatch((await other.get(url)).html, /name="smtp_url"/);
    const sent = { action: 'save', smtp_url: 'smtps://a:sesame@mail.example.test' };
    assert.equal((await other.post(url, sent)).status, 403);
    assert.equal((await other.get(spaceMail)).status, 404);
    assert.equal((await browser.post(url, sent)).status, 303);
    assert.equal(t.app.spaces.getByDomain('other.example.test').smtpUrl, sent.smtp_url);
    assert.doesNotMatch((await browser.get(url)).html, /sesame/);
    const typed = { smtp_host: 'mail.example.test', smtp_security: 'tls', smtp_user: 'a@b', smtp_password: 'p:@/%é' };
    assert.equal((await browser.post(url, { action: 'save', ...typed })).status, 303);
    assert.equal(
      t.app.spaces.getByDomain('other.example.test').smtpUrl,
      'smtps://a%40b:p%3A%40%2F%25%C3%A9@mail.example.test:465',
    );
    const kept = await browser.post(url, { action: 'save', ...typed, mail_from: 'a, b' });
    assert.equal(kept.status, 422);
    assert.match(kept.html, /id="smtp_host"[^>]*value="mail\.example\.test"/);
    assert.match(kept.html, /<option value="tls" selected>/);
    assert.match(kept.html, /Type it again/);
    assert.doesNotMatch(kept.html, /p:@\/%é/);
    const address = await browser.post(url, { action: 'save', smtp_host: 'https://mail.example.test/' });
    assert.match(address.html, /Write the name of the mail server alone, such as mail\.example\.com\./);
    assert.equal((await browser.post(url, sent)).status, 303);
    const wrong = await browser.post(url, { ...sent, smtp_url: 'smtp://a:sesame@10.0.0.1:22' });
    assert.equal(wrong.status, 422);
    assert.doesNotMatch(wrong.html, /sesame/);
    assert.equal((await browser.post(url, { action: 'save' })).status, 303);
    assert.equal(t.app.spaces.getByDomain('other.example.test').smtpUrl, sent.smtp_url, 'empty changes nothing');
    assert.equal((await browser.post(url, { action: 'save', no_smtp_url: 'true' })).status, 303);
    assert.equal(t.app.spaces.getByDomain('other.example.test').smtpUrl, null);
  });

  test('a mail server with a user but no password is refused, unless only its password is not typed again', async () => {
    const page = '/admin/spaces/other.example.test/mail';
    const typed = { smtp_host: 'mail.example.test', smtp_security: 'tls', smtp_user: 'mailer' };
    const refused = await browser.post(page, { action: 'save', ...typed });
    assert.equal(refused.status, 422);
    assert.match(refused.html, /id="smtp_password"[^>]* aria-invalid="true"/);
    assert.match(textOf(refused.html), /Password there \(optional\) – Fill this in\./);
    const stored = () => t.app.spaces.getByDomain('other.example.test').smtpUrl;
    assert.equal(stored(), null);
    assert.equal((await browser.post(page, { action: 'save', ...typed, smtp_password: 'sesame' })).status, 303);
    assert.equal((await browser.post(page, { action: 'save', ...typed })).status, 303);
    assert.equal(stored(), 'smtps://mailer:sesame@mail.example.test:465');
    assert.equal((await browser.post(page, { action: 'save', ...typed, smtp_host: 'x.example.test' })).status, 422);
    assert.equal((await browser.post(page, { action: 'save', ...typed, no_smtp_url: 'true' })).status, 303);
    assert.equal(stored(), null);
  });

  test('settings that the form about mails does not send stay as they are', async () => {
    const url = '/admin/spaces/other.example.test/mail';
    const mailFrom = () => t.app.spaces.getByDomain('other.example.test').mailFrom;
    assert.equal((await browser.post(url, { action: 'save', mail_from: 'phones@example.test' })).status, 303);
    assert.equal((await browser.post(url, { action: 'save', mail_reply_to: 'desk@example.test' })).status, 303);
    assert.equal(mailFrom(), 'phones@example.test');
    assert.equal((await browser.post(url, { action: 'save', mail_from: '', mail_reply_to: '' })).status, 303);
    assert.equal(mailFrom(), null);
  });

  test('another mail server needs the password again after ten minutes', async () => {
    const own = panelBrowser(t, '192.0.2.78');
    await own.signIn('admin', 'administrator');
    t.advance(11 * 60_000);
    const url = '/admin/spaces/other.example.test/mail';
    const sent = { action: 'save', smtp_url: 'smtps://mail.example.test' };
    assert.match((await own.get(url)).html, /<input id="current_password"/);
    for (const password of ['', 'wrong']) {
      const { status, html } = await own.post(url, { ...sent, current_password: password });
      assert.equal(status, 422);
      assert.match(html, /<input id="current_password"[^>]*aria-invalid="true"/);
    }
    assert.equal(t.app.spaces.getByDomain('other.example.test').smtpUrl, null);
    assert.equal((await own.post(url, { ...sent, current_password: 'administrator' })).status, 303);
    assert.doesNotMatch((await own.get(url)).html, /<input id="current_password"/);
    t.advance(11 * 60_000);
    const removal = { action: 'save', no_smtp_url: 'true' };
    const { status, html } = await own.post(url, removal);
    assert.equal(status, 422);
    assert.match(html, /<input[^>]* id="no_smtp_url"[^>]* checked>/, 'the box stays ticked');
    assert.doesNotMatch((await own.get(url)).html, /<input[^>]* id="no_smtp_url"[^>]* checked>/);
    assert.equal((await own.post(url, { ...removal, current_password: 'administrator' })).status, 303);
  });

  test('a whole address in the field of the mail server is not shown again, and the field says so', async () => {
    const again = /Type the address again/;
    const wrong = { mail_from: 'a, b', smtp_host: 'smtps://a:sesame@mail.example.test' };
    const { status, html } = await browser.post(spaceMail, { action: 'save', ...wrong });
    assert.equal(status, 422);
    assert.match(/<p class="hint" id="smtp_host-hint">(.*?)<\/p>/s.exec(html)?.[1] ?? '', again);
    assert.doesNotMatch(html, /sesame/);
    const name = await browser.post(spaceMail, { action: 'save', ...wrong, smtp_host: 'mail.example.test' });
    assert.doesNotMatch(name.html, again);
  });

  test('a test mail shows what the server said', async () => {
    const without = await browser.post(spaceMail, { action: 'test' });
    assert.equal(without.status, 422);
    assert.match(textOf(without.html), /admin has no mail address\. Add one first\./);
    const [{ id }] = (await t.api('GET', '/api/accounts?search=admin')).json.data;
    await t.api('PUT', `/api/accounts/${id}`, { email: 'admin@example.test' });
    const taken = await browser.post(spaceMail, { action: 'test' });
    assert.match(taken.html, /The mail server took it:<\/b> <bdi>250 /);
    assert.equal(smtp.mails.at(-1)?.mail.subject, `${domain}: test message`);
    assert.equal(smtp.mails.at(-1)?.from, 'ringup@example.test', 'the environment counts first for the first space');
    smtp.behave({ refuse: 550, at: 'recipient' });
    const refused = await browser.post(spaceMail, { action: 'test' });
    assert.deepEqual([taken.status, refused.status], [200, 422]);
    smtp.behave('take');
    assert.match(refused.html, /The mail was not sent:<\/b> <bdi>550 Not this one/);
  });

  test('a space sends at most three test mails a minute', async () => {
    t.advance(60_000);
    const test = () => browser.post(spaceMail, { action: 'test' });
    for (let times = 0; times < 3; times += 1) assert.equal((await test()).status, 200);
    const sent = smtp.mails.length;
    const { status, headers } = await test();
    assert.deepEqual([status, headers['retry-after']], [429, '60']);
    const step = { step: 'mail', action: 'continue', email: 'admin@example.test' };
    assert.equal((await browser.post('/admin/welcome', step)).status, 429);
    assert.equal(smtp.mails.length, sent);
    t.advance(60_000);
    assert.equal((await test()).status, 200);
  });

  const sentAll = async () => {
    const isSent = await waitUntil(async () => {
      await t.app.outbox.run();
      const waiting = t.app.database.selectFrom('mails').select('id').where('state', '=', 'waiting');
      return (await waiting.execute()).length === 0;
    });
    assert.ok(isSent);
  };

  const invite = (fields: Record<string, string>) =>
    browser.post('/admin/invitations', { action: 'invite', ...fields });

  test('invitations are counted, queued, sent, listed and followed, and no account is mailed twice by default', async () => {
    const accounts = [];
    for (const index of [1, 2, 3]) {
      accounts.push(await t.makeAccount({ email: `invited${index}@example.test`, display_name: `<b>${index}</b>` }));
    }
    const before = await latestEvent(t.app);
    const { location } = await invite({ filter: 'waiting' });
    const kinds = (await changesAfter(t.app, before)).map(({ kind }) => kind);
    assert.ok(kinds.includes('mail-queued'));
    await sentAll();
    const { html } = await browser.get(location ?? '');
    assert.match(html, /mails were queued/);
    assert.match(html, /\d+ of \d+ sent/);
    assert.match(html, /data-mail="sent"/);
    assert.match(html, /&#60;b&#62;1&#60;\/b&#62;/);
    assert.doesNotMatch(html, /<b>1<\/b>/);
    const queued = smtp.mails.length;
    const invitePage = (await browser.get('/admin/invitations')).html;
    const [, everyone = ''] = /Everyone else in these states, whether mailed or not: (\d+)/.exec(invitePage) ?? [];
    const again = Number(everyone) + 1;
    assert.ok(again > accounts.length);
    assert.match(invitePage, /was mailed already\./);
    assert.doesNotMatch(invitePage, /begins with http:/, 'the address is an https one');
    await invite({ filter: 'waiting' });
    await sentAll();
    assert.equal(smtp.mails.length, queued, 'everyone got a mail');
    const newcomer = await t.makeAccount({ email: 'newcomer@example.test' });
    assert.match((await browser.get('/admin/invitations')).html, /Mail 1 person</);
    const left = await invite({ filter: 'waiting' });
    await sentAll();
    assert.equal(smtp.mails.length, queued + 1, 'only who got none yet');
    assert.match((await browser.get(left.location ?? '')).html, /\d+ were left out: a mail has gone there already/);
    await t.api('PUT', `/api/accounts/${newcomer.id}`, { email: 'corrected@example.test' });
    await invite({ filter: 'waiting' });
    await sentAll();
    assert.equal(smtp.mails.at(-1)?.to[0], 'corrected@example.test', 'to a new address nothing has gone');
    await invite({ filter: 'again', invited: 'everyone' });
    await sentAll();
    assert.equal(smtp.mails.length, queued + 2 + again, 'also the others, because that was chosen');
    await invite({ filter: 'again', days: '2' });
    await sentAll();
    assert.equal(smtp.mails.length, queued + 2 + again, 'nobody was invited two days ago');
    t.advance(2 * 86_400_000);
    await browser.signIn('admin', 'administrator');
    await invite({ filter: 'again', days: '2' });
    await sentAll();
    assert.ok(smtp.mails.length >= queued + 2 + again + accounts.length);
  });

  test('an invalid number of days is refused at its field, and no mail is sent', async () => {
    const queued = smtp.mails.length;
    for (const days of ['0', '366', '1.5', 'seven', '']) {
      const { status, html } = await browser.post('/admin/invitations', { action: 'invite', filter: 'again', days });
      assert.equal(status, 422, days);
      assert.match(html, /<details class="again" open>/);
      assert.match(html, new RegExp(`<input id="days"[^>]*value="${days}"[^>]*aria-invalid="true"`));
    }
    await sentAll();
    assert.equal(smtp.mails.length, queued);
  });

  test('an administrator who invites everyone else gets no mail', async () => {
    const invitable = async () =>
      /Everyone else in these states, whether mailed or not: (\d+)/.exec(
        (await browser.get('/admin/invitations')).html,
      )?.[1];
    const [{ id, email }] = (await t.api('GET', '/api/accounts?search=admin@example.test')).json.data;
    const before = await invitable();
    await t.api('PUT', `/api/accounts/${id}`, { email: null });
    assert.equal(await invitable(), before, 'an address of theirs changes nothing');
    await t.api('PUT', `/api/accounts/${id}`, { email });
    await invite({ filter: 'again', invited: 'everyone' });
    await sentAll();
    const asked = t.app.database.selectFrom('mails').select('id').where('account_id', '=', id);
    assert.deepEqual(await asked.where('kind', '=', 'invitation').execute(), []);
  });

  test('one ticked account that is blocked is refused, and among others it is counted', async () => {
    const { id } = await t.makeAccount({ email: 'blocked@example.test' });
    await t.api('POST', `/api/accounts/${id}/block`);
    const { status, html } = await browser.post('/admin/accounts', { action: 'invite', account: String(id) });
    assert.equal(status, 409);
    assert.match(textOf(html), /The account is blocked\. Unblock it first\./);
    const { id: other } = await t.makeAccount({ email: null });
    const both = new URLSearchParams({ action: 'invite', account: String(id) });
    both.append('account', String(other));
    const { location = '' } = await browser.post('/admin/accounts', both);
    assert.match(textOf((await browser.get(location)).html), /No mail was queued\..*1 account is blocked\./);
  });

  test('all accounts that match on the list are mailed once, and ticked ones again', async () => {
    const account = await t.makeAccount({ email: 'once@example.test', group: 'Once' });
    const list = (fields: Record<string, string>) =>
      browser.post('/admin/accounts?group=Once', { action: 'invite', ...fields });
    const count = async () => {
      await sentAll();
      return smtp.mails.filter(({ to }) => to.includes('once@example.test')).length;
    };
    await list({ all: 'true' });
    assert.equal(await count(), 1);
    assert.match((await list({ all: 'true' })).location ?? '', /queued=0&without=0&left=1/);
    assert.equal(await count(), 1);
    await list({ account: String(account.id) });
    assert.equal(await count(), 2);
  });

  const shownIn = async (view: string) => {
    const { html } = await browser.get(`/admin/invitations?filter=${view}`);
    return [...html.matchAll(/<tr data-id="\d+" data-mail="(\w+)">[\s\S]*?<span class="second"><bdi>([^<]*)/g)].map(
      ([, state, to]) => `${to} ${state}`,
    );
  };

  test('mails are listed by state, each account once, and those that failed go out again', async () => {
    t.advance(1_000);
    await t.makeAccount({ email: 'back@example.test' });
    const used = await t.makeAccount({ email: 'settled@example.test' });
    smtp.behave({ refuse: 550, at: 'recipient' });
    await invite({ filter: 'waiting' });
    await sentAll();
    smtp.behave('take');
    const failed = ['back@example.test failed', 'settled@example.test failed'];
    assert.deepEqual((await shownIn('failed')).toSorted(), failed);
    assert.deepEqual((await shownIn('')).toSorted(), failed, 'the last mailing');
    assert.ok(!(await shownIn('sent')).some((each) => failed.includes(each)));
    await t.server.inject({ url: `/provisioning/${await t.makeToken(used)}` });
    const states = t.app.database.selectFrom('account_states').select('state').where('account_id', '=', used.id);
    assert.ok(
      await waitUntil(
        async () => (await t.app.deliveries.settleAll()) && (await states.executeTakeFirstOrThrow()).state === 'active',
      ),
    );
    const { html } = await browser.get('/admin/invitations?filter=failed');
    assert.match(html, /name="action" value="retry">Send all again</);
    assert.match(html, new RegExp(`name="retry" value="${used.id}"`));
    for (const retry of ['abc', '0', '-1', '']) {
      assert.equal((await browser.post('/admin/invitations', { retry })).status, 404, retry);
      assert.equal((await browser.post('/admin/invitations', { action: 'retry', retry })).status, 404, retry);
    }
    assert.deepEqual(await shownIn('waiting'), [], 'no account has such an id');
    const { location } = await browser.post('/admin/invitations', { action: 'retry' });
    assert.match(location ?? '', /queued=1&/, 'whose phone is set up needs no mail');
    assert.deepEqual(await shownIn('waiting'), ['back@example.test waiting']);
    await sentAll();
    assert.deepEqual(await shownIn('failed'), ['settled@example.test failed']);
    assert.ok((await shownIn('sent')).includes('back@example.test sent'));
    await browser.post('/admin/invitations', { retry: String(used.id) });
    await sentAll();
    assert.deepEqual(await shownIn('failed'), []);
    const other = await t.makeAccount({ email: 'elsewhere@example.test', domain: 'other.example.test' });
    const foreign = await browser.post('/admin/invitations', { retry: String(other.id) });
    assert.match(foreign.location ?? '', /queued=0&/, 'only accounts of the space in view');
    await t.api('POST', `/api/accounts/${used.id}/block`);
    const refused = await browser.post('/admin/invitations', { retry: String(used.id) });
    assert.equal(refused.status, 409);
    assert.match(textOf(refused.html), /The account is blocked\. Unblock it first\./);
  });

  test('a link to a new password does not hide the last mailing', async () => {
    const { username } = await t.makeAccount({ email: 'asks@example.test' });
    await panelBrowser(t).post('/login/forgotten', { username });
    await t.app.passwordResets.flush();
    await sentAll();
    assert.match((await browser.get('/admin/invitations')).html, /\d+ of \d+ sent/);
  });

  const mailsTo = (address: string) => smtp.mails.filter(({ to }) => to.includes(address));
  const linkTo = async (address: string): Promise<string> => {
    const count = mailsTo(address).length;
    await waitUntil(async () => {
      await t.app.outbox.run();
      return mailsTo(address).length > count;
    });
    const text = mailsTo(address).at(-1)?.mail.text ?? '';
    return new URL(/https:\/\/\S+/.exec(text)?.[0] ?? assert.fail(text)).pathname;
  };

  test('a request for a forgotten password gets the same answer for every name', async () => {
    const known = await t.makeAccount({ email: 'known@example.test' });
    const pages = [];
    for (const username of [known.username, 'known@example.test', 'nobody', 'nobody@example.test', '<script>', '']) {
      const { status, html } = await panelBrowser(t).post('/login/forgotten', { username });
      assert.equal(status, 200);
      pages.push(html);
    }
    assert.equal(new Set(pages).size, 1);
  });

  test('a link sets a new password once, ends the sessions, and is used up by POST only', async () => {
    const fields = {
      admin: true,
      activated: true,
      password: 'forgotten one',
      email: 'forgetful@example.test',
    } as const;
    const { username, id } = await t.makeAccount(fields);
    const own = panelBrowser(t, '192.0.2.88');
    await own.signIn(username, 'forgotten one');
    await panelBrowser(t).post('/login/forgotten', { username });
    const path = await linkTo('forgetful@example.test');
    const stranger = panelBrowser(t, '192.0.2.89');
    for (const _ of [1, 2]) assert.equal((await stranger.get(path)).status, 200);
    assert.equal((await stranger.get(path)).headers['referrer-policy'], 'same-origin', 'its form names its origin');
    for (const password of ['too short', fiveCharacters]) {
      const short = await stranger.post(path, { password });
      assert.equal(short.status, 422);
      assert.match(short.html, /<input id="password"[^>]*aria-invalid="true"/);
    }
    assert.equal((await stranger.post(path, { password: 'long enough' }, {})).status, 403, 'not from a page of ours');
    const before = await latestEvent(t.app);
    const race = await Promise.all([1, 2, 3].map(() => stranger.post(path, { password: 'long enough' })));
    const leadsTo = race.map(({ location }) => new URL(location ?? '', 'http://x').searchParams.get('done')).sort();
    assert.deepEqual(leadsTo, ['password', 'password-before', 'password-before']);
    assert.deepEqual(await changesAfter(t.app, before), [
      { kind: 'password-changed', actor: 'self' },
      { kind: 'token-issued', actor: 'self' },
    ]);
    assert.equal((await own.get('/admin/accounts')).status, 303, 'the session has ended');
    const next = `/admin/accounts/${id}/provisioning?done=password`;
    const locations = race.map(({ location }) => new URL(location ?? '', 'http://x').searchParams.get('next'));
    assert.equal(locations.filter((each) => each === next).length, 1);
    await stranger.signIn(username, 'long enough');
    assert.equal((await stranger.get(path)).status, 404);
  });

  test('a link works for an hour, and not after another password, a block or another link was used', async () => {
    const account = await t.makeAccount({ email: 'links@example.test', password: 'wonderland', activated: true });
    const ask = async () => {
      await panelBrowser(t).post('/login/forgotten', { username: account.username });
      return linkTo('links@example.test');
    };
    const works = async (path: string) => (await panelBrowser(t).get(path)).status === 200;
    const first = await ask();
    const second = await ask();
    assert.deepEqual([await works(first), await works(second)], [true, true]);
    await t.api('PUT', `/api/accounts/${account.id}`, { password: 'another' });
    assert.deepEqual([await works(first), await works(second)], [false, false]);
    const third = await ask();
    t.advance(59 * 60_000);
    assert.equal(await works(third), true);
    t.advance(60_000);
    assert.equal(await works(third), false);
    const fourth = await ask();
    await phonesOf(t).get(`/provisioning/${await t.makeToken(account)}?reset_password`);
    assert.equal(await works(fourth), false, 'a phone has a new password');
    const fifth = await ask();
    await t.api('POST', `/api/accounts/${account.id}/block`);
    assert.equal(await works(fifth), false);
  });

  test('a link is mailed only to accounts that may sign in', async () => {
    const user = await t.makeAccount({ email: 'user.only@example.test' });
    await t.setSpace({ self_service: false });
    await panelBrowser(t).post('/login/forgotten', { username: user.username });
    await t.app.passwordResets.flush();
    await t.setSpace({ self_service: true });
    await panelBrowser(t).post('/login/forgotten', { username: user.username });
    assert.ok(await linkTo('user.only@example.test'));
    assert.equal(mailsTo('user.only@example.test').length, 1);
  });

  test('a link to a mail address goes to its first owner who may sign in, first in the space of the page', async () => {
    const domain = 'closed.example.test';
    assert.equal((await t.api('POST', '/api/spaces', { domain, self_service: false })).status, 201);
    await t.setSpace({ self_service: false });
    const email = 'both@example.test';
    const closed = await t.makeAccount({ email, domain, activated: true });
    const own = await t.makeAccount({ email, activated: true });
    const boss = await t.makeAccount({ email, domain: 'other.example.test', admin: true, activated: true });
    const ask = async () => {
      await panelBrowser(t).post('/login/forgotten', { username: email });
      await t.app.passwordResets.flush();
      const mails = t.app.database.selectFrom('mails').select('account_id').where('kind', '=', 'password-reset');
      const asked = await mails.where('recipient', '=', email).orderBy('id').execute();
      return asked.map(({ account_id }) => account_id);
    };
    assert.deepEqual(await ask(), [boss.id]);
    await t.api('PUT', `/api/spaces/${domain}`, { self_service: true });
    assert.deepEqual(await ask(), [boss.id, closed.id]);
    await t.setSpace({ self_service: true });
    assert.deepEqual(await ask(), [boss.id, closed.id, own.id]);
  });

  test('an account gets its link even if its mail address is the SIP address of another account', async () => {
    const user = await t.makeAccount({ activated: true });
    await t.setSpace({ self_service: false });
    const email = `${user.username}@${testDomain}`;
    await t.makeAccount({ email, admin: true, activated: true });
    await panelBrowser(t).post('/login/forgotten', { username: email });
    await t.setSpace({ self_service: true });
    assert.ok(await linkTo(email));
  });

  test('at most three links an hour are mailed to an account, even if it is requested by several names at once', async () => {
    await t.makeAccount({ username: 'often', email: 'often@example.test' });
    const names = [
      'often',
      ' often ',
      `often@${testDomain}`,
      `sip:often@${testDomain}`,
      'often@example.test',
      'OFTEN@example.test',
    ];
    await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        panelBrowser(t).post('/login/forgotten', { username: names[index % names.length] ?? '' }),
      ),
    );
    await t.app.passwordResets.flush();
    await waitUntil(async () => {
      await t.app.outbox.run();
      return mailsTo('often@example.test').length >= 3;
    });
    await panelBrowser(t).post('/login/forgotten', { username: 'often@example.test' });
    await t.app.passwordResets.flush();
    await t.app.outbox.run();
    assert.equal(mailsTo('often@example.test').length, 3);
    t.advance(3_600_001);
    await panelBrowser(t).post('/login/forgotten', { username: 'often' });
    assert.ok(await linkTo('often@example.test'));
  });

  test('the password of the mail server reaches no page and no log', async () => {
    for (const url of [spaceMail, '/admin/invitations'])
      assert.ok(!(await browser.get(url)).html.includes(mailUser.password));
    assert.ok(!t.logged().includes(mailUser.password) && !t.logged().includes(encodeURIComponent(mailUser.password)));
  });
});
