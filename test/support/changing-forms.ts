import { setPublicUrl } from '../../src/administration/set-public-url.ts';
import { operator } from '../../src/events/actor.ts';
import type { EventKind } from '../../src/events/event.ts';
import { deviceOf, external, type Scene, withMail } from './changing-requests.ts';
import type { PanelBrowser } from './panel.ts';

export interface FormScene extends Scene {
  /** The browser of an administrator, or of the account's user for the user's own pages. */
  readonly browser: PanelBrowser;
}

type Sent = readonly [url: string, fields?: Readonly<Record<string, string>>];

export interface ChangingForm {
  readonly does: string;
  /** The recorded events, in this order. */
  readonly records: readonly EventKind[];
  /** Prepares what the form needs. Returns the fields that a browser sends. */
  readonly send: (scene: FormScene) => Sent | Promise<Sent>;
  /** Whether the form needs the password again once the session is ten minutes old. */
  readonly confirms: boolean;
  /** The status of the answer to an accepted form; by default, 303. */
  readonly status?: number;
  /** Whether the form changes the administrator's own account. */
  readonly changesReader?: boolean;
}

const space = '/admin/spaces/sip.example.test';

function pageOf({ account }: Scene, tab = ''): string {
  return `/admin/accounts/${account.id}${tab}`;
}

/**
 * For each page that changes something: what its form does, by action, or why it need not record an event. If a form
 * without an action does several things, missing entries are not detected.
 */
export const changingForms: Readonly<Record<string, string | readonly ChangingForm[]>> = {
  'POST /setup/:token': 'strangers may call it',
  'POST /login': 'strangers may call it',
  'POST /login/link/:token': 'strangers may call it',
  'POST /login/forgotten': 'strangers may call it',
  'POST /login/reset/:token': 'strangers may call it',
  'POST /logout': 'it ends only the session of the browser that asks',
  'POST /account/sessions': 'it ends only sessions of the account that asks',
  'POST /admin': 'it changes no account and no space',
  'POST /admin/import': 'it keeps the rows of a file, and writes no account',

  'POST /admin/welcome': [
    unasked('makes a code for the test phone', ['token-issued'], () => [
      '/admin/welcome',
      { step: 'phone', action: 'issue' },
    ]),
    asked('sets the mail server', ['space-changed'], () => [
      '/admin/welcome',
      { step: 'mail', action: 'continue', smtp_url: 'smtp://first.example.test:587', mail_from: 'first@example.test' },
    ]),
    {
      ...asked("sets the administrator's own address", ['account-changed'], () => [
        '/admin/welcome',
        { step: 'mail', email: 'own@example.test' },
      ]),
      // No mail server accepts the test mail.
      status: 422,
      changesReader: true,
    },
    asked('sets the address for phones', ['address-changed'], async ({ browser }) => {
      // The next step issues a code only if there is none.
      await browser.post('/admin/welcome', { step: 'phone', action: 'issue' });
      return ['/admin/welcome', { step: 'address', public_url: 'http://127.0.0.1:9' }];
    }),
    unasked('takes the address back', ['address-changed'], async ({ t }) => {
      const url = 'http://127.0.0.1:8';
      await setPublicUrl(t.app, operator, url);
      return ['/admin/welcome', { action: 'undo', public_url: url }];
    }),
  ],
  'POST /admin/accounts/block': [
    unasked('blocks all that match', ['blocked'], ({ account }) => [
      `/admin/accounts/block?search=${account.username}`,
      {},
    ]),
  ],
  'POST /admin/accounts': [
    unasked('blocks', ['blocked'], ({ account }) => ['/admin/accounts', { action: 'block', account: `${account.id}` }]),
    unasked('unblocks', ['unblocked'], async ({ t, account, path }) => {
      await t.api('POST', `${path}/block`);
      return ['/admin/accounts', { unblock: `${account.id}` }];
    }),
    asked('unblocks an administrator', ['unblocked'], async (scene) => [
      '/admin/accounts',
      { unblock: idOf(await chiefPage(scene, 'block')) },
    ]),
    asked('unblocks administrators among others', ['unblocked'], async (scene) => [
      '/admin/accounts',
      { action: 'unblock', account: idOf(await chiefPage(scene, 'block')) },
    ]),
    unasked('makes codes for a sheet', ['token-issued'], ({ account }) => [
      '/admin/accounts',
      { action: 'sheet', account: `${account.id}` },
    ]),
    unasked('invites', ['token-issued', 'mail-queued'], async ({ t, account }) => {
      await withMail(t, account);
      return ['/admin/accounts', { action: 'invite', account: `${account.id}` }];
    }),
  ],
  'POST /admin/accounts/new': [
    unasked('creates', ['account-created', 'token-issued'], () => ['/admin/accounts/new', { username: 'formed' }]),
    asked('creates an administrator', ['account-created', 'token-issued'], () => [
      '/admin/accounts/new',
      { username: 'formed-chief', admin: 'true' },
    ]),
  ],
  'POST /admin/accounts/:id': [
    unasked('saves', ['account-changed'], (scene) => [pageOf(scene), { action: 'save', display_name: 'Renamed' }]),
    unasked('sets a password', ['password-changed', 'token-issued'], (scene) => [
      pageOf(scene),
      { password: 'renewed' },
    ]),
    asked('makes an administrator', ['account-changed'], (scene) => [pageOf(scene), { admin: 'true' }]),
    asked('sets the password of an administrator', ['password-changed', 'token-issued'], async (scene) => [
      await chiefPage(scene),
      { password: 'administrator' },
    ]),
    asked('sets the mail address of an administrator', ['account-changed'], async (scene) => [
      await chiefPage(scene),
      { email: `chief${scene.account.id}@example.test` },
    ]),
    unasked('activates', ['activated'], async (scene) => {
      await scene.t.api('POST', `${scene.path}/deactivate`);
      return [pageOf(scene), { action: 'activate' }];
    }),
    unasked('deactivates', ['deactivated'], (scene) => [pageOf(scene), { action: 'deactivate' }]),
    unasked('unblocks', ['unblocked'], async (scene) => {
      await scene.t.api('POST', `${scene.path}/block`);
      return [pageOf(scene), { action: 'unblock' }];
    }),
    asked('activates an administrator', ['activated'], async (scene) => [
      await chiefPage(scene, 'deactivate'),
      { action: 'activate' },
    ]),
    asked('unblocks an administrator', ['unblocked'], async (scene) => [
      await chiefPage(scene, 'block'),
      { action: 'unblock' },
    ]),
  ],
  'POST /admin/accounts/:id/block': [unasked('blocks', ['blocked'], (scene) => [pageOf(scene, '/block')])],
  'POST /admin/accounts/:id/delete': [unasked('deletes', ['account-deleted'], (scene) => [pageOf(scene, '/delete')])],
  'POST /admin/accounts/:id/provisioning': [
    unasked('issues a code', ['token-issued'], (scene) => [pageOf(scene, '/provisioning'), { action: 'issue' }]),
    unasked('ends the code', ['token-revoked'], async (scene) => {
      await scene.t.makeToken(scene.account);
      return [pageOf(scene, '/provisioning'), { action: 'revoke' }];
    }),
    unasked('mails the code', ['token-issued', 'mail-queued'], async (scene) => {
      await withMail(scene.t, scene.account);
      return [pageOf(scene, '/provisioning'), { action: 'mail' }];
    }),
  ],
  'POST /admin/accounts/:id/devices': [
    unasked('revokes', ['device-revoked'], async (scene) => [
      pageOf(scene, '/devices'),
      { device: `${await deviceOf(scene)}` },
    ]),
  ],
  'POST /admin/accounts/:id/external': [
    unasked('links', ['account-changed'], (scene) => [pageOf(scene, '/external'), { action: 'save', ...external }]),
    unasked('unlinks', ['account-changed'], async (scene) => {
      await scene.t.api('POST', `${scene.path}/external`, external);
      return [pageOf(scene, '/external'), { action: 'remove' }];
    }),
  ],
  'POST /admin/accounts/:id/contacts': [
    unasked('adds', ['contact-added'], async (scene) => {
      const { username } = await scene.t.makeAccount();
      return [pageOf(scene, '/contacts'), { action: 'add', contact: username }];
    }),
    unasked('removes', ['contact-removed'], async (scene) => {
      const { id } = await scene.t.makeAccount();
      await scene.t.api('POST', `${scene.path}/contacts/${id}`);
      return [pageOf(scene, '/contacts'), { action: 'remove', contact: `${id}` }];
    }),
    unasked('gives a list', ['contact-list-given'], async (scene) => [
      pageOf(scene, '/contacts'),
      { action: 'give', list: idOf(await listPage(scene)) },
    ]),
    unasked('takes a list away', ['contact-list-taken'], async (scene) => [
      pageOf(scene, '/contacts'),
      { action: 'withdraw', list: idOf(await listPage(scene, 'reader')) },
    ]),
  ],
  'POST /admin/accounts/:id/settings': [
    unasked('publishes', ['account-changed'], (scene) => [
      pageOf(scene, '/settings'),
      { action: 'publish', linphonerc: '[net]\nmtu=1300\n' },
    ]),
  ],
  'POST /admin/sheet': [
    unasked('makes codes', ['token-issued'], ({ account }) => ['/admin/sheet', { account: `${account.id}` }]),
  ],
  'POST /admin/import/:id': [
    unasked('writes the rows', ['account-created'], async ({ browser }) => {
      const { location = '' } = await browser.post('/admin/import', { text: 'username,name\nfrom-a-page,Page\n' });
      return [location, { action: 'import' }];
    }),
    asked('writes rows that make administrators', ['account-created'], async ({ browser }) => {
      const file = { text: 'username,admin\nchief-from-a-page,yes\n', allow_admin: 'true' };
      const { location = '' } = await browser.post('/admin/import', file);
      return [location, { action: 'import' }];
    }),
    unasked('makes the codes of new accounts', ['token-issued'], async (scene) => [
      await importPage(scene),
      { action: 'codes' },
    ]),
    unasked('makes a sheet for new accounts', ['token-issued'], async (scene) => [
      await importPage(scene),
      { action: 'sheet' },
    ]),
    unasked('makes a sheet for those without a mail address', ['token-issued'], async (scene) => [
      await importPage(scene),
      { action: 'sheet-rest' },
    ]),
    unasked('invites new accounts', ['token-issued', 'mail-queued'], async (scene) => {
      await withMail(scene.t, scene.account);
      return [await importPage(scene, `imported${scene.account.id}@example.test`), { action: 'invite' }];
    }),
  ],
  'POST /admin/invitations': [
    unasked('invites those who wait', ['token-issued', 'mail-queued'], async ({ t }) => {
      const domain = 'invited.example.test';
      const mail = { smtp_url: 'smtp://127.0.0.1:2525', mail_from: 'phones@example.test' };
      await t.api('POST', '/api/spaces', { domain, ...mail });
      await t.makeAccount({ domain, email: 'one@example.test', activated: true });
      return [`/admin/invitations?space=${domain}`, { action: 'invite', filter: 'waiting' }];
    }),
    unasked('sends again', ['token-issued', 'mail-queued'], async ({ t, account }) => {
      await withMail(t, account);
      return ['/admin/invitations', { action: 'retry', retry: `${account.id}` }];
    }),
  ],

  'POST /account': [
    unasked('makes a code', ['token-issued'], () => ['/account', { action: 'issue' }]),
    unasked('sets the language', ['account-changed'], () => ['/account', { action: 'language', language: 'fr' }]),
  ],
  'POST /account/devices': [
    unasked('revokes', ['device-revoked'], async (scene) => [
      '/account/devices',
      { device: `${await deviceOf(scene)}` },
    ]),
  ],
  'POST /account/password': [
    unasked('sets the password', ['password-changed', 'token-issued'], () => [
      '/account/password',
      { old_password: 'secret', password: 'renewed' },
    ]),
  ],

  'POST /admin/spaces/new': [
    unasked('creates', ['space-created'], () => ['/admin/spaces/new', { domain: 'formed.example.test' }]),
  ],
  'POST /admin/spaces/:domain/settings': [
    unasked('saves', ['space-changed'], () => [`${space}/settings`, { name: 'From a page' }]),
    asked('makes a space super', ['space-changed'], async ({ t }) => {
      await t.api('POST', '/api/spaces', { domain: 'risen.example.test' });
      return ['/admin/spaces/risen.example.test/settings', { super: 'true' }];
    }),
    asked('leads links to another host', ['space-changed'], async ({ t }) => {
      await t.api('POST', '/api/spaces', { domain: 'hosted.example.test' });
      return ['/admin/spaces/hosted.example.test/settings', { host: 'hosted.test' }];
    }),
  ],
  'POST /admin/spaces/:domain/mail': [
    unasked('saves', ['space-changed'], () => [`${space}/mail`, { action: 'save', mail_from: 'other@example.test' }]),
    asked('sets a mail server', ['space-changed'], () => [
      `${space}/mail`,
      { action: 'save', smtp_url: 'smtp://mail.example.test:587' },
    ]),
    asked('removes the mail server', ['space-changed'], async ({ t }) => {
      await t.setSpace({ smtp_url: 'smtp://removed.example.test:587' });
      return [`${space}/mail`, { action: 'save', no_smtp_url: 'true' }];
    }),
  ],
  'POST /admin/spaces/:domain/linphonerc': [
    unasked('publishes', ['space-changed'], () => [
      `${space}/linphonerc`,
      { action: 'publish', linphonerc: '[net]\nmtu=1200\n' },
    ]),
  ],
  'POST /admin/spaces/:domain/linphonerc/versions/:versionId': [
    unasked('publishes an earlier text', ['space-changed'], async ({ t, browser }) => {
      for (const mtu of [1300, 1400]) await t.setSpace({ linphonerc: `[net]\nmtu=${mtu}\n` });
      const { html } = await browser.get(`${space}/linphonerc/versions`);
      const earliest = [...html.matchAll(/versions\/(\d+)"/g)].at(-1)?.[1];
      return [`${space}/linphonerc/versions/${earliest}`];
    }),
  ],
  'POST /admin/spaces/:domain/contacts': [
    unasked('chooses who is in', ['space-changed'], () => [
      `${space}/contacts`,
      { action: 'directory', directory: 'everyone' },
    ]),
    unasked('makes a list', ['contact-list-created'], () => [`${space}/contacts`, { action: 'list', title: 'Sales' }]),
    unasked('adds', ['outside-contact-added'], () => [
      `${space}/contacts`,
      { action: 'add', name: 'Taxi', phone: '+33472000001' },
    ]),
  ],
  'POST /admin/spaces/:domain/contacts/lists/:listId': [
    unasked('renames', ['contact-list-changed'], async (scene) => [
      await listPage(scene),
      { action: 'save', title: 'New' },
    ]),
    unasked('puts in', ['contact-list-joined'], async (scene) => [
      await listPage(scene),
      { action: 'put', side: 'member', member: scene.account.username },
    ]),
    unasked('takes out', ['contact-list-left'], async (scene) => [
      await listPage(scene, 'member'),
      { action: 'take', side: 'member', account: `${scene.account.id}` },
    ]),
    unasked('gives', ['contact-list-given'], async (scene) => [
      await listPage(scene),
      { action: 'put', side: 'reader', reader: scene.account.username },
    ]),
    unasked('takes away', ['contact-list-taken'], async (scene) => [
      await listPage(scene, 'reader'),
      { action: 'take', side: 'reader', account: `${scene.account.id}` },
    ]),
  ],
  'POST /admin/spaces/:domain/contacts/lists/:listId/delete': [
    unasked('deletes', ['contact-list-deleted'], async (scene) => [`${await listPage(scene)}/delete`]),
  ],
  'POST /admin/spaces/:domain/contacts/:contactId': [
    unasked('saves', ['outside-contact-changed'], async (scene) => [
      await outsideContactPage(scene, 'warden@example.com'),
      { action: 'save', name: 'Warden', phone: '+33472000002' },
    ]),
    unasked('removes', ['outside-contact-removed'], async (scene) => [
      await outsideContactPage(scene, 'porter@example.com'),
      { action: 'delete' },
    ]),
  ],
  'POST /admin/spaces/:domain/administrators': [
    asked('makes one', ['account-changed'], ({ account }) => [
      `${space}/administrators`,
      { action: 'add', username: account.username },
    ]),
    unasked('takes the rights', ['account-changed'], async ({ t, account, path }) => {
      await t.api('PUT', path, { admin: true });
      return [`${space}/administrators`, { action: 'remove', username: account.username }];
    }),
  ],
  'POST /admin/spaces/:domain/api-keys': [
    asked('creates', ['api-key-created'], () => [`${space}/api-keys`, { action: 'create', name: 'Formed' }]),
    unasked('revokes', ['api-key-revoked'], async ({ t, path }) => {
      const { id } = (await t.api('POST', `${path}/api_keys`, { name: 'to be revoked' })).json;
      return [`${space}/api-keys`, { action: 'revoke', key: `${id}` }];
    }),
  ],
  'POST /admin/spaces/:domain/domain': [
    unasked('renames', ['domain-changed'], async ({ t }) => {
      await t.api('POST', '/api/spaces', { domain: 'before.example.test' });
      return ['/admin/spaces/before.example.test/domain', { domain: 'after.example.test' }];
    }),
  ],
  'POST /admin/spaces/:domain/delete': [
    asked('deletes', ['space-deleted'], async ({ t }) => {
      const domain = 'gone-by-form.example.test';
      await t.api('POST', '/api/spaces', { domain });
      return [`/admin/spaces/${domain}/delete`, { domain }];
    }),
  ],
};

/** Actions of the forms above that record no event, with the reasons. */
export const harmlessActions: Readonly<Record<string, string>> = {
  'POST /admin/welcome later': 'it leaves a step out',
  'POST /admin/accounts/:id block': 'it leads to the page that asks first',
  'POST /admin/accounts/:id delete': 'it leads to the page that asks first',
  'POST /admin/accounts/:id/settings check': 'it shows what would be published',
  'POST /admin/accounts/:id/settings edit': 'it shows the text that would be published',
  'POST /admin/import/:id check': 'it keeps what was corrected, and writes no account',
  'POST /admin/import/:id columns': 'it keeps what the columns are, and writes no account',
  'POST /admin/import/:id discard': 'it drops rows that were not written',
  'POST /admin/import/:id stay': 'it shows the page again',
  'POST /admin/spaces/:domain/mail test': 'it sends a mail to who asks',
  'POST /admin/spaces/:domain/linphonerc check': 'it shows what would be published',
  'POST /admin/spaces/:domain/linphonerc preview': 'it shows what would be published',
  'POST /admin/spaces/:domain/linphonerc review': 'it shows what would be published',
};

/** Returns a form that never needs the password again, however old the session is. */
function unasked(does: string, records: readonly EventKind[], send: ChangingForm['send']): ChangingForm {
  return { does, records, send, confirms: false };
}

/** Returns a form that needs the password again ten minutes after it was given. */
function asked(does: string, records: readonly EventKind[], send: ChangingForm['send']): ChangingForm {
  return { does, records, send, confirms: true };
}

/** Creates an administrator, and changes its state. */
async function chiefPage({ t }: Scene, to?: 'block' | 'deactivate'): Promise<string> {
  const { id } = await t.makeAccount({ activated: true, admin: true });
  if (to !== undefined) await t.api('POST', `/api/accounts/${id}/${to}`);
  return `/admin/accounts/${id}`;
}

/** Imports a table with one account. Returns the path of the import's page. */
async function importPage({ account, browser }: FormScene, email = ''): Promise<string> {
  const text = `username,email\nimported-${account.id},${email}\n`;
  const { location = '' } = await browser.post('/admin/import', { text });
  await browser.post(location, { action: 'import' });
  return location;
}

function idOf(page: string): string {
  return page.split('/').at(-1) ?? '';
}

async function outsideContactPage({ t }: Scene, sip_uri: string): Promise<string> {
  const { id } = (await t.api('POST', '/api/spaces/sip.example.test/outside_contacts', { name: 'Caretaker', sip_uri }))
    .json;
  return `${space}/contacts/${id}`;
}

/** Creates a contact list that the account is a member or reader of. */
async function listPage({ t, account, path }: Scene, side?: 'member' | 'reader'): Promise<string> {
  const { id } = (await t.api('POST', '/api/contacts_lists', { title: 'Team' })).json;
  if (side === 'member') await t.api('POST', `/api/contacts_lists/${id}/contacts/${account.id}`);
  if (side === 'reader') await t.api('POST', `${path}/contacts_lists/${id}`);
  return `${space}/contacts/lists/${id}`;
}
