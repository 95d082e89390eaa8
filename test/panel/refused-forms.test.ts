import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { facesOf, routesOf } from '../../src/server.ts';
import type { TestApp } from '../support/app.ts';
import { changingForms } from '../support/changing-forms.ts';
import { makeScene, type Scene } from '../support/changing-requests.ts';
import { dumpDatabase } from '../support/database-dump.ts';
import { forEachDatabase } from '../support/databases.ts';
import { textOf } from '../support/html.ts';
import { changesAfter, latestEvent } from '../support/latest-event.ts';
import { openPanel, type PanelBrowser, panelBrowser } from '../support/panel.ts';

interface RefusedForm {
  readonly page: string | ((scene: Scene) => string | Promise<string>);
  readonly sent: Readonly<Record<string, string>>;
  /** The field that the page marks. */
  readonly field: string;
  /**
   * The field whose value the page keeps, unless it is the one that it marks; null: it keeps none, because it is
   * secret.
   */
  readonly kept?: string | null;
}

const space = '/admin/spaces/sip.example.test';
const under = (tab: string) => (scene: Scene) => `/admin/accounts/${scene.account.id}${tab}`;

const importPage = async ({ t }: Scene) => {
  const payload = 'username\nnew-one\n';
  const headers = { 'x-api-key': t.adminKey, 'content-type': 'text/csv' };
  const { id } = (
    await t.server.inject({ method: 'POST', url: '/api/accounts/import?dry_run=true', headers, payload })
  ).json();
  return `/admin/import/${id}`;
};

const refused: Readonly<Record<string, readonly RefusedForm[] | string>> = {
  'POST /setup/:token': 'setup-pages.test.ts goes through its steps',
  'POST /login': 'sign-in.test.ts: one answer for unknown, blocked and wrong',
  'POST /login/link/:token': 'it has no field',
  'POST /login/forgotten': 'it always answers the same',
  'POST /login/reset/:token': 'mail.test.ts has it',
  'POST /logout': 'it has no field',
  'POST /account': [
    { page: '/account', sent: { action: 'language', language: 'klingon' }, field: 'language', kept: null },
  ],
  'POST /account/sessions': 'it has buttons only',
  'POST /account/devices': 'it has buttons only',
  'POST /admin': 'it has buttons only',
  'POST /admin/import': 'import.test.ts has what is wrong with files',
  'POST /admin/import/:id': 'import.test.ts has rows with mistakes',
  'POST /admin/accounts': 'it has boxes and buttons only',
  'POST /admin/accounts/block': 'it has no field',
  'POST /admin/accounts/:id/block': 'it has no field',
  'POST /admin/accounts/:id/delete': 'it has no field',
  'POST /admin/accounts/:id/devices': 'it has buttons only',
  'POST /admin/sheet': 'it has no field that is typed',
  'POST /admin/invitations': 'it has choices; what else refuses it is below',
  'POST /admin/spaces/:domain/contacts/lists/:listId/delete': 'it has no field',
  'POST /admin/spaces/:domain/linphonerc/versions/:versionId': 'its only field is hidden',

  'POST /account/password': [
    {
      page: '/account/password',
      sent: { old_password: 'wrong', password: 'a longer one' },
      field: 'old_password',
      kept: null,
    },
  ],
  'POST /admin/welcome': [
    { page: '/admin/welcome', sent: { step: 'mail', email: 'nobody' }, field: 'email' },
    { page: '/admin/welcome', sent: { step: 'address', public_url: 'nowhere' }, field: 'public_url' },
  ],
  'POST /admin/accounts/new': [
    { page: '/admin/accounts/new', sent: { username: 'new one', email: 'nobody' }, field: 'email' },
    { page: '/admin/accounts/new', sent: { username: 'no-chief', admin: 'yes' }, field: 'admin' },
    { page: '/admin/accounts/new', sent: { username: 'no-word', language: 'klingon' }, field: 'language' },
  ],
  'POST /admin/accounts/:id': [
    { page: under(''), sent: { email: 'nobody' }, field: 'email' },
    ...['1', 'yes', 'TRUE', ''].map((admin) => ({ page: under(''), sent: { action: 'save', admin }, field: 'admin' })),
    { page: under(''), sent: { action: 'save', language: 'klingon' }, field: 'language' },
  ],
  'POST /admin/accounts/:id/provisioning': [
    {
      page: under('/provisioning'),
      sent: { action: 'issue', lifetime: '400d', reset_password: 'true' },
      field: 'lifetime',
    },
    { page: under('/provisioning'), sent: { action: 'issue', lifetime: 'soon' }, field: 'lifetime' },
  ],
  'POST /admin/accounts/:id/external': [
    {
      page: under('/external'),
      sent: { action: 'save', username: 'u', domain: 'not a domain', password: 'p' },
      field: 'domain',
    },
  ],
  'POST /admin/accounts/:id/contacts': [
    { page: under('/contacts'), sent: { action: 'add', contact: 'nobody' }, field: 'contact' },
  ],
  'POST /admin/accounts/:id/settings': [
    { page: under('/settings'), sent: { action: 'publish', linphonerc: '[net' }, field: 'linphonerc' },
  ],
  'POST /admin/spaces/new': [{ page: '/admin/spaces/new', sent: { domain: 'not a domain' }, field: 'domain' }],
  'POST /admin/spaces/:domain/settings': [
    { page: `${space}/settings`, sent: { turn_server: 'not a server' }, field: 'turn_server' },
  ],
  'POST /admin/spaces/:domain/mail': [
    { page: `${space}/mail`, sent: { action: 'save', mail_from: 'nobody' }, field: 'mail_from' },
  ],
  'POST /admin/spaces/:domain/linphonerc': [
    { page: `${space}/linphonerc`, sent: { action: 'publish', linphonerc: '[net' }, field: 'linphonerc' },
  ],
  'POST /admin/spaces/:domain/contacts': [
    { page: `${space}/contacts`, sent: { action: 'add', name: 'Taxi', sip_uri: 'no uri' }, field: 'sip_uri' },
    { page: `${space}/contacts`, sent: { action: 'list', title: '' }, field: 'title' },
  ],
  'POST /admin/spaces/:domain/contacts/lists/:listId': [
    {
      page: async ({ t }) =>
        `${space}/contacts/lists/${(await t.api('POST', '/api/contacts_lists', { title: 'Team' })).json.id}`,
      sent: { action: 'put', side: 'member', member: 'nobody' },
      field: 'member',
    },
  ],
  'POST /admin/spaces/:domain/contacts/:contactId': [
    {
      page: async ({ t }) => {
        const fields = { name: 'Taxi', phone: '+33472000001' };
        return `${space}/contacts/${(await t.api('POST', '/api/spaces/sip.example.test/outside_contacts', fields)).json.id}`;
      },
      sent: { action: 'save', name: 'Taxi', sip_uri: 'no uri' },
      field: 'sip_uri',
    },
  ],
  'POST /admin/spaces/:domain/administrators': [
    { page: `${space}/administrators`, sent: { action: 'add', username: 'nobody' }, field: 'username' },
  ],
  'POST /admin/spaces/:domain/api-keys': [
    {
      page: `${space}/api-keys`,
      sent: { action: 'create', name: 'Robot', bound_address: 'nowhere' },
      field: 'bound_address',
    },
  ],
  'POST /admin/spaces/:domain/domain': [{ page: `${space}/domain`, sent: { domain: 'not a domain' }, field: 'domain' }],
  'POST /admin/spaces/:domain/delete': [{ page: `${space}/delete`, sent: { domain: 'another' }, field: 'domain' }],
};

test('each form that changes something has a wrong value here, or a reason not to', () => {
  const forms = routesOf(facesOf('')).filter(
    ({ changes, endpoint }) => changes && endpoint.produces?.[0] === 'text/html',
  );
  const names = forms.map(({ method, path }) => `${method} ${path}`);
  assert.deepEqual(Object.keys(refused).toSorted(), names.toSorted());
});

forEachDatabase('a form with a wrong value', (makeUrl) => {
  let t: TestApp;
  let browser: PanelBrowser;
  before(async () => {
    ({ t, browser } = await openPanel(await makeUrl(), { RINGUP_PUBLIC_URL: '' }));
  });
  after(() => t.close());

  for (const [route, forms] of Object.entries(refused)) {
    if (typeof forms === 'string') continue;
    for (const { page, sent, field, kept = field } of forms) {
      test(`is shown again by ${route} with ${field}=${sent[field]} marked and kept, and nothing is stored`, async () => {
        const url = typeof page === 'string' ? page : await page(await makeScene(t));
        const before = await dumpDatabase(t.app.database);
        const { status, html } = await browser.post(url, sent);
        assert.equal(status, 422, html);
        const [marked] =
          new RegExp(`<(?:input|select|textarea)[^>]*\\bid="${field}"[^>]*aria-invalid="true"[^>]*>`).exec(html) ?? [];
        assert.ok(marked, html);
        assert.match(marked, new RegExp(`aria-describedby="[^"]*\\b${field}-mistake`));
        assert.ok(html.includes(`id="${field}-mistake"`));
        const value = sent[kept ?? ''];
        if (value) assert.ok(html.includes(value), `the page keeps ${value}`);
        assert.deepEqual(await dumpDatabase(t.app.database), before);
      });
    }
  }

  for (const [what, page, sent] of [
    ['allow_admin of a new import', '/admin/import', { text: 'username\nnew-one\n', allow_admin: 'yes' }],
    ['invite of a new import', '/admin/import', { text: 'username\nnew-one\n', invite: '0' }],
    ['allow_admin of an import', importPage, { action: 'check', on_duplicate: 'skip', allow_admin: 'on' }],
    ['first_is_row of an import', importPage, { action: 'check', first_is_row: 'false' }],
    ['all of the list', '/admin/accounts', { action: 'block', all: 'yes', account: '1' }],
    ['reset_password of a code', under('/provisioning'), { action: 'issue', reset_password: 'false' }],
    ['no_smtp_url of a space', `${space}/mail`, { action: 'save', no_smtp_url: '0' }],
    ['confirm of a space', `${space}/settings`, { name: 'Another', confirm: 'yes' }],
  ] as const) {
    test(`is refused if a box has a value that is not its own, such as ${what}`, async () => {
      const url = typeof page === 'string' ? page : await page(await makeScene(t));
      const before = await dumpDatabase(t.app.database);
      const { status, html } = await browser.post(url, sent);
      assert.equal(status, 422, html);
      assert.deepEqual(await dumpDatabase(t.app.database), before);
    });
  }

  const toldOn = async (url: string, sent: Record<string, string>, words: RegExp) => {
    const last = await latestEvent(t.app);
    const { status, html } = await browser.post(url, sent);
    assert.equal(status, 409, html);
    assert.match(textOf(/role="alert">(.*?)<\/p>/s.exec(html)?.[1] ?? ''), words);
    assert.match(html, /<nav class="(?:tabs|nav)"/);
    assert.deepEqual(await changesAfter(t.app, last), []);
  };

  test('a form is shown again if the state of the account or of the server refuses it', async () => {
    const { id } = await t.makeAccount({ email: 'reader@example.test' });
    const code = `/admin/accounts/${id}/provisioning`;
    await toldOn(code, { action: 'mail' }, /No mails can be sent/);
    await toldOn('/admin/invitations', { action: 'invite', filter: 'waiting' }, /No mails can be sent/);
    await t.setSpace({ smtp_url: 'smtp://127.0.0.1:2525', mail_from: 'phones@example.test' });
    await t.api('PUT', `/api/accounts/${id}`, { email: null });
    await toldOn(code, { action: 'mail' }, /has no mail address/);
    await t.api('POST', `/api/accounts/${id}/block`);
    await toldOn(code, { action: 'issue' }, /blocked/);
    const full = { domain: 'full.example.test', max_accounts: 1 };
    await t.api('POST', '/api/spaces', full);
    await t.makeAccount({ domain: full.domain });
    const url = `/admin/accounts/new?space=${full.domain}`;
    const typed = { username: 'newcomer', display_name: 'Typed before' };
    await toldOn(url, typed, /full\.example\.test is full/);
    assert.match((await browser.post(url, typed)).html, /value="Typed before"/);
  });

  const withButtons = routesOf(facesOf('')).filter(({ endpoint: { form }, method, path }) => {
    const forms = changingForms[`${method} ${path}`];
    // The first steps make sure of a code, as *Continue* does; that ends no other.
    if (typeof forms !== 'object' || path === '/admin/welcome') return false;
    return 'action' in Object(Reflect.get(form ?? {}, 'properties'));
  });
  assert.ok(withButtons.length > 10);
  for (const { method, path } of withButtons) {
    test(`${method} ${path} changes nothing without the name of a button`, async () => {
      const [first = assert.fail()] = changingForms[`${method} ${path}`] ?? [];
      if (typeof first === 'string') return assert.fail(first);
      const [url] = await first.send({ ...(await makeScene(t)), browser });
      const last = await latestEvent(t.app);
      const { status } = await browser.post(url, {});
      assert.ok(status < 500, `${status}`);
      assert.deepEqual(await changesAfter(t.app, last), []);
    });
  }

  test('a form for codes needs the name of its button, because a new code ends the one before', async () => {
    const account = await t.makeAccount({ activated: true, password: 'secret' });
    const code = await t.makeToken(account);
    const own = panelBrowser(t, '192.0.2.66');
    await own.signIn(account.username, 'secret');
    assert.equal((await own.post('/account', {})).status, 422);
    assert.equal((await browser.post(`/admin/accounts/${account.id}/provisioning`, { lifetime: '1h' })).status, 422);
    for (const { html } of [await own.get('/account'), await browser.get(`/admin/accounts/${account.id}/provisioning`)])
      assert.ok(html.includes(code));
  });
});
