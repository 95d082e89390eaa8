import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { openTestApp, type TestApp } from '../support/app.ts';
import { sqliteUrl } from '../support/databases.ts';
import { attributeOf } from '../support/html.ts';
import { type PanelBrowser, panelBrowser } from '../support/panel.ts';
import { everyPage } from '../support/panel-pages.ts';
import { tempDirectory } from '../support/temp-directory.ts';

/** What the Enter key may do in a form with several buttons; the empty one names no action. */
const harmless = ['', 'check', 'continue', 'issue', 'preview', 'review', 'save', 'stay'];

/**
 * Returns the actions of the buttons, in the order of the page, of each form that has several of them and a field in
 * which somebody can press Enter.
 */
function buttonsOfForms(html: string): string[][] {
  return [...html.matchAll(/<form[\s\S]*?<\/form>/g)].flatMap(({ 0: form, index: from }) => {
    const id = attributeOf(form, /^<form/, 'id');
    const until = from + form.length;
    const own = [...html.matchAll(/<(button|input|select)\b[^>]*>/g)].filter(({ 0: tag, index }) => {
      const owner = attributeOf(tag, /^/, 'form');
      return owner === undefined ? index > from && index < until : owner === id;
    });
    const tags = own.map(([tag]) => tag).filter((tag) => !/ type="(hidden|button)"/.test(tag));
    const actions = tags.filter((tag) => tag.startsWith('<button')).map(actionOf);
    return actions.length > 1 && tags.length > actions.length ? [actions] : [];
  });
}

function actionOf(button: string): string {
  const name = attributeOf(button, /^/, 'name') ?? '';
  const value = attributeOf(button, /^/, 'value') ?? '';
  return name === 'action' ? value : name;
}

// One database: it is about the markup of pages.
describe('the Enter key in a form with several buttons', () => {
  let t: TestApp;
  let browser: PanelBrowser;
  const domain = 'sip.example.test';
  before(async () => {
    const mail = { RINGUP_SMTP_URL: 'smtp://mail.example.test', RINGUP_MAIL_FROM: 'ringup@example.test' };
    t = await openTestApp(sqliteUrl(join(tempDirectory(), 'ringup.sqlite')), mail);
    browser = panelBrowser(t);
    await browser.signIn('admin', 'administrator');
  });
  after(() => t.close());

  const imported = async (text: string): Promise<string> => {
    const { location = '', html } = await browser.post('/admin/import', { text });
    assert.match(location, /^\/admin\/import\/\d+$/, html);
    return location;
  };

  /** Returns the pages of the panel, and those that answer a form, with more than one button in some form. */
  const pages = async (): Promise<ReadonlyMap<string, string>> => {
    const account = await t.makeAccount({ username: 'zoe', email: 'zoe@x.example' });
    const { id } = account;
    await t.api('POST', `/api/accounts/${id}/external`, { username: 'out', domain: 'x.test', password: 'p' });
    await t.makeToken(account);
    const people = Array.from({ length: 502 }, (_, each) => `p${each},${each === 0 ? 'p@x.example' : ''}\n`);
    const written = await imported(`username,email\n${people.join('')}`);
    await browser.post(written, { action: 'import' });
    const refused = await imported('username,phone,Remarks\nnot a name,0601020304,x\nida,,x\n');
    const found = everyPage({
      id: String(id),
      domain,
      token: 'x',
      contactId: '1',
      listId: '1',
      versionId: '1',
      '/admin/import/:id id': [written, refused].map((path) => path.split('/').at(-1) ?? ''),
    });
    const answers = new Map<string, string>();
    for (const path of [...found.map((each) => each.path), `${refused}?show=columns`]) {
      answers.set(path, (await browser.get(path)).html);
    }
    const linphonerc = '[sip]\nmedia_encryption=srtp\n';
    for (const [path, action] of [
      [`/admin/spaces/${domain}/linphonerc`, 'check'],
      [`/admin/spaces/${domain}/linphonerc`, 'review'],
      [`/admin/accounts/${id}/settings`, 'check'],
    ] as const) {
      answers.set(`${path} ${action}`, (await browser.post(path, { action, linphonerc, account: 'zoe' })).html);
    }
    return answers;
  };

  test('ends, blocks, sends and publishes nothing, on whatever page', async () => {
    const harmful: string[] = [];
    const seen = new Set<string>();
    for (const [page, html] of await pages()) {
      for (const actions of buttonsOfForms(html)) {
        for (const action of actions) seen.add(action);
        if (!harmless.includes(actions[0] ?? '')) harmful.push(`${page}: ${actions.slice(0, 5).join(', ')}`);
      }
    }
    assert.deepEqual(harmful, []);
    const wanted = ['block', 'columns', 'discard', 'import', 'invite', 'leave', 'publish', 'remove', 'revoke', 'sheet'];
    assert.deepEqual(
      wanted.filter((action) => !seen.has(action)),
      [],
      'some page lacks the form that this is about',
    );
  });

  test('does what was asked first, if the password is needed again', async () => {
    const { id } = await t.makeAccount({ admin: true });
    await t.api('POST', `/api/accounts/${id}/block`);
    t.advance(11 * 60_000);
    const { status, html } = await browser.post(`/admin/accounts/${id}`, { action: 'activate' });
    assert.equal(status, 422, html);
    assert.deepEqual(buttonsOfForms(html), [['activate', 'unblock', 'activate']]);
  });
});
