import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openTestApp, type TestApp } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';
import { allAttributes } from '../support/html.ts';
import { type PanelBrowser, panelBrowser } from '../support/panel.ts';
import { everyPage } from '../support/panel-pages.ts';
import { phonesOf } from '../support/phone.ts';

const domain = 'other.example.test';
/** Wherever a page says where one goes next, or what it fetches. */
const attributes = ['href', 'action', 'formaction', 'hx-get', 'hx-post', 'hx-sse:connect', 'data-follows'];
/** A search sends its fields in place of the query. */
const hidden = `<input type="hidden" name="space" value="${domain}">`;
/** These name the account or the space themselves, or are about the whole server. */
const withoutSpace = /^\/admin\/(?:accounts\/\d+(?:[/?]|$)|spaces(?:[/?]|$)|welcome(?:\?|$))/;

forEachDatabase('the space in view on every page', (makeUrl) => {
  let t: TestApp;
  let browser: PanelBrowser;
  let accountId: number;
  const inOther = (path: string) => `${path}${path.includes('?') ? '&' : '?'}space=${domain}`;
  const imported = async (text: string, more: Record<string, string> = {}): Promise<string> => {
    const { location = '', html } = await browser.post(inOther('/admin/import'), { text, ...more });
    assert.match(location, /^\/admin\/import\/\d+\?space=/, html);
    return location;
  };
  before(async () => {
    const mail = { RINGUP_SMTP_URL: 'smtp://mail.example.test', RINGUP_MAIL_FROM: 'ringup@example.test' };
    t = await openTestApp(await makeUrl(), mail);
    browser = panelBrowser(t);
    await browser.signIn('admin', 'administrator');
    const change = async (method: 'POST' | 'PUT', path: string, body?: unknown) => {
      const { status, text } = await t.api(method, `/api${path}`, body);
      assert.ok(status === 200 || status === 201, `${path}: ${text}`);
    };
    await change('POST', '/spaces', { domain, registrar: `sip:${domain}` });
    const account = await t.makeAccount({ domain, email: 'far@x.example', group: 'Far', admin: true });
    accountId = account.id;
    await phonesOf(t).redeem(await t.makeToken(account));
    await t.makeToken(account);
    await t.app.database
      .updateTable('account_states')
      .set({ failed_at: t.app.now(), failure: 'expired' })
      .where('account_id', '=', accountId)
      .execute();
    await change('POST', `/accounts/${accountId}/external`, { username: 'out', domain: 'x.test', password: 'p' });
    await change('PUT', `/spaces/${domain}`, { linphonerc: '[misc]\nlog_level=1' });
    await change('POST', `/accounts/${accountId}/api_keys`, { name: 'key' });
    await change('POST', `/spaces/${domain}/outside_contacts`, { name: 'Outside', sip_uri: 'sip:x@x.test' });
    await change('POST', '/contacts_lists', { title: 'List', domain });
    await change('POST', `/contacts_lists/1/contacts/${accountId}`);
    await change('POST', `/accounts/${accountId}/contacts_lists/1`);
    await change('POST', `/accounts/${accountId}/send_provisioning_email`);
    for (let each = 0; each < 60; each += 1) await t.makeAccount({ domain });
    for (const more of [{}, { invite: 'true' }]) {
      const name = `new${Object.keys(more).length}`;
      const path = await imported(`username,email\n${name}a,${name}a@x.example\n${name}b,\n`, more);
      assert.equal((await browser.post(path, { action: 'import' })).status, 303);
    }
    const rows = Array.from({ length: 60 }, (_, index) => `far${index},06 01 02 03 0${index % 10}\n`);
    await imported(`username,phone\n${rows.join('')}`);
  });
  after(() => t.close());

  /** Returns the path of each page for people who are signed in. */
  const pathsOfPages = (): string[] => {
    const pages = everyPage({
      id: String(accountId),
      domain,
      token: 'x',
      contactId: '1',
      listId: '1',
      versionId: '1',
      '/admin/import/:id id': ['1', '2', '3'],
    });
    const more = [
      `/admin/sheet?account=${accountId}`,
      '/admin/import/3?show=columns',
      `/admin/accounts?search=user&open=${accountId}`,
    ];
    return [...pages.filter(({ caller }) => caller !== 'anyone').map(({ path }) => path), ...more];
  };
  /** Returns the path of each page about a space or an account of it. */
  const pathsAboutSpace = () =>
    pathsOfPages().filter((each) => each.startsWith('/admin') && !/^\/admin\/(?:spaces|welcome)(?:\/new)?$/.test(each));

  test('is kept by each link and form that leads to another page about a space', async () => {
    const lost: string[] = [];
    let links = 0;
    for (const path of pathsAboutSpace()) {
      const { status, html } = await browser.get(withoutSpace.test(path) ? path : inOther(path));
      assert.ok(status === 200 || status === 404, `${path}: ${status}`);
      const rest = html.replaceAll(/<form class="search".*?<\/form>/gs, (form) => (form.includes(hidden) ? '' : form));
      const found = attributes.flatMap((name) => allAttributes(rest, name)).filter((each) => /^\/admin/.test(each));
      links += found.length;
      const keeps = (link: string) => new URLSearchParams(link.split(/[?#]/)[1]).get('space') === domain;
      for (const link of found) if (!withoutSpace.test(link) && !keeps(link)) lost.push(`${path} has ${link}`);
    }
    assert.ok(links > 500, `${links} links`);
    assert.deepEqual([...new Set(lost)], []);
  });

  test('decides the time zone, whoever reads the page', async () => {
    await t.setSpace({ time_zone: 'Europe/Paris' });
    assert.equal((await t.api('PUT', `/api/spaces/${domain}`, { time_zone: 'America/New_York' })).status, 200);
    const mixed: string[] = [];
    let pages = 0;
    for (const path of pathsAboutSpace()) {
      const { status, html } = await browser.get(withoutSpace.test(path) ? path : inOther(path));
      const [, zone] = /<meta name="time-zone" content="([^"]*)">/.exec(html) ?? [];
      if (status !== 200 || zone === undefined) continue;
      pages += 1;
      if (zone !== 'America/New_York' || html.includes('Paris')) mixed.push(path);
    }
    assert.ok(pages > 35, `${pages} pages`);
    assert.deepEqual(mixed, []);
  });

  test('is kept when something is ticked off the overview', async () => {
    const { location } = await browser.post(inOther('/admin'), { done: 'backup' });
    assert.equal(location, inOther('/admin'));
  });

  test('is kept after an account is deleted', async () => {
    const { id } = await t.makeAccount({ domain });
    const { location } = await browser.post(`/admin/accounts/${id}/delete`, {});
    assert.equal(location, inOther('/admin/accounts?done=deleted'));
  });
});
