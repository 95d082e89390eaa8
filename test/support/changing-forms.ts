import type { EventKind } from '../../src/events/event.ts';
import { deviceOf, external, type Scene, withMail } from './changing-requests.ts';
import type { PanelBrowser } from './panel.ts';

export interface FormScene extends Scene {
  /** An administrator's, or that of the account's user where the page is the user's own. */
  readonly browser: PanelBrowser;
}

type Sent = readonly [url: string, fields?: Readonly<Record<string, string>>];

export interface ChangingForm {
  readonly does: string;
  /** In this order. */
  readonly records: readonly EventKind[];
  /** Prepares what the form needs, and returns what a browser sends. */
  readonly send: (scene: FormScene) => Sent | Promise<Sent>;
}

const space = '/admin/spaces/sip.example.test';

function pageOf({ account }: Scene, tab = ''): string {
  return `/admin/accounts/${account.id}${tab}`;
}

/** Each form of each page that changes something, or the reason why it need not record an event. */
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
    form('makes a code for the test phone', ['token-issued'], () => [
      '/admin/welcome',
      { step: 'phone', action: 'issue' },
    ]),
  ],
  'POST /admin/accounts/block': [
    form('blocks all that match', ['blocked'], ({ account }) => [
      `/admin/accounts/block?search=${account.username}`,
      {},
    ]),
  ],
  'POST /admin/accounts': [
    form('blocks', ['blocked'], ({ account }) => ['/admin/accounts', { action: 'block', account: `${account.id}` }]),
    form('unblocks', ['unblocked'], async ({ t, account, path }) => {
      await t.api('POST', `${path}/block`);
      return ['/admin/accounts', { unblock: `${account.id}` }];
    }),
    form('makes codes for a sheet', ['token-issued'], ({ account }) => [
      '/admin/accounts',
      { action: 'sheet', account: `${account.id}` },
    ]),
    form('invites', ['token-issued', 'mail-queued'], async ({ t, account }) => {
      await withMail(t, account);
      return ['/admin/accounts', { action: 'invite', account: `${account.id}` }];
    }),
  ],
  'POST /admin/accounts/new': [
    form('creates', ['account-created', 'token-issued'], () => ['/admin/accounts/new', { username: 'formed' }]),
  ],
  'POST /admin/accounts/:id': [
    form('saves', ['account-changed'], (scene) => [pageOf(scene), { display_name: 'Renamed' }]),
    form('sets a password', ['password-changed', 'token-issued'], (scene) => [pageOf(scene), { password: 'renewed' }]),
    form('activates', ['activated'], async (scene) => {
      await scene.t.api('POST', `${scene.path}/deactivate`);
      return [pageOf(scene), { action: 'activate' }];
    }),
    form('deactivates', ['deactivated'], (scene) => [pageOf(scene), { action: 'deactivate' }]),
    form('unblocks', ['unblocked'], async (scene) => {
      await scene.t.api('POST', `${scene.path}/block`);
      return [pageOf(scene), { action: 'unblock' }];
    }),
  ],
  'POST /admin/accounts/:id/block': [form('blocks', ['blocked'], (scene) => [pageOf(scene, '/block')])],
  'POST /admin/accounts/:id/delete': [form('deletes', ['account-deleted'], (scene) => [pageOf(scene, '/delete')])],
  'POST /admin/accounts/:id/provisioning': [
    form('issues a code', ['token-issued'], (scene) => [pageOf(scene, '/provisioning'), { action: 'issue' }]),
    form('ends the code', ['token-revoked'], async (scene) => {
      await scene.t.makeToken(scene.account);
      return [pageOf(scene, '/provisioning'), { action: 'revoke' }];
    }),
    form('mails the code', ['token-issued', 'mail-queued'], async (scene) => {
      await withMail(scene.t, scene.account);
      return [pageOf(scene, '/provisioning'), { action: 'mail' }];
    }),
  ],
  'POST /admin/accounts/:id/devices': [
    form('revokes', ['device-revoked'], async (scene) => [
      pageOf(scene, '/devices'),
      { device: `${await deviceOf(scene)}` },
    ]),
  ],
  'POST /admin/accounts/:id/external': [
    form('links', ['account-changed'], (scene) => [pageOf(scene, '/external'), { action: 'save', ...external }]),
    form('unlinks', ['account-changed'], async (scene) => {
      await scene.t.api('POST', `${scene.path}/external`, external);
      return [pageOf(scene, '/external'), { action: 'remove' }];
    }),
  ],
  'POST /admin/accounts/:id/contacts': [
    form('adds', ['contact-added'], async (scene) => {
      const { username } = await scene.t.makeAccount();
      return [pageOf(scene, '/contacts'), { action: 'add', contact: username }];
    }),
    form('removes', ['contact-removed'], async (scene) => {
      const { id } = await scene.t.makeAccount();
      await scene.t.api('POST', `${scene.path}/contacts/${id}`);
      return [pageOf(scene, '/contacts'), { action: 'remove', contact: `${id}` }];
    }),
    form('gives a list', ['contact-list-given'], async (scene) => [
      pageOf(scene, '/contacts'),
      { action: 'give', list: (await listPage(scene)).split('/').at(-1) ?? '' },
    ]),
    form('takes a list away', ['contact-list-taken'], async (scene) => [
      pageOf(scene, '/contacts'),
      { action: 'withdraw', list: (await listPage(scene, 'reader')).split('/').at(-1) ?? '' },
    ]),
  ],
  'POST /admin/accounts/:id/settings': [
    form('publishes', ['account-changed'], (scene) => [
      pageOf(scene, '/settings'),
      { action: 'publish', linphonerc: '[net]\nmtu=1300\n' },
    ]),
  ],
  'POST /admin/sheet': [
    form('makes codes', ['token-issued'], ({ account }) => ['/admin/sheet', { account: `${account.id}` }]),
  ],
  'POST /admin/import/:id': [
    form('writes the rows', ['account-created'], async ({ browser }) => {
      const { location = '' } = await browser.post('/admin/import', { text: 'username,name\nfrom-a-page,Page\n' });
      return [location, { action: 'import' }];
    }),
  ],
  'POST /admin/invitations': [
    form('invites those who wait', ['token-issued', 'mail-queued'], async ({ t }) => {
      const domain = 'invited.example.test';
      const mail = { smtp_url: 'smtp://127.0.0.1:2525', mail_from: 'phones@example.test' };
      await t.api('POST', '/api/spaces', { domain, ...mail });
      await t.makeAccount({ domain, email: 'one@example.test', activated: true });
      return [`/admin/invitations?space=${domain}`, { action: 'invite', filter: 'waiting' }];
    }),
    form('sends again', ['token-issued', 'mail-queued'], async ({ t, account }) => {
      await withMail(t, account);
      return ['/admin/invitations', { retry: `${account.id}` }];
    }),
  ],

  'POST /account': [
    form('makes a code', ['token-issued'], () => ['/account', { action: 'issue' }]),
    form('sets the language', ['account-changed'], () => ['/account', { action: 'language', language: 'fr' }]),
  ],
  'POST /account/devices': [
    form('revokes', ['device-revoked'], async (scene) => ['/account/devices', { device: `${await deviceOf(scene)}` }]),
  ],
  'POST /account/password': [
    form('sets the password', ['password-changed', 'token-issued'], () => [
      '/account/password',
      { old_password: 'secret', password: 'renewed' },
    ]),
  ],

  'POST /admin/spaces/new': [
    form('creates', ['space-created'], () => ['/admin/spaces/new', { domain: 'formed.example.test' }]),
  ],
  'POST /admin/spaces/:domain/settings': [
    form('saves', ['space-changed'], () => [`${space}/settings`, { name: 'From a page' }]),
  ],
  'POST /admin/spaces/:domain/mail': [
    form('saves', ['space-changed'], () => [`${space}/mail`, { action: 'save', mail_from: 'other@example.test' }]),
  ],
  'POST /admin/spaces/:domain/linphonerc': [
    form('publishes', ['space-changed'], () => [
      `${space}/linphonerc`,
      { action: 'publish', linphonerc: '[net]\nmtu=1200\n' },
    ]),
  ],
  'POST /admin/spaces/:domain/linphonerc/versions/:versionId': [
    form('publishes an earlier text', ['space-changed'], async ({ t, browser }) => {
      for (const mtu of [1300, 1400]) await t.setSpace({ linphonerc: `[net]\nmtu=${mtu}\n` });
      const { html } = await browser.get(`${space}/linphonerc/versions`);
      const earliest = [...html.matchAll(/versions\/(\d+)"/g)].at(-1)?.[1];
      return [`${space}/linphonerc/versions/${earliest}`];
    }),
  ],
  'POST /admin/spaces/:domain/contacts': [
    form('chooses who is in', ['space-changed'], () => [
      `${space}/contacts`,
      { action: 'directory', directory: 'everyone' },
    ]),
    form('makes a list', ['contact-list-created'], () => [`${space}/contacts`, { action: 'list', title: 'Sales' }]),
    form('adds', ['outside-contact-added'], () => [
      `${space}/contacts`,
      { action: 'add', name: 'Taxi', phone: '+33472000001' },
    ]),
  ],
  'POST /admin/spaces/:domain/contacts/lists/:listId': [
    form('renames', ['contact-list-changed'], async (scene) => [
      await listPage(scene),
      { action: 'save', title: 'New' },
    ]),
    form('puts in', ['contact-list-joined'], async (scene) => [
      await listPage(scene),
      { action: 'put', side: 'member', member: scene.account.username },
    ]),
    form('takes out', ['contact-list-left'], async (scene) => [
      await listPage(scene, 'member'),
      { action: 'take', side: 'member', account: `${scene.account.id}` },
    ]),
    form('gives', ['contact-list-given'], async (scene) => [
      await listPage(scene),
      { action: 'put', side: 'reader', reader: scene.account.username },
    ]),
    form('takes away', ['contact-list-taken'], async (scene) => [
      await listPage(scene, 'reader'),
      { action: 'take', side: 'reader', account: `${scene.account.id}` },
    ]),
  ],
  'POST /admin/spaces/:domain/contacts/lists/:listId/delete': [
    form('deletes', ['contact-list-deleted'], async (scene) => [`${await listPage(scene)}/delete`]),
  ],
  'POST /admin/spaces/:domain/contacts/:contactId': [
    form('saves', ['outside-contact-changed'], async (scene) => [
      await outsideContactPage(scene, 'warden@example.com'),
      { action: 'save', name: 'Warden', phone: '+33472000002' },
    ]),
    form('removes', ['outside-contact-removed'], async (scene) => [
      await outsideContactPage(scene, 'porter@example.com'),
      { action: 'delete' },
    ]),
  ],
  'POST /admin/spaces/:domain/administrators': [
    form('makes one', ['account-changed'], ({ account }) => [
      `${space}/administrators`,
      { action: 'add', username: account.username },
    ]),
    form('takes the rights', ['account-changed'], async ({ t, account, path }) => {
      await t.api('PUT', path, { admin: true });
      return [`${space}/administrators`, { action: 'remove', username: account.username }];
    }),
  ],
  'POST /admin/spaces/:domain/api-keys': [
    form('creates', ['api-key-created'], () => [`${space}/api-keys`, { action: 'create', name: 'Formed' }]),
    form('revokes', ['api-key-revoked'], async ({ t, path }) => {
      const { id } = (await t.api('POST', `${path}/api_keys`, { name: 'to be revoked' })).json;
      return [`${space}/api-keys`, { action: 'revoke', key: `${id}` }];
    }),
  ],
  'POST /admin/spaces/:domain/domain': [
    form('renames', ['domain-changed'], async ({ t }) => {
      await t.api('POST', '/api/spaces', { domain: 'before.example.test' });
      return ['/admin/spaces/before.example.test/domain', { domain: 'after.example.test' }];
    }),
  ],
  'POST /admin/spaces/:domain/delete': [
    form('deletes', ['space-deleted'], async ({ t }) => {
      const domain = 'gone-by-form.example.test';
      await t.api('POST', '/api/spaces', { domain });
      return [`/admin/spaces/${domain}/delete`, { domain }];
    }),
  ],
};

function form(does: string, records: readonly EventKind[], send: ChangingForm['send']): ChangingForm {
  return { does, records, send };
}

async function outsideContactPage({ t }: Scene, sip_uri: string): Promise<string> {
  const { id } = (await t.api('POST', '/api/spaces/sip.example.test/outside_contacts', { name: 'Caretaker', sip_uri }))
    .json;
  return `${space}/contacts/${id}`;
}

/** Makes a contact list, with the account on a side of it. */
async function listPage({ t, account, path }: Scene, side?: 'member' | 'reader'): Promise<string> {
  const { id } = (await t.api('POST', '/api/contacts_lists', { title: 'Team' })).json;
  if (side === 'member') await t.api('POST', `/api/contacts_lists/${id}/contacts/${account.id}`);
  if (side === 'reader') await t.api('POST', `${path}/contacts_lists/${id}`);
  return `${space}/contacts/lists/${id}`;
}
