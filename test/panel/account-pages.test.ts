import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Account } from '../../src/accounts/account.ts';
import { getAccount } from '../../src/accounts/account-store.ts';
import { ha1sOfPassword } from '../../src/accounts/passwords.ts';
import type { TestApp } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';
import { attributeOf, formFields, textOf } from '../support/html.ts';
import { changesAfter, latestEvent } from '../support/latest-event.ts';
import { fiveCharacters, openPanel, type PanelBrowser, panelBrowser } from '../support/panel.ts';
import { waitUntil } from '../support/wait-until.ts';

const phone = {
  'user-agent': 'LinphoneAndroid/6.0.12 (Pixel 8) LinphoneSDK/5.4.30',
  'x-linphone-provisioning': 'true',
};
const hostile = '"><script>alert(1)</script>\u202e';

forEachDatabase('the pages about one account', (makeUrl) => {
  let t: TestApp;
  let browser: PanelBrowser;
  let account: Account;
  let path: string;
  before(async () => {
    ({ t, browser } = await openPanel(await makeUrl()));
  });
  after(() => t.close());

  const newAccount = async (fields: Parameters<TestApp['makeAccount']>[0] = {}) => {
    account = await t.makeAccount({ display_name: 'Amélie Dufour', activated: true, ...fields });
    path = `/admin/accounts/${account.id}`;
  };
  const setUp = async (headers: Record<string, string> = phone) => {
    const token = await t.makeToken(account);
    const { statusCode } = await t.server.inject({ url: `/provisioning/${token}`, headers });
    assert.equal(statusCode, 200);
    await t.app.deliveries.flush();
  };
  const eventsAfter = async (work: () => Promise<unknown>) => {
    const latest = await latestEvent(t.app);
    await work();
    return (await changesAfter(t.app, latest)).map(({ kind }) => kind);
  };

  const lifetimes = [
    ['90s', '90 seconds', '90 secondes'],
    ['90m', '90 minutes', '90 minutes'],
    ['36h', '36 hours', '36 heures'],
    ['2w', '14 days', '14 jours'],
    ['1d', '1 day', '1 jour'],
    ['0', 'Until it is used', 'Jusqu’à son utilisation'],
  ] as const;
  for (const [token_lifetime, english, french] of lifetimes) {
    test(`offer the usual lifetime of a code from the space: ${token_lifetime}`, async () => {
      await newAccount();
      await t.setSpace({ token_lifetime });
      const usual = async (language: string) =>
        /<option value=""[^>]*>([^<]*)</.exec((await browser.get(`${path}/provisioning?lang=${language}`)).html)?.[1];
      const shown = [await usual('fr'), await usual('en')];
      await t.setSpace({ token_lifetime: null });
      assert.deepEqual(
        shown.map((text) => text?.replaceAll('\u00a0', ' ')),
        [`${french} (durée habituelle)`, `${english} (usual here)`],
      );
    });
  }

  test('blocking and deleting by the form of an account leads to the page that asks first', async () => {
    await newAccount();
    for (const action of ['block', 'delete']) {
      const events = await eventsAfter(async () => {
        const { status, location } = await browser.post(path, { action, email: 'nobody' });
        assert.deepEqual({ status, location }, { status: 303, location: `${path}/${action}` });
      });
      assert.deepEqual(events, []);
    }
  });

  test('the phones of an account are listed, and one is signed out after a question that says what remains in it', async () => {
    await newAccount();
    await setUp();
    const list = await browser.get(`${path}/devices`);
    assert.match(textOf(list.html), /Linphone 6\.0\.12 on Android \(Pixel 8\)/);
    const [, id = ''] = /\?revoke=(\d+)/.exec(list.html) ?? [];
    const question = await browser.get(`${path}/devices?revoke=${id}`);
    assert.match(textOf(question.html), /Call history and contacts stay in the phone/);
    let done: Awaited<ReturnType<PanelBrowser['post']>> | undefined;
    const events = await eventsAfter(async () => {
      done = await browser.post(`${path}/devices`, { action: 'revoke', device: id });
    });
    assert.deepEqual(events, ['device-revoked']);
    assert.equal(done?.status, 303);
    const after = await browser.get(`${path}/devices?done=revoked`);
    assert.doesNotMatch(after.html, /\?revoke=/);
    assert.match(textOf(after.html), /it has not asked since, so it still has the account/);
    assert.equal((await browser.post(`${path}/devices`, { action: 'revoke', device: '999999' })).status, 404);
    const code = textOf((await browser.get(`${path}/provisioning`)).html);
    assert.match(code, /The phone that used this code is signed out Make a new code/);
    assert.doesNotMatch(code, /This phone/);
    // The state follows once the end of the answer is written down.
    const isListed = async () =>
      (await t.app.deliveries.settleAll()) &&
      /No phone any more/.test(textOf((await browser.get('/admin/accounts')).html));
    assert.ok(await waitUntil(isListed));
    assert.match(textOf((await browser.get('/admin')).html), /No phone is set up yet/);
  });

  test('explain mistakes in an address or a user name without a pattern', async () => {
    const { status, html } = await browser.post('/admin/accounts/new', { username: 'Müller', email: 'nobody' });
    assert.equal(status, 422);
    assert.match(textOf(html), /Write one address, such as alice@example\.com\./);
    assert.doesNotMatch(html, /must match/);
    const other = await browser.post('/admin/accounts/new', { username: 'Big', email: 'a@example.test' });
    assert.match(textOf(other.html), /Use only small letters without accents, digits/);
    await newAccount();
    const changed = await browser.post(path, { action: 'save', email: 'nobody' });
    assert.match(textOf(changed.html), /Write one address, such as alice@example\.com\./);
  });

  test('a field that an external line does not have is refused, whatever it is called', async () => {
    await newAccount();
    for (const name of ['other', 'constructor', 'toString']) {
      const fields = { action: 'save', username: 'out', domain: 'other.test', password: 'secret', [name]: 'x' };
      const refused = await browser.post(`${path}/external`, fields);
      assert.equal(refused.status, 422, name);
      assert.match(textOf(refused.html), new RegExp(`\\b${name}\\b`));
    }
  });

  test('an external line is linked, replaced and unlinked, and what is wrong stands at its field', async () => {
    await newAccount();
    const refused = await browser.post(`${path}/external`, { action: 'save', username: 'out', domain: 'other domain' });
    assert.equal(refused.status, 422);
    assert.match(
      refused.html,
      /id="domain" name="domain"[^>]*aria-describedby="domain-mistake"[^>]*aria-invalid="true"/,
    );
    assert.match(refused.html, /value="other domain"/);
    const fields = {
      action: 'save',
      username: 'out',
      domain: 'other.test',
      password: 'outer',
      protocol: 'TCP',
      realm: '',
    };
    assert.deepEqual(await eventsAfter(() => browser.post(`${path}/external`, fields)), ['account-changed']);
    const page = await browser.get(`${path}/external`);
    assert.match(page.html, /value="other\.test"/);
    assert.doesNotMatch(page.html, /outer/);
    assert.deepEqual(await eventsAfter(() => browser.post(`${path}/external`, { action: 'remove' })), [
      'account-changed',
    ]);
    assert.doesNotMatch((await browser.get(`${path}/external`)).html, /other\.test/);
    assert.deepEqual(await eventsAfter(() => browser.post(`${path}/external`, { action: 'remove' })), []);
    assert.equal((await browser.post(`${path}/external`, { action: 'remove' })).status, 303, 'a second click');
  });

  test('an external line keeps its password and its algorithm as long as its user, domain and realm stay', async () => {
    await newAccount();
    const line = { username: 'out', domain: 'other.test', password: 'outer', algorithm: 'MD5' };
    assert.equal((await t.api('POST', `/api/accounts/${account.id}/external`, line)).status, 201);
    const stored = async () => (await getAccount(t.app.database, account.id)).external;
    const before = (await stored())?.ha1s;
    assert.deepEqual(
      before?.map(({ algorithm }) => algorithm),
      ['MD5'],
    );
    const save = async (changes: Record<string, string>) => {
      const fields = formFields((await browser.get(`${path}/external`)).html, 'registrar');
      for (const [name, value] of Object.entries({ action: 'save', ...changes })) fields.set(name, value);
      return browser.post(`${path}/external`, fields);
    };
    assert.equal((await save({ registrar: 'sip.other.test', outbound_proxy: '' })).status, 303);
    assert.deepEqual((await stored())?.ha1s, before);
    assert.deepEqual(await eventsAfter(() => save({})), [], 'nothing was edited');
    for (const other of [{ realm: 'elsewhere' }, { auth_username: '0033' }, { username: 'in' }, { domain: 'x.test' }]) {
      const refused = await save(other);
      assert.equal(refused.status, 422, JSON.stringify(other));
      assert.match(refused.html, /id="password"[^>]*aria-invalid="true"/);
    }
    assert.equal((await save({ password: 'newer' })).status, 303);
    const after = await stored();
    assert.deepEqual(
      after?.ha1s.map(({ algorithm }) => algorithm),
      ['MD5'],
    );
    assert.notDeepEqual(after?.ha1s, before);
    assert.equal(after?.registrar, 'sip.other.test');
    assert.equal((await save({ username: 'in', password: 'newest' })).status, 303);
    assert.deepEqual(
      [(await stored())?.username, (await stored())?.registrar],
      ['in', 'sip.other.test'],
      'as it was shown',
    );
  });

  test('a password for an external line belongs to the login that the form showed', async () => {
    await newAccount();
    const line = { username: 'alice', domain: 'other.test', password: 'outer' };
    const url = `/api/accounts/${account.id}/external`;
    assert.equal((await t.api('POST', url, line)).status, 201);
    const older = formFields((await browser.get(`${path}/external`)).html, 'registrar');
    assert.equal((await t.api('POST', url, { ...line, username: 'bob' })).status, 200);
    older.set('password', "alice's");
    older.set('action', 'save');
    assert.equal((await browser.post(`${path}/external`, older)).status, 303);
    const external = (await getAccount(t.app.database, account.id)).external;
    const expected = ha1sOfPassword(['SHA-256', 'MD5'], 'alice', 'other.test', "alice's");
    assert.deepEqual([external?.username, external?.ha1s], ['alice', expected]);
  });

  test('contacts are added by user name or address, and removed', async () => {
    await newAccount();
    const other = await t.makeAccount({ display_name: `Zoë ${hostile}` });
    assert.deepEqual(
      await eventsAfter(() => browser.post(`${path}/contacts`, { action: 'add', contact: other.username })),
      ['contact-added'],
    );
    const page = await browser.get(`${path}/contacts`);
    assert.match(textOf(page.html), /Zoë/);
    assert.doesNotMatch(page.html, /<script>alert/);
    const refused = await browser.post(`${path}/contacts`, { action: 'add', contact: 'nobody' });
    assert.equal(refused.status, 422);
    assert.match(refused.html, /value="nobody"[^>]*aria-invalid|aria-invalid="true"/);
    assert.equal((await browser.post(`${path}/contacts`, { action: 'add', contact: account.username })).status, 422);
    assert.deepEqual(
      await eventsAfter(() => browser.post(`${path}/contacts`, { action: 'remove', contact: String(other.id) })),
      ['contact-removed'],
    );
  });

  test("an account's own settings are checked by line and compared before they are published", async () => {
    await newAccount();
    const text = '[sip]\r\nmedia_encryption=zrtp\r\nmedia_encrypton=srtp\r\n';
    const checked = await browser.post(`${path}/settings`, { action: 'check', linphonerc: text });
    assert.equal(checked.status, 200);
    assert.match(textOf(checked.html), /Line 3: .*media_encrypton/);
    assert.match(textOf(checked.html), /\[sip\] media_encryption.*After: zrtp/);
    assert.equal((await t.api('GET', `/api/accounts/${account.id}`)).json.linphonerc, '');
    assert.deepEqual(
      await eventsAfter(() => browser.post(`${path}/settings`, { action: 'publish', linphonerc: text })),
      ['account-changed'],
    );
    assert.equal((await t.api('GET', `/api/accounts/${account.id}`)).json.linphonerc, text.replaceAll('\r', ''));
    const refused = await browser.post(`${path}/settings`, { action: 'publish', linphonerc: '[sip]\nnot a line' });
    assert.equal(refused.status, 422);
    assert.match(refused.html, /aria-invalid="true"/);
    assert.match(refused.html, /not a line/);
  });

  test('its own text is not published over one that nobody has compared it with', async () => {
    await newAccount();
    const [first, second] = ['[sip]\nmedia_encryption=zrtp\n', '[sip]\nmedia_encryption=srtp\n'];
    const checked = await browser.post(`${path}/settings`, { action: 'check', linphonerc: first });
    const base = attributeOf(checked.html, /<input [^>]*name="base"/, 'value') ?? '';
    await t.api('PUT', `/api/accounts/${account.id}`, { linphonerc: second });
    const refused = await browser.post(`${path}/settings`, { action: 'publish', linphonerc: first, base });
    assert.equal(refused.status, 409);
    assert.match(textOf(refused.html), /\[sip\] media_encryption.*Before: srtp.*After: zrtp/);
    assert.equal((await t.api('GET', `/api/accounts/${account.id}`)).json.linphonerc, second);
    const newer = attributeOf(refused.html, /<input [^>]*name="base"/, 'value') ?? '';
    const published = await browser.post(`${path}/settings`, { action: 'publish', linphonerc: first, base: newer });
    assert.equal(published.location, `${path}/settings?done=published`);
  });

  test('the preview shows entries with their origin, masks secrets and uses nothing up', async () => {
    await newAccount({ linphonerc: '[auth_info_0]\npassword=very-secret\n[sip]\nmedia_encryption=zrtp' });
    await setUp();
    const { html } = await browser.get(`${path}/preview`);
    const ha1 = account.ha1s[0]?.ha1 ?? '';
    assert.ok(ha1.length > 0 && !html.includes(ha1) && !html.includes('very-secret'));
    assert.match(textOf(html), /media_encryption zrtp ?account user\d+@sip\.example\.test:4/);
    assert.match(textOf(html), /Compared with what a phone last fetched/);
  });

  test('the timeline says what happened by day, in both languages, and leads to older entries', async () => {
    await newAccount();
    await setUp();
    const token = await t.makeToken(account);
    await t.api('POST', `/api/accounts/${account.id}/block`);
    await t.api('POST', `/api/accounts/${account.id}/unblock`);
    await t.server.inject({ url: `/provisioning/${token}`, headers: phone });
    await t.app.events.flush();
    const english = textOf((await browser.get(`${path}/events`)).html);
    assert.match(english, /Today, \d+ \w+/);
    assert.match(english, /A phone was turned away: the code had been ended\./);
    assert.match(english, /Linphone 6\.0\.12 on Android \(Pixel 8\) fetched the settings\./);
    const french = textOf((await browser.get(`${path}/events?lang=fr`)).html);
    assert.match(french, /Un téléphone a été refusé/);
    assert.match(french, /Le compte a été bloqué\. *Par admin|Le compte a été bloqué/);
    await browser.get(`${path}/events?lang=en`);
    const changes = textOf((await browser.get(`${path}/events?show=changes`)).html);
    assert.doesNotMatch(changes, /fetched the settings/);
    for (let count = 0; count < 60; count += 1) {
      await t.api('PUT', `/api/accounts/${account.id}`, { display_name: `Name ${count}` });
    }
    const first = await browser.get(`${path}/events`);
    const [, older = ''] = /rel="next" href="([^"]+)"/.exec(first.html) ?? [];
    assert.match(older, /before=\d+/);
    const second = await browser.get(older.replaceAll('&amp;', '&'));
    assert.match(textOf(second.html), /The account was created/);
    assert.doesNotMatch(second.html, /rel="next"/);
  });

  test('block a person who leaves with phones, codes and sessions by one button, after a page that names them', async () => {
    await newAccount({ password: 'right' });
    await setUp();
    await t.makeToken(account);
    const own = panelBrowser(t, '192.0.2.77');
    await own.signIn(account.username, 'right');
    assert.match(textOf((await browser.get(path)).html), /Block and sign out/);
    const question = textOf((await browser.get(`${path}/block`)).html);
    assert.match(question, /Amélie Dufour leaves the company/);
    assert.match(question, /One phone is signed out: Linphone 6\.0\.12 on Android \(Pixel 8\)\./);
    assert.match(question, /The code that is valid now ends\./);
    assert.match(question, /One signed-in browser ends\./);
    assert.match(question, /Block and sign out one phone/);
    assert.deepEqual(await eventsAfter(() => browser.post(`${path}/block`, {})), ['device-revoked', 'blocked']);
    const json = (await t.api('GET', `/api/accounts/${account.id}`)).json;
    assert.equal(json.blocked, true);
    const devices = Object.values((await t.api('GET', `/api/accounts/${account.id}/devices`)).json);
    assert.ok(devices.length === 1);
    assert.match(textOf((await browser.get(`${path}/block`)).html), /Block/);
    assert.match(textOf((await browser.get(`${path}?done=left`)).html), /each phone then needs a new code/);
  });

  test('edit an account field by field, and keep what a form does not send', async () => {
    await newAccount({ email: 'amelie@example.org' });
    const events = await eventsAfter(() =>
      browser.post(path, { action: 'save', display_name: 'Amélie Lacroix', note: 'Second floor', admin: 'true' }),
    );
    assert.deepEqual(events, ['account-changed']);
    const { json } = await t.api('GET', `/api/accounts/${account.id}`);
    assert.deepEqual(
      [json.display_name, json.email, json.note, json.admin],
      ['Amélie Lacroix', 'amelie@example.org', 'Second floor', true],
    );
    assert.match((await browser.get(path)).html, /<option value="true" selected>/);
    await browser.post(path, { action: 'save', admin: 'false' });
    assert.equal((await t.api('GET', `/api/accounts/${account.id}`)).json.admin, false);
  });

  test('a new password says which phones stop, and ends on a code', async () => {
    await newAccount();
    await setUp({ 'user-agent': 'Linphone/3.12.0 (belle-sip/1.6.3)', 'x-linphone-provisioning': 'true' });
    await setUp();
    const page = textOf((await browser.get(path)).html);
    assert.match(page, /(A new password stops these phones|These fetch the new password)/);
    const username = await browser.post(path, { action: 'save', username: 'renamed' });
    assert.equal(username.status, 422);
    assert.match(username.html, /name="username"[^>]*value="renamed"[^>]*aria-invalid="true"/);
    let done: Awaited<ReturnType<PanelBrowser['post']>> | undefined;
    const events = await eventsAfter(async () => {
      done = await browser.post(path, {
        action: 'save',
        username: `renamed${account.id}`,
        password: 'very-new-password',
      });
    });
    assert.deepEqual(events, ['account-changed', 'password-changed', 'token-issued']);
    assert.equal(done?.location, `${path}/provisioning?done=password`);
    assert.match(textOf((await browser.get(`${path}/provisioning?done=password`)).html), /The password is new/);
  });

  test('saving an account changes only what was edited, and not what somebody else has changed since', async () => {
    await newAccount({ email: 'old@example.test', note: 'floor 1' });
    const shown = formFields((await browser.get(path)).html, 'note');
    const changed = { email: 'new@example.test', admin: true, password: 'a-new-password' };
    assert.equal((await t.api('PUT', `/api/accounts/${account.id}`, changed)).status, 200);
    shown.set('note', 'floor 2');
    const events = await eventsAfter(() => browser.post(path, shown));
    const { email, admin, note } = (await t.api('GET', `/api/accounts/${account.id}`)).json;
    await t.api('PUT', `/api/accounts/${account.id}`, { admin: false });
    assert.deepEqual([email, admin, note, events], ['new@example.test', true, 'floor 2', ['account-changed']]);
  });

  test('a refused form still knows what it showed first', async () => {
    await newAccount({ note: 'floor 1' });
    const shown = formFields((await browser.get(path)).html, 'note');
    await t.api('PUT', `/api/accounts/${account.id}`, { note: 'floor 2' });
    shown.set('email', 'nobody');
    const refused = await browser.post(path, shown);
    assert.equal(refused.status, 422);
    const again = formFields(refused.html, 'note');
    assert.deepEqual([again.get('note'), again.get('was_note')], ['floor 1', 'floor 1']);
    again.set('email', 'somebody@example.test');
    await browser.post(path, again);
    const { email, note } = (await t.api('GET', `/api/accounts/${account.id}`)).json;
    assert.deepEqual([email, note], ['somebody@example.test', 'floor 2']);
  });

  test('ask for the password again after ten minutes before they make an administrator, who needs a password of ten characters', async () => {
    await newAccount();
    const admin = panelBrowser(t, '192.0.2.78');
    await admin.signIn('admin', 'administrator');
    t.advance(11 * 60_000);
    const refused = await admin.post(path, { action: 'save', admin: 'true' });
    assert.equal(refused.status, 422);
    assert.match(refused.html, /name="current_password"[^>]*aria-invalid="true"/);
    const short = { action: 'save', admin: 'true', current_password: 'administrator', password: 'ninechars' };
    for (const password of ['ninechars', fiveCharacters]) {
      const tooShort = await admin.post(path, { ...short, password });
      assert.equal(tooShort.status, 422);
      assert.match(tooShort.html, /name="password"[^>]*aria-invalid="true"/);
    }
    assert.equal((await t.api('GET', `/api/accounts/${account.id}`)).json.admin, false);
    assert.equal((await admin.post(path, { ...short, password: 'ten-characters' })).status, 303);
    assert.equal((await t.api('GET', `/api/accounts/${account.id}`)).json.admin, true);
    await admin.post(path, { action: 'save', admin: 'false' });
  });

  test('undo a block on the page that reports it', async () => {
    await newAccount();
    await browser.post(`${path}/block`, {});
    const { html } = await browser.get(`${path}?done=left`);
    assert.match(html, /role="status">.*name="action" value="unblock">Undo</);
    assert.deepEqual(await eventsAfter(() => browser.post(path, { action: 'unblock' })), ['unblocked']);
    assert.doesNotMatch((await browser.get(`${path}?done=left`)).html, />Undo</);
  });

  test('the last administrator can neither leave nor be deleted', async () => {
    const admin = (await t.api('GET', '/api/accounts/me')).json;
    for (const end of ['block', 'delete']) {
      const refused = await browser.post(`/admin/accounts/${admin.id}/${end}`, {});
      assert.equal(refused.status, 409);
      assert.match(refused.html, /role="alert"/);
    }
    assert.equal((await t.api('GET', '/api/accounts/me')).status, 200);
  });

  test('delete an account after a page that says so', async () => {
    await newAccount();
    assert.match(textOf((await browser.get(`${path}/delete`)).html), /This cannot be undone/);
    let next: string | undefined;
    const events = await eventsAfter(async () => {
      ({ location: next } = await browser.post(`${path}/delete`, {}));
    });
    assert.deepEqual(events, ['account-deleted']);
    assert.match((await browser.get(next ?? '')).html, /role="status">.*The account is deleted\./);
    assert.equal((await browser.get(path)).status, 404);
  });

  test('an administrator who sets their own password stays signed in here only', async () => {
    const own = await t.makeAccount({ admin: true, activated: true, password: 'ten letters' });
    const [here, elsewhere] = [panelBrowser(t, '192.0.2.61'), panelBrowser(t, '192.0.2.62')];
    for (const each of [here, elsewhere]) await each.signIn(own.username, 'ten letters');
    const path = `/admin/accounts/${own.id}`;
    const fields = { action: 'save', username: own.username, admin: 'true', password: 'another ten letters' };
    const cookies = new Map(here.cookies);
    const { status, location = '' } = await here.post(path, fields);
    assert.equal(status, 303);
    assert.equal((await here.get(location)).status, 200);
    assert.notDeepEqual(here.cookies, cookies);
    assert.equal((await elsewhere.get(path)).status, 303);
    t.advance(10 * 60_000);
    const again = await here.post(path, { ...fields, password: 'a third password' });
    assert.equal(again.status, 422);
    assert.match(again.html, /<input id="current_password"[^>]* aria-invalid="true"/);
    const confirmed = { ...fields, password: 'a third password', current_password: 'another ten letters' };
    assert.equal((await here.post(path, confirmed)).status, 303);
    assert.equal((await here.get(path)).status, 200);
  });

  test('an administrator who gives up their rights together with a new password is signed out', async () => {
    const own = await t.makeAccount({ admin: true, activated: true, password: 'ten letters' });
    const here = panelBrowser(t, '192.0.2.63');
    await here.signIn(own.username, 'ten letters');
    const fields = { action: 'save', username: own.username, admin: 'false', password: 'another ten letters' };
    const { status, location = '' } = await here.post(`/admin/accounts/${own.id}`, fields);
    assert.equal(status, 303);
    assert.match((await here.get(location)).location ?? '', /\/login/);
    assert.equal((await t.api('GET', `/api/accounts/${own.id}`)).json.admin, false);
  });

  test('the code page names the phones that a new password stops', async () => {
    const account = await t.makeAccount({ activated: true });
    assert.match(textOf((await browser.get(`/admin/accounts/${account.id}/provisioning`)).html), /No phone is set up/);
    await t.server.inject({ url: `/provisioning/${await t.makeToken(account)}`, headers: phone });
    await t.app.deliveries.flush();
    const { html } = await browser.get(`/admin/accounts/${account.id}/provisioning`);
    assert.match(textOf(html), /A new password stops these phones until each gets a new code: .*Pixel 8/);
  });
});
