import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { callerOfSession } from '../../src/access/sessions.ts';
import { translator } from '../../src/locale/translate.ts';
import { passwordAgainField } from '../../src/panel/parts/password-again.ts';
import { openTestApp, type TestApp } from '../support/app.ts';
import { type ChangingForm, changingForms } from '../support/changing-forms.ts';
import { makeScene } from '../support/changing-requests.ts';
import { dumpDatabase } from '../support/database-dump.ts';
import { forEachDatabase } from '../support/databases.ts';
import { changesAfter, latestEvent } from '../support/latest-event.ts';
import { type PanelBrowser, panelBrowser } from '../support/panel.ts';

const minute = 60_000;
const reader = { language: 'en', t: translator('en'), prefix: '', timeZone: 'UTC' } as const;

forEachDatabase('a form ten minutes after a session began', (makeUrl) => {
  let t: TestApp;
  before(async () => {
    // No setting names the address, so that a form can.
    t = await openTestApp(await makeUrl(), { RINGUP_PUBLIC_URL: '' });
    await t.api('POST', '/api/spaces', { domain: 'kept.example.test' });
  });
  after(() => t.close());

  /** Prepares what the form needs in a session whose password was given too long ago. */
  const prepare = async (path: string, { send }: ChangingForm) => {
    const scene = await makeScene(t);
    const isOwn = path.startsWith('/account');
    const browser = panelBrowser(t, `192.0.2.${(scene.account.id % 250) + 1}`);
    const password = isOwn ? 'secret' : 'administrator';
    await browser.signIn(isOwn ? scene.account.username : 'admin', password);
    t.advance(10 * minute);
    const [url, fields = {}] = await send({ ...scene, browser });
    return { browser, password, url, fields, last: await latestEvent(t.app) };
  };
  const isAskedFor = /<input id="current_password"[^>]* aria-invalid="true"/;

  const asks = async (path: string, form: ChangingForm) => {
    const { browser, password, url, fields, last } = await prepare(path, form);
    const mistyped = await browser.post('/admin/spaces/kept.example.test/delete', { domain: 'no' });
    assert.match(mistyped.html, /current_password/, 'it is still to be given');
    for (const current_password of ['', 'not mine']) {
      const { status, html } = await browser.post(url, { ...fields, current_password });
      assert.equal(status, 422, html);
      assert.match(html, isAskedFor);
      assert.doesNotMatch(html, /not mine/);
    }
    assert.deepEqual(await changesAfter(t.app, last), []);
    const cookies = JSON.stringify([...browser.cookies]);
    const { status, html } = await browser.post(url, { ...fields, current_password: password });
    assert.equal(status, form.status ?? 303, html);
    assert.doesNotMatch(html, isAskedFor);
    assert.notEqual(JSON.stringify([...browser.cookies]), cookies, 'the session is renewed');
    const kinds = (await changesAfter(t.app, last)).map(({ kind }) => kind);
    assert.deepEqual(kinds, form.records);
    const next = await browser.post('/admin/spaces/kept.example.test/delete', { domain: 'no' });
    assert.doesNotMatch(next.html, /current_password/, 'it is given once');
  };

  const doesNotAsk = async (path: string, form: ChangingForm) => {
    const { browser, url, fields, last } = await prepare(path, form);
    const { status, html } = await browser.post(url, fields);
    assert.equal(status, form.status ?? 303, html);
    const kinds = (await changesAfter(t.app, last)).map(({ kind }) => kind);
    assert.deepEqual(kinds, form.records);
  };

  for (const [name, forms] of Object.entries(changingForms)) {
    const path = name.replace('POST ', '');
    for (const form of typeof forms === 'string' ? [] : forms) {
      const title = `${form.confirms ? 'asks for the password again' : 'asks for no password'} if it ${form.does} at ${path}`;
      test(title, () => (form.confirms ? asks(path, form) : doesNotAsk(path, form)));
    }
  }
});

forEachDatabase('a change that gives lasting access or ends a space', (makeUrl) => {
  let t: TestApp;
  let browser: PanelBrowser;
  before(async () => {
    t = await openTestApp(await makeUrl());
    for (const name of ['gone', 'raised']) await t.api('POST', '/api/spaces', { domain: `${name}.example.test` });
  });
  after(() => t.close());

  const changes = async (): Promise<Record<string, () => Promise<number>>> => {
    const { id } = await t.makeAccount();
    const chief = await t.makeAccount({ activated: true, admin: true });
    const inactive = await t.makeAccount({ admin: true });
    const activated = await t.makeAccount({ admin: true });
    const blocked = await t.makeAccount({ activated: true, admin: true });
    await t.api('POST', `/api/accounts/${blocked.id}/block`);
    const send = async (method: 'POST' | 'PUT' | 'DELETE', url: string, body: object = {}) => {
      const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
      const headers = { cookie, 'sec-fetch-site': 'same-origin', 'content-type': 'application/json' };
      return (await t.server.inject({ method, url, headers, payload: JSON.stringify(body) })).statusCode;
    };
    return {
      'an administrator is created': () =>
        send('POST', '/api/accounts', { username: `root${id}`, password: 'long enough', admin: true }),
      'an account becomes an administrator': () => send('PUT', `/api/accounts/${id}`, { admin: true }),
      'an administrator has a new password': () =>
        send('PUT', `/api/accounts/${chief.id}`, { password: 'administrator' }),
      'an administrator has another mail address': () =>
        send('PUT', `/api/accounts/${chief.id}`, { email: `root${id}@x.example` }),
      'an administrator is activated': () => send('POST', `/api/accounts/${inactive.id}/activate`),
      'an administrator is activated by a field': () =>
        send('PUT', `/api/accounts/${activated.id}`, { activated: '1' }),
      'an administrator is unblocked': () => send('POST', `/api/accounts/${blocked.id}/unblock`),
      'an API key is created': () => send('POST', `/api/accounts/${id}/api_keys`),
      'a space is created with a mail server': () =>
        send('POST', '/api/spaces', { domain: `mailing${id}.example.test`, smtp_url: 'smtp://mail.example.test:587' }),
      'another mail server is set': () =>
        send('PUT', '/api/spaces/sip.example.test', { smtp_url: 'smtp://mail.example.test:587' }),
      'a space is created with a host': () =>
        send('POST', '/api/spaces', { domain: `hosted${id}.example.test`, host: `hosted${id}.test` }),
      'links of a space lead to another host': () =>
        send('PUT', '/api/spaces/sip.example.test', { host: `phones${id}.test` }),
      'a space becomes a super space': () => send('PUT', '/api/spaces/raised.example.test', { super: true }),
      'a space is deleted': () => send('DELETE', '/api/spaces/gone.example.test'),
    };
  };

  test('needs the password again after the clock was set back, whatever the session says', async () => {
    browser = panelBrowser(t);
    await browser.signIn('admin', 'administrator');
    t.advance(-10 * minute);
    for (const [what, send] of Object.entries(await changes())) assert.equal(await send(), 403, what);
    t.advance(10 * minute);
  });

  test('needs the password again ten minutes after a session began', async () => {
    browser = panelBrowser(t);
    await browser.signIn('admin', 'administrator');
    t.advance(10 * minute);
    for (const [what, send] of Object.entries(await changes())) assert.equal(await send(), 403, what);
    await browser.signIn('admin', 'administrator');
    t.advance(10 * minute - 1);
    for (const [what, send] of Object.entries(await changes())) assert.ok((await send()) < 300, what);
  });

  test('needs the password again even for an action that no button of the form has', async () => {
    browser = panelBrowser(t);
    await browser.signIn('admin', 'administrator');
    const { id } = await t.makeAccount({ activated: true });
    t.advance(10 * minute);
    for (const [action, expected] of [
      ['store', 422],
      ['', 422],
      // They lead to the pages that ask first.
      ['block', 303],
      ['delete', 303],
    ] as const) {
      const { status } = await browser.post(`/admin/accounts/${id}`, {
        action,
        admin: 'true',
        password: 'long enough',
      });
      assert.equal(status, expected, action);
    }
    const { admin, blocked } = (await t.api('GET', `/api/accounts/${id}`)).json;
    assert.deepEqual([admin, blocked], [false, false]);
  });

  test('needs the password before another address for phones is tried', async () => {
    browser = panelBrowser(t);
    await browser.signIn('admin', 'administrator');
    t.advance(10 * minute);
    const fields = { step: 'address', action: 'continue', public_url: 'http://127.0.0.1:9' };
    const { status, html } = await browser.post('/admin/welcome', { ...fields, current_password: 'not mine' });
    assert.equal(status, 422);
    assert.match(html, /<h1>/);
    // The settings of this instance name its address, which nobody reads before the password.
    const given = await browser.post('/admin/welcome', { ...fields, current_password: 'administrator' });
    assert.equal(given.status, 409);
  });

  test('needs the password once in the step about mail, for the mail server and for the own address', async () => {
    browser = panelBrowser(t);
    await browser.signIn('admin', 'administrator');
    t.advance(10 * minute);
    const step = { step: 'mail', action: 'continue', mail_from: 'new@example.test', email: 'admin@x.example' };
    const server = { smtp_url: 'smtp://127.0.0.1:2525' };
    const before = await dumpDatabase(t.app.database);
    for (const fields of [step, { ...step, ...server }]) {
      for (const current_password of ['', 'not mine']) {
        const { status, html } = await browser.post('/admin/welcome', { ...fields, current_password });
        assert.equal(status, 422);
        assert.match(html, /<input id="current_password"[^>]* aria-invalid="true"/);
        assert.match(html, /<input id="email"[^>]* value="admin@x\.example"/);
      }
    }
    assert.deepEqual(await dumpDatabase(t.app.database), before);
    const { email } = await t.makeAccount({ email: 'taken@x.example' });
    const last = await latestEvent(t.app);
    for (const [wrong, name] of [
      [{ email: email ?? '' }, 'email'],
      [{ email: 'nobody' }, 'email'],
      [{ mail_from: 'a, b' }, 'mail_from'],
    ] as const) {
      const fields = { ...step, ...server, ...wrong, current_password: 'administrator' };
      const { status, html } = await browser.post('/admin/welcome', fields);
      assert.equal(status, 422, name);
      assert.match(html, new RegExp(`<input id="${name}"[^>]* aria-invalid="true"`));
      // The password that was given renews the session.
      assert.deepEqual(await changesAfter(t.app, last), [], name);
    }
  });

  test('names again whom to unblock in the form that asks for the password', async () => {
    browser = panelBrowser(t);
    await browser.signIn('admin', 'administrator');
    const chiefs = [await t.makeAccount({ admin: true }), await t.makeAccount({ admin: true })].map(
      ({ id }) => `${id}`,
    );
    for (const id of chiefs) await browser.post('/admin/accounts', { block: id });
    const at = String(t.app.now());
    t.advance(10 * minute);
    for (const [name, values] of [
      ['account', chiefs],
      ['unblock', [chiefs[0] ?? '']],
      ['blocked_at', [at]],
    ] as const) {
      const body = new URLSearchParams({ action: 'unblock' });
      for (const value of values) body.append(name, value);
      const { status, html } = await browser.post('/admin/accounts', body);
      assert.equal(status, 422, name);
      for (const value of values)
        assert.ok(html.includes(`<input type="hidden" name="${name}" value="${value}">`), name);
      assert.match(html, /name="action" value="unblock">Unblock</);
    }
  });

  test('needs no password if it takes something away, or saves unchanged values or the same address in other letters', async () => {
    await browser.signIn('admin', 'administrator');
    const { username } = await t.makeAccount({ activated: true, admin: true });
    const path = '/admin/spaces/sip.example.test';
    await browser.post(`${path}/api-keys`, { action: 'create' });
    const key = /<tr data-id="(\d+)"/.exec((await browser.get(`${path}/api-keys`)).html)?.[1] ?? assert.fail();
    t.advance(10 * minute);
    assert.equal((await browser.post(`${path}/api-keys`, { action: 'revoke', key })).status, 303);
    const chief = await t.makeAccount({ activated: true, admin: true, email: 'chief@example.test' });
    const again = { action: 'save', username: chief.username, email: 'Chief@Example.test' };
    assert.equal((await browser.post(`/admin/accounts/${chief.id}`, again)).status, 303);
    for (const action of ['activate', 'unblock', 'deactivate']) {
      assert.equal((await browser.post(`/admin/accounts/${chief.id}`, { action })).status, 303, action);
    }
    assert.equal((await browser.post(`${path}/administrators`, { action: 'remove', username })).status, 303);
    assert.equal((await browser.post(`${path}/mail`, { action: 'save', smtp_url: '' })).status, 303);
    await t.setSpace({ host: 'phones.example.test' });
    assert.equal((await browser.post(`${path}/settings`, { host: 'phones.example.test' })).status, 303);
    await t.setSpace({ host: null });
    assert.equal((await browser.post(`${path}/settings`, { host: '' })).status, 303);
  });

  test('a form has a field for the password only if it is needed', async () => {
    await browser.signIn('admin', 'administrator');
    const [, secret = ''] = [...browser.cookies][0] ?? [];
    const caller = (await callerOfSession(t.app, secret)) ?? assert.fail('no session');
    const now = t.app.now();
    assert.equal(passwordAgainField(reader, caller, { now }), '');
    const mistakes = { current_password: ['This password is wrong.'] };
    const field = passwordAgainField(reader, caller, { now: now + 10 * minute, mistakes });
    assert.match(
      field,
      /<input id="current_password" name="current_password" type="password"[^>]* aria-invalid="true"/,
    );
    assert.match(field, /This password is wrong\./);
  });
});
