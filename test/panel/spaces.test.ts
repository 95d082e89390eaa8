import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { logoOf } from '../../src/spaces/logo.ts';
import { settingEntries } from '../../src/spaces/setting-values.ts';
import { openTestApp, type TestApp } from '../support/app.ts';
import { dumpDatabase } from '../support/database-dump.ts';
import { forEachDatabase } from '../support/databases.ts';
import { attributeOf, formFields, textOf } from '../support/html.ts';
import { changesAfter, latestEvent } from '../support/latest-event.ts';
import { type PanelBrowser, panelBrowser, sameOrigin } from '../support/panel.ts';
import { pngPicture } from '../support/pictures.ts';
import { tempDirectory } from '../support/temp-directory.ts';

const hostile = '"><script>alert(1)</script><img src=x onerror=alert(1)>\u202e';
const space = '/admin/spaces/sip.example.test';

forEachDatabase('the pages about a space', (makeUrl) => {
  let t: TestApp;
  let browser: PanelBrowser;
  before(async () => {
    const hooks = join(tempDirectory(), 'hooks.ts');
    writeFileSync(
      hooks,
      "export default { document(_, { request }) { if (request.query.has('fail')) throw new Error('on purpose'); } };\n",
    );
    t = await openTestApp(await makeUrl(), { RINGUP_HOOKS: hooks });
    browser = panelBrowser(t);
    await browser.signIn('admin', 'administrator');
  });
  after(() => t.close());

  /** Posts the form, which must do one thing, and returns the page that follows. */
  const done = async (path: string, fields: Record<string, string>, kinds: readonly string[]) => {
    const before = await latestEvent(t.app);
    const { status, location, html } = await browser.post(path, fields);
    assert.equal(status, 303, html);
    assert.deepEqual(
      (await changesAfter(t.app, before)).map(({ kind }) => kind),
      kinds,
    );
    return browser.get(location ?? '');
  };
  const refused = async (path: string, fields: Record<string, string> | URLSearchParams, status = 422) => {
    const before = await dumpDatabase(t.app.database);
    const answer = await browser.post(path, fields);
    assert.equal(answer.status, status, answer.html);
    assert.deepEqual(await dumpDatabase(t.app.database), before);
    assert.doesNotMatch(answer.html, /<script>alert|<img src=x/);
    return answer.html;
  };

  test('make a space, list it, and delete it only after its name is typed', async () => {
    const made = { domain: 'two.example.test', name: hostile.slice(0, 100), registrar: '' };
    const page = await done('/admin/spaces/new', made, ['space-created']);
    assert.match(page.html, /two\.example\.test/);
    assert.doesNotMatch(page.html, /<script>alert/);
    const list = await browser.get('/admin/spaces');
    assert.match(list.html, /data-domain="two\.example\.test"/);
    assert.doesNotMatch(list.html, /<script>alert/);
    await t.makeAccount({ domain: 'two.example.test', username: 'zoe' });
    const deletion = await browser.get('/admin/spaces/two.example.test/delete');
    assert.match(deletion.html, /Its account is deleted/);
    const again = await refused('/admin/spaces/two.example.test/delete', { domain: 'two.example.tes' });
    assert.equal(attributeOf(again, /id="domain"/, 'value'), 'two.example.tes');
    assert.match(again, /id="domain"[^>]* aria-invalid="true"/);
    assert.match(textOf(again), /Type exactly two\.example\.test\./);
    const gone = await done('/admin/spaces/two.example.test/delete', { domain: 'Two.example.test' }, ['space-deleted']);
    assert.match(gone.html, /role="status"/);
    assert.equal((await browser.get('/admin/spaces/two.example.test')).status, 404);
  });

  test('give a space another domain after naming the consequences, unless a phone has it', async () => {
    await t.api('POST', '/api/spaces', { domain: 'old.example.test' });
    const account = await t.makeAccount({ domain: 'old.example.test', username: 'zoe', activated: true });
    const path = '/admin/spaces/old.example.test/domain';
    assert.match((await browser.get('/admin/spaces/old.example.test')).html, new RegExp(`href="${path}"`));
    assert.match((await browser.get(path)).html, /All passwords of the space end/);
    const again = await refused(path, { domain: 'not a domain' });
    assert.equal(attributeOf(again, /id="domain"/, 'value'), 'not a domain');
    assert.match(again, /id="domain"[^>]* aria-invalid="true"/);
    assert.match(await refused(path, { domain: 'sip.example.test' }), /is taken/);
    const page = await done(path, { domain: 'New.example.test' }, ['domain-changed']);
    assert.match(page.html, /has its new domain/);
    assert.equal((await t.api('GET', `/api/accounts/${account.id}`)).json.domain, 'new.example.test');
    const headers = {
      'user-agent': 'LinphoneAndroid/6.0.12 (Pixel 8) LinphoneSDK/5.4.30',
      'x-linphone-provisioning': 'true',
    };
    await t.server.inject({ url: `/provisioning/${await t.makeToken(account)}`, headers });
    await t.app.deliveries.flush();
    const bound = await refused('/admin/spaces/new.example.test/domain', { domain: 'third.example.test' }, 409);
    assert.match(bound, /can no longer be changed/);
  });

  test('keep the form of a space that cannot be created as it was typed, and the only super space', async () => {
    const html = await refused('/admin/spaces/new', { domain: 'https://x', name: hostile, registrar: 'nonsense' });
    assert.equal(attributeOf(html, /id="name"/, 'value'), hostile);
    assert.match(html, /id="registrar"[^>]* aria-invalid="true"/);
    assert.match(
      await refused(`${space}/delete`, { domain: 'sip.example.test' }, 409),
      /only space that manages all others/,
    );
  });

  test('have a field with a sentence for every setting, in both languages', async () => {
    const { html } = await browser.get(`${space}/settings`);
    for (const { name } of settingEntries) {
      if (name === 'linphonerc' || /^mail_|^smtp_/.test(name)) continue;
      assert.match(html, new RegExp(`id="${name}"`), name);
      assert.match(html, new RegExp(`id="${name}-hint">[^<]{20}`), name);
    }
    const french = await browser.get(`${space}/settings?lang=fr`);
    assert.match(french.html, /Serveur d’enregistrement/);
    await browser.get(`${space}/settings?lang=en`);
  });

  test('say in French what is wrong', async () => {
    await browser.get(`${space}/settings?lang=fr`);
    assert.match(
      await refused(`${space}/settings`, { token_lifetime: 'x' }),
      /Validité des codes – Indiquez une durée/,
    );
    assert.match(await refused(`${space}/contacts`, { action: 'add', name: 'Taxi' }), /ou numéro de téléphone/);
    assert.match(
      await refused(`${space}/linphonerc`, { action: 'publish', linphonerc: 'x' }),
      /La ligne 1 est illisible/,
    );
    await browser.get(`${space}/settings?lang=en`);
  });

  test('change settings of every kind, and only those that were sent', async () => {
    await done(`${space}/settings`, { name: 'Kontor', max_devices: '2' }, ['space-changed']);
    await done(`${space}/settings`, { depend_on_external: 'true', refetch: 'client' }, ['space-changed']);
    await done(`${space}/settings`, { seeded: 'sip/*\r\nui/theme', token_lifetime: '36h' }, ['space-changed']);
    const boxes = new URLSearchParams([
      ['algorithms', ''],
      ['algorithms', 'SHA-256'],
      ['algorithms', 'MD5'],
    ]);
    const answer = await t.server.inject({
      method: 'POST',
      url: `${space}/settings`,
      headers: {
        ...sameOrigin,
        cookie: [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        'content-type': 'application/x-www-form-urlencoded',
      },
      payload: boxes.toString(),
    });
    assert.equal(answer.statusCode, 303, answer.body);
    const { name, max_devices, depend_on_external, refetch, seeded, token_lifetime, algorithms } = (
      await t.api('GET', '/api/spaces/sip.example.test')
    ).json;
    assert.deepEqual(
      { name, max_devices, depend_on_external, refetch, seeded, token_lifetime, algorithms },
      {
        name: 'Kontor',
        max_devices: 2,
        depend_on_external: true,
        refetch: 'client',
        seeded: ['sip/*', 'ui/theme'],
        token_lifetime: '36h',
        algorithms: ['SHA-256', 'MD5'],
      },
    );
  });

  test('change only settings that were edited, and not what somebody else has changed since', async () => {
    const before = { registrar: 'sip:one.example.test', algorithms: ['SHA-256', 'MD5'], token_lifetime: '1d' };
    const meanwhile = { registrar: 'sip:two.example.test', algorithms: ['MD5'], token_lifetime: '2d' };
    const path = `/api/spaces/${t.app.spaces.first.domain}`;
    for (const name of ['registrar', 'algorithms', 'token_lifetime']) {
      assert.equal((await t.api('PUT', path, before)).status, 200);
      const form = formFields((await browser.get(`${space}/settings`)).html, name);
      assert.equal((await t.api('PUT', path, meanwhile)).status, 200);
      assert.equal((await browser.post(`${space}/settings`, form)).status, 303);
      const { json } = await t.api('GET', path);
      assert.deepEqual(Object.fromEntries(Object.keys(meanwhile).map((each) => [each, json[each]])), meanwhile);
    }
    await t.api('PUT', path, { registrar: null, algorithms: ['SHA-256'], token_lifetime: null });
  });

  test('do not take a text for edited because it begins with an empty line', async () => {
    const root_ca = `\n${readFileSync(new URL('../support/authority.pem', import.meta.url), 'utf8')}`;
    const path = `/api/spaces/${t.app.spaces.first.domain}`;
    assert.equal((await t.api('PUT', path, { root_ca })).status, 200);
    const form = formFields((await browser.get(`${space}/settings`)).html, 'root_ca');
    assert.equal((await t.api('PUT', path, { root_ca: null })).status, 200);
    assert.equal((await browser.post(`${space}/settings`, form)).status, 303);
    assert.equal((await t.api('GET', path)).json.root_ca, null);
  });

  test('never show a secret, keep it for an empty field, and remove it on demand', async () => {
    await t.setSpace({ turn_server: 'turn.example.test' });
    const page = await done(`${space}/settings`, { turn_secret: 'shared with coturn' }, ['space-changed']);
    assert.doesNotMatch(page.html, /shared with coturn/);
    await done(`${space}/settings`, { turn_secret: '', turn_lifetime: '2d' }, ['space-changed']);
    assert.equal(t.app.spaces.first.turnSecret, 'shared with coturn');
    await done(`${space}/settings`, { remove: 'turn_secret', turn_secret: '' }, ['space-changed']);
    assert.equal(t.app.spaces.first.turnSecret, null);
    assert.doesNotMatch(await refused(`${space}/settings`, { turn_secret: 'short' }), /value="short"/);
  });

  test('say at each field what is wrong, and keep what was typed', async () => {
    const html = await refused(`${space}/settings`, {
      registrar: hostile,
      token_lifetime: 'soon',
    });
    assert.equal(attributeOf(html, /id="registrar"/, 'value'), hostile);
    for (const name of ['registrar', 'token_lifetime']) {
      assert.match(
        html,
        new RegExp(`id="${name}" aria-describedby="${name}-hint ${name}-mistake" aria-invalid="true"`),
      );
    }
    assert.match(
      await refused(`${space}/settings`, { max_devices: 'many' }),
      /id="max_devices"[^>]* aria-invalid="true"/,
    );
    assert.match(await refused(`${space}/settings`, { realm: 'other' }, 409), /name="confirm"/);
    await done(`${space}/settings`, { realm: 'other', confirm: 'true' }, ['space-changed']);
    await done(`${space}/settings`, { realm: '', confirm: 'true' }, ['space-changed']);
  });

  test('keep what was ticked in a form that is refused or only asks the server', async () => {
    const isTicked = (html: string, id: string) => new RegExp(`<input[^>]* id="${id}"[^>]* checked>`).test(html);
    const boxes = ['algorithms-MD5', 'algorithms-SHA-256'];
    const before = t.app.spaces.first.algorithms;
    await t.setSpace({ algorithms: ['MD5', 'SHA-256'] });
    for (const [sent, ticked, status] of [
      [{ realm: 'other' }, ['SHA-256'], 409],
      [{ registrar: hostile }, ['MD5'], 422],
      [{ registrar: hostile }, ['SHA-256', 'MD5'], 422],
      [{ name: 'None' }, [], 422],
      [{ registrar: 'sip:127.0.0.1:9', action: 'check' }, [], 200],
      [{ registrar: 'sip:127.0.0.1:9', action: 'check' }, ['SHA-256'], 200],
    ] as const) {
      const form = new URLSearchParams({ ...sent, algorithms: '' });
      for (const each of ticked) form.append('algorithms', each);
      const html = await refused(`${space}/settings`, form, status);
      assert.deepEqual(
        boxes.filter((id) => isTicked(html, id)),
        boxes.filter((id) => ticked.some((each) => id === `algorithms-${each}`)),
      );
    }
    const other = await refused(`${space}/settings`, { token_lifetime: 'soon' });
    assert.ok(
      boxes.every((id) => isTicked(other, id)),
      'a form without these boxes',
    );
    await t.setSpace({ algorithms: [...before] });
  });

  test('keep what is to be removed in a form that is refused', async () => {
    const logo = pngPicture(20, 10).toString('base64');
    await t.setSpace({ turn_server: 'turn.example.test', turn_secret: 'shared with coturn', logo });
    for (const [name, wrong] of [
      ['turn_secret', { turn_lifetime: 'soon' }],
      ['logo', { language: 'klingon' }],
    ] as const) {
      const box = new RegExp(`<input[^>]* id="remove-${name}"[^>]* checked>`);
      assert.match(await refused(`${space}/settings`, { ...wrong, remove: name }), box);
      assert.doesNotMatch(await refused(`${space}/settings`, wrong), box);
    }
    await t.setSpace({ turn_server: null, turn_secret: null, logo: null });
  });

  /** Posts a logo and other fields as a browser does. */
  const postLogo = async (fields: Record<string, string> = {}) => {
    const form = new FormData();
    form.append('logo', new Blob([pngPicture(20, 10)], { type: 'text/html' }), 'logo.svg');
    for (const [name, value] of Object.entries(fields)) form.append(name, value);
    const sent = new Response(form);
    return t.server.inject({
      method: 'POST',
      url: `${space}/settings`,
      headers: {
        ...sameOrigin,
        cookie: [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        'content-type': sent.headers.get('content-type') ?? '',
      },
      payload: Buffer.from(await sent.arrayBuffer()),
    });
  };

  test('say that a secret or a file in a refused form must be given again', async () => {
    const typed = { turn_server: 'turn.example.test', turn_secret: 'shared with coturn' };
    const html = await refused(`${space}/settings`, { ...typed, turn_lifetime: 'soon' });
    assert.match(html, /Type it again: secrets are not kept in a form\./);
    assert.doesNotMatch(html, /shared with coturn|Choose the file again/);
    const answer = await postLogo({ language: 'klingon' });
    assert.equal(answer.statusCode, 422);
    assert.match(answer.body, /Choose the file again: files are not kept in a form\./);
    assert.doesNotMatch(answer.body, /Type it again/);
    const neither = await refused(`${space}/settings`, { turn_secret: '', turn_lifetime: 'soon' });
    assert.doesNotMatch(neither, /Type it again|Choose the file again/);
  });

  test('take a logo as a file, and show it', async () => {
    const answer = await postLogo();
    assert.equal(answer.statusCode, 303, answer.body);
    const { hash } = logoOf(t.app.spaces.first) ?? assert.fail();
    assert.match((await browser.get(`${space}/settings`)).html, new RegExp(`src="/logo/${hash}"`));
    await done(`${space}/settings`, { remove: 'logo' }, ['space-changed']);
  });

  test('keep settings of the operators from administrators of one space', async () => {
    await t.api('POST', '/api/spaces', { domain: 'customer.example.test' });
    await t.makeAccount({
      username: 'boss',
      password: 'right',
      admin: true,
      activated: true,
      domain: 'customer.example.test',
    });
    const boss = panelBrowser(t, '192.0.2.9');
    await boss.signIn('boss@customer.example.test', 'right');
    const path = '/admin/spaces/customer.example.test';
    const { html } = await boss.get(`${path}/settings`);
    for (const name of ['super', 'max_accounts', 'host']) assert.doesNotMatch(html, new RegExp(`name="${name}"`), name);
    for (const forged of [
      { super: 'true', name: 'Forged' },
      { max_accounts: '7', name: 'Forged' },
      { remove: 'host', name: 'Forged' },
    ] as Record<string, string>[])
      assert.equal((await boss.post(`${path}/settings`, forged)).status, 403, JSON.stringify(forged));
    const { location } = await boss.post(`${path}/settings`, { name: 'Customer' });
    assert.match(location ?? '', /done=save/);
    const stored = (await t.api('GET', '/api/spaces/customer.example.test')).json;
    assert.deepEqual([stored.super, stored.max_accounts, stored.name], [false, 0, 'Customer']);
    assert.doesNotMatch((await boss.get(path)).html, /hooks\.ts/);
    assert.equal((await boss.get('/admin/spaces/sip.example.test/settings')).status, 404);
    const list = await boss.get('/admin/spaces');
    assert.doesNotMatch(list.html, /data-domain="sip\.example\.test"/);
  });

  test('add administrators and take their rights, but not those of the last one', async () => {
    const account = await t.makeAccount({ username: 'ida', display_name: hostile.slice(0, 100), activated: true });
    const path = `${space}/administrators`;
    const added = await done(path, { action: 'add', username: 'ida' }, ['account-changed']);
    assert.match(added.html, new RegExp(`data-id="${account.id}"`));
    assert.doesNotMatch(added.html, /<script>alert/);
    await done(path, { action: 'remove', username: 'ida' }, ['account-changed']);
    assert.equal(
      attributeOf(await refused(path, { action: 'add', username: hostile }), /id="username"/, 'value'),
      hostile,
    );
    assert.match(await refused(path, { action: 'remove', username: 'admin' }, 409), /last administrator/);
    for (const username of ['ida@customer.example.test', 'ida@elsewhere.test']) {
      const words = textOf(await refused(path, { action: 'add', username }));
      assert.match(words, new RegExp(`There is no account “${username}” in this space\\.`));
    }
    assert.equal((await browser.post(path, { action: 'made-up', username: 'ida' })).status, 422);
    assert.equal((await t.api('GET', `/api/accounts/${account.id}`)).json.admin, false);
    await done(path, { action: 'add', username: 'ida@sip.example.test' }, ['account-changed']);
    await done(path, { action: 'remove', username: 'ida@sip.example.test' }, ['account-changed']);
    await done(path, { action: 'remove', username: 'ida' }, []);
  });

  test('end in the same way if the administrator to remove was deleted meanwhile, and type no name', async () => {
    const path = `${space}/administrators`;
    const { id } = await t.makeAccount({ username: 'ivy', admin: true, activated: true });
    await t.api('DELETE', `/api/accounts/${id}`);
    await done(path, { action: 'remove', username: 'ivy' }, []);
    const html = await refused(path, { action: 'remove', username: 'admin' }, 409);
    assert.equal(attributeOf(html, /id="username"/, 'value'), '');
  });

  test('show a new API key once, and revoke it', async () => {
    const path = `${space}/api-keys`;
    const page = await done(path, { action: 'create', name: hostile.slice(0, 100), expires: '30d' }, [
      'api-key-created',
    ]);
    const secret = attributeOf(page.html, /id="secret"/, 'value') ?? assert.fail(page.html);
    assert.doesNotMatch(page.html, /<script>alert/);
    assert.equal((await t.server.inject({ url: '/api/accounts', headers: { 'x-api-key': secret } })).statusCode, 200);
    const again = await browser.get(path);
    assert.doesNotMatch(again.html, new RegExp(secret));
    const id = /<tr data-id="(\d+)"/.exec(again.html)?.[1] ?? assert.fail();
    await done(path, { action: 'revoke', key: id }, ['api-key-revoked']);
    assert.equal((await t.server.inject({ url: '/api/accounts', headers: { 'x-api-key': secret } })).statusCode, 401);
    assert.equal(
      attributeOf(await refused(path, { action: 'create', name: 'x', expires: 'soon' }), /id="expires"/, 'value'),
      'soon',
    );
  });

  test('make API keys only for administrators of the space', async () => {
    const domain = 'keys.example.test';
    await t.api('POST', '/api/spaces', { domain });
    const path = `/admin/spaces/${domain}/api-keys`;
    assert.match(textOf((await browser.get(path)).html), /an administrator of this space, and there is none yet/);
    const { id: mine } = await t.api('GET', '/api/accounts/me').then(({ json }) => json);
    const refuse = async (fields: Record<string, string>) => {
      const before = await latestEvent(t.app);
      const { status, html } = await browser.post(path, { action: 'create', ...fields });
      assert.equal(status, 422);
      assert.deepEqual(await changesAfter(t.app, before), []);
      return html;
    };
    for (const fields of [{}, { account: '' }, { account: String(mine) }]) await refuse(fields);
    const boss = await t.makeAccount({ domain, username: 'boss', admin: true, activated: true });
    const user = await t.makeAccount({ domain, username: 'user' });
    assert.match(textOf(await refuse({})), /Fill this in\./);
    for (const fields of [{ account: String(user.id) }, { owner: 'user' }]) {
      const html = await refuse(fields);
      assert.match(html, /id="account"[^>]* aria-invalid="true"/);
      assert.match(textOf(html), /“user” is not an administrator of this space\./);
    }
    const made = await done(path, { action: 'create', account: String(boss.id) }, ['api-key-created']);
    const secret = attributeOf(made.html, /id="secret"/, 'value') ?? assert.fail(made.html);
    const statusOf = async (url: string) =>
      (await t.server.inject({ url, headers: { 'x-api-key': secret } })).statusCode;
    assert.deepEqual([await statusOf('/api/spaces'), await statusOf(`/api/accounts/${boss.id}`)], [403, 200]);
  });

  test('revoke an API key once, and tell nothing about those of other spaces', async () => {
    const domain = 'revoking.example.test';
    await t.api('POST', '/api/spaces', { domain });
    const boss = await t.makeAccount({ domain, admin: true, activated: true, password: 'right' });
    const own = panelBrowser(t, '192.0.2.88');
    await own.signIn(`${boss.username}@${domain}`, 'right');
    const { id: mine } = await t.api('GET', '/api/accounts/me').then(({ json }) => json);
    const keyOf = async (account: number) =>
      (await t.api('POST', `/api/accounts/${account}/api_keys`, { name: 'x' })).json.id;
    const [foreign, ours] = [await keyOf(mine), await keyOf(boss.id)];
    const path = `/admin/spaces/${domain}/api-keys`;
    const answers = [];
    for (const key of [foreign, 999_999, ours, ours]) {
      const { status, location } = await own.post(path, { action: 'revoke', key: String(key) });
      answers.push([status, location]);
    }
    assert.deepEqual(answers, Array(4).fill([303, `${path}?done=revoke`]));
    const keys = async (account: number) => (await t.api('GET', `/api/accounts/${account}/api_keys`)).json;
    assert.equal((await keys(boss.id)).length, 0);
    assert.ok((await keys(mine)).some(({ id }: { id: number }) => id === foreign));
  });

  test('bind a new API key to an address', async () => {
    const path = `${space}/api-keys`;
    const html = await refused(path, { action: 'create', name: 'door', bound_address: 'next door' });
    assert.equal(attributeOf(html, /id="bound_address"/, 'value'), 'next door');
    assert.match(html, /id="bound_address"[^>]* aria-invalid="true"/);
    const page = await done(path, { action: 'create', name: 'door', bound_address: '[2001:db8::7]' }, [
      'api-key-created',
    ]);
    assert.match(page.html, /only from 2001:db8::7/);
    const secret = attributeOf(page.html, /id="secret"/, 'value') ?? assert.fail(page.html);
    const statusFrom = async (remoteAddress: string) =>
      (await t.server.inject({ url: '/api/accounts', headers: { 'x-api-key': secret }, remoteAddress })).statusCode;
    assert.deepEqual([await statusFrom('2001:db8::99'), await statusFrom('2001:db9::7')], [200, 401]);
  });

  test('open the directory, and keep contacts from outside', async () => {
    const path = `${space}/contacts`;
    await done(path, { action: 'directory', directory: 'everyone' }, ['space-changed']);
    assert.equal(t.app.spaces.first.directory, 'everyone');
    const contact = {
      action: 'add',
      name: 'Taxi',
      phone: '+33 4 72 00 00 00',
      sip_uri: '',
      organization: hostile.slice(0, 100),
    };
    const page = await done(path, contact, ['outside-contact-added']);
    assert.doesNotMatch(page.html, /<script>alert/);
    const id = /<tr data-id="(\d+)"/.exec(page.html)?.[1] ?? assert.fail();
    const own = await browser.get(`${path}/${id}`);
    assert.equal(attributeOf(own.html, /id="phone"/, 'value'), '+33472000000');
    await done(`${path}/${id}`, { action: 'save', name: 'Taxi Lyon', phone: '', sip_uri: 'taxi@example.com' }, [
      'outside-contact-changed',
    ]);
    const html = await refused(path, { action: 'add', name: hostile, phone: '', sip_uri: '' });
    assert.equal(attributeOf(html, /id="name"/, 'value'), hostile);
    assert.match(html, /id="sip_uri"[^>]* aria-invalid="true"/);
    await done(`${path}/${id}`, { action: 'delete' }, ['outside-contact-removed']);
    await done(`${path}/${id}`, { action: 'delete' }, []);
    assert.equal((await browser.get(`${path}/${id}`)).status, 404);
  });

  test('show the payload for managed devices, or why it is missing', async () => {
    const root_ca = readFileSync(new URL('../support/authority.pem', import.meta.url), 'utf8');
    await t.setSpace({ root_ca });
    const { html } = await browser.get(`${space}/managed`);
    assert.match(html, /androidenterprise#managedConfiguration/);
    await t.setSpace({ refetch: 'every-start' });
    assert.match((await browser.get(`${space}/managed`)).html, /banner warn/);
    await t.setSpace({ refetch: 'once' });
  });

  test('show what happened, 50 at a time, the newest first', async () => {
    for (let count = 0; count < 55; count += 1) await t.makeAccount();
    const first = await browser.get(`${space}/events`);
    assert.equal(first.html.match(/<li><time/g)?.length, 50);
    const next = /<a rel="next" href="([^"]+)"/.exec(first.html)?.[1]?.replaceAll('&#61;', '=') ?? assert.fail();
    const second = await browser.get(next);
    assert.ok((second.html.match(/<li><time/g)?.length ?? 0) > 5);
  });

  test('name the account that an event is about, and link to it', async () => {
    const { id } = await t.makeAccount({ display_name: hostile });
    const { html } = await browser.get(`${space}/events`);
    const [, name] = new RegExp(`<a class="name" href="/admin/accounts/${id}"><bdi>(.*?)</bdi></a>`).exec(html) ?? [];
    assert.match(name ?? '', /alert\(1\)/);
    assert.doesNotMatch(name ?? '', /<(script|img)/);
  });

  test('tell super administrators which hook failed last', async () => {
    assert.match((await browser.get(space)).html, /None has failed/);
    const token = await t.makeToken(await t.makeAccount());
    await t.server.inject({ url: `/provisioning/${token}?fail` });
    const { html } = await browser.get(space);
    assert.match(html, /on purpose/);
    assert.doesNotMatch(html, new RegExp(token));
  });
});
