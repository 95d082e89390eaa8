import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openTestApp, type TestApp } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';
import { allAttributes, attributeOf } from '../support/html.ts';
import { type MailServer, startMailServer, trustMailServer } from '../support/mail-server.ts';
import { type PanelBrowser, panelBrowser, sameOrigin } from '../support/panel.ts';
import { everyPage, type PanelPage } from '../support/panel-pages.ts';
import { phonesOf } from '../support/phone.ts';

trustMailServer();

/**
 * Would begin an element, an attribute, a template of ours or a right-to-left text, wherever a page forgets to escape
 * it.
 */
const hostile = `x"'><img src=x onerror=alert(1)><script>alert(1)</script>\${x}\u202e!&quot;`;
/** Short enough for every field, and unlike the others, so that each is found. */
const hostileAs = (field: string): string => `${field} x"'><img src=x onerror=alert(1)>`;
/** What may stand in a page only escaped. */
const live = /<img src=x|<script>alert|x"'>|x&quot;'>|onerror=alert\(1\)(?=[^<]*>)/;

/** What stands in a page for people to read. */
const shownFields = [
  ...[
    'Account',
    'Group',
    'Note',
    'Space',
    'Whom',
    'Key',
    'Outside',
    'Organization',
    'List',
    'Description',
    'Agent',
    'Cell',
    'Head',
  ],
  ...['File', 'Introduction'],
];

forEachDatabase('text that people type', (makeUrl) => {
  let t: TestApp;
  let smtp: MailServer;
  let browser: PanelBrowser;
  let pages: readonly PanelPage[];
  before(async () => {
    smtp = await startMailServer();
    t = await openTestApp(await makeUrl(), { RINGUP_SMTP_URL: smtp.url, RINGUP_MAIL_FROM: 'phones@example.test' });
    browser = panelBrowser(t);
    await browser.signIn('admin', 'administrator');
    const account = await t.makeAccount({
      display_name: hostileAs('Account'),
      group: hostileAs('Group'),
      note: hostileAs('Note'),
      email: 'someone@example.test',
    });
    // A name of a phone has no parentheses.
    const agent = `LinphoneAndroid/6.0 (Agent x"'><img src=x onerror=alert>) LinphoneSDK/5.4`;
    await phonesOf(t).redeem(await t.makeToken(account), { 'user-agent': agent, 'x-linphone-provisioning': '1' });
    await t.makeToken(account);
    const change = async (method: 'POST' | 'PUT', path: string, body: unknown) => {
      const { status, text } = await t.api(method, `/api${path}`, body);
      assert.ok(status === 200 || status === 201, `${path}: ${text}`);
    };
    const external = { username: 'out', domain: 'x.test', password: hostile, realm: '<img src=x onerror=alert(1)>' };
    await change('POST', `/accounts/${account.id}/external`, external);
    await change('PUT', '/spaces/sip.example.test', {
      name: hostileAs('Space'),
      contact_text: hostileAs('Whom'),
      mail_introduction_en: hostileAs('{name} Introduction'),
    });
    await change('POST', '/accounts/1/api_keys', { name: hostileAs('Key') });
    const outside = { name: hostileAs('Outside'), organization: hostileAs('Organization'), sip_uri: 'sip:x@x.test' };
    await change('POST', '/spaces/sip.example.test/outside_contacts', outside);
    const about = { title: hostileAs('List'), description: hostileAs('Description') };
    await change('POST', '/contacts_lists', about);
    await change('POST', `/contacts_lists/1/contacts/${account.id}`, undefined);
    await change('POST', `/accounts/${account.id}/contacts_lists/1`, undefined);
    await change('POST', `/accounts/${account.id}/send_provisioning_email`, undefined);
    await t.app.outbox.run();
    const elsewhere = { ...sameOrigin, 'user-agent': `Mozilla/5.0 ${hostile}` };
    const signIn = { username: 'admin', password: 'administrator' };
    assert.equal((await panelBrowser(t).post('/login', signIn, elsewhere)).status, 303);
    await importTable(t, browser);
    pages = everyPage({
      id: String(account.id),
      domain: 'sip.example.test',
      token: hostile,
      contactId: '1',
      listId: '1',
      versionId: '1',
      '/admin/import/:id id': '1',
    });
  });
  after(async () => {
    await t.close();
    await smtp.close();
  });

  test('appears on every page of the panel as text only, to signed-in people and to strangers', async () => {
    for (const reader of [browser, panelBrowser(t)]) {
      for (const { path } of pages) {
        const { html } = await reader.get(path);
        assert.doesNotMatch(html, live, path);
      }
    }
  });

  test('covers every field that a page shows', async () => {
    const shown = await Promise.all(pages.map(async ({ path }) => (await browser.get(path)).html));
    const missing = shownFields.filter((field) => !shown.some((html) => html.includes(`${field} x`)));
    assert.deepEqual(missing, []);
  });

  test('appears in a mail as text only', async () => {
    const [received] = await smtp.received(1);
    const html = String(received?.mail.html);
    assert.match(html, /Account x[^<]* Introduction x/);
    assert.match(html, /Whom x/);
    assert.doesNotMatch(html, live);
  });

  test('remains text in a refused form, in a search and in an unknown address', async () => {
    const fields = { username: hostile, display_name: hostile, email: hostile, phone: hostile, note: hostile };
    const space = '/admin/spaces/sip.example.test';
    const refusals: readonly (readonly [path: string, fields: Record<string, string>])[] = [
      ['/admin/accounts/new', fields],
      ['/admin/accounts/2/external', { username: hostile, domain: hostile, password: 'p', realm: hostile }],
      ['/admin/accounts/2/contacts', { action: 'add', contact: hostile }],
      [`${space}/contacts`, { action: 'add', name: hostile, phone: hostile, sip_uri: hostile, organization: hostile }],
      [`${space}/mail`, { action: 'save', mail_from: hostile, mail_introduction_en: `{nobody} ${hostile}` }],
      [`${space}/administrators`, { action: 'add', username: hostile }],
      ['/admin/spaces/new', { domain: hostile, name: hostile, registrar: hostile }],
    ];
    for (const [path, typed] of refusals) {
      const { status, html } = await browser.post(path, typed);
      assert.equal(status, 422, path);
      assert.doesNotMatch(html, live, path);
    }
    const query = new URLSearchParams({ search: hostile, group: hostile, filter: hostile, after: hostile });
    for (const path of [
      `/admin/accounts?${query}`,
      `/nothing/${encodeURIComponent(hostile)}`,
      `/login?next=${query}`,
    ]) {
      assert.doesNotMatch((await browser.get(path)).html, live, path);
    }
    assert.doesNotMatch((await browser.post('/login', { username: hostile, password: hostile })).html, live);
  });

  test('is refused in each field of each form if it has U+0000, which PostgreSQL does not take', async () => {
    const asked = new Set<string>();
    for (const reader of [panelBrowser(t), browser]) {
      for (const { path } of pages) {
        for (const { action, names } of formsIn((await reader.get(path)).html, path)) {
          for (const name of names) {
            for (const value of ['\0', 'sip:a\0@sip.example.test']) {
              const { status } = await reader.post(action, new URLSearchParams({ [name]: value }));
              assert.ok(status < 500, `${action} ${name}: ${status}`);
            }
            asked.add(`${action} ${name}`);
          }
        }
      }
    }
    for (const one of ['/login username', '/login/forgotten username', '/admin/accounts/new note']) {
      assert.ok(asked.has(one), one);
    }
    const { status, html } = await browser.post('/admin/accounts/new', { username: 'nul', group: 'a\0b' });
    assert.equal(status, 422);
    assert.match(html, /Take out the invisible character U\+0000/);
  });

  test('is read row by row from a table with U+0000', async () => {
    const text = 'username,name,email,phone,note\na\0,A\0,a\0@x.test,+336\0,\0\nfine,Fine,,,\n';
    const { status, location = '' } = await browser.post('/admin/import', { text });
    assert.equal(status, 303);
    const { html } = await browser.get(location);
    assert.match(html, /U\+0000/);
    assert.match(html, /1 row is ready/);
  });
});

/** Returns where the forms of a page post to, with the names of their fields. */
function formsIn(html: string, path: string): { readonly action: string; readonly names: readonly string[] }[] {
  return [...html.matchAll(/<form([^>]*)>(.*?)<\/form>/gs)].flatMap(([, head = '', fields = '']) => {
    const action = attributeOf(`<form${head}>`, /./, 'action') ?? path;
    const names = allAttributes(fields, 'name').filter((name) => name !== 'action');
    return head.includes('method="post"') && names.length > 0 ? [{ action, names: [...new Set(names)] }] : [];
  });
}

/** Uploads a table whose name, heading and cells are hostile, and which has one row to correct. */
async function importTable(t: TestApp, { cookies }: PanelBrowser): Promise<void> {
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
  const table = `username;name;phone;${quoted(hostileAs('Head'))}\nlena;${quoted(hostileAs('Cell'))};3,36E+10;x\n`;
  const form = new FormData();
  form.append('file', new Blob([table], { type: 'text/csv' }), `${hostileAs('File').replaceAll('"', '')}.csv`);
  const request = new Response(form);
  const answer = await t.server.inject({
    method: 'POST',
    url: '/admin/import',
    headers: {
      ...sameOrigin,
      cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
      'content-type': request.headers.get('content-type') ?? '',
    },
    payload: Buffer.from(await request.arrayBuffer()),
  });
  assert.equal(answer.statusCode, 303, answer.body);
}
