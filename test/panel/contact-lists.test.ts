import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { TestApp } from '../support/app.ts';
import { dumpDatabase } from '../support/database-dump.ts';
import { forEachDatabase } from '../support/databases.ts';
import { attributeOf, textOf } from '../support/html.ts';
import { openPanel, type PanelBrowser, panelBrowser } from '../support/panel.ts';

const contacts = '/admin/spaces/sip.example.test/contacts';

forEachDatabase('the pages about contact lists', (makeUrl) => {
  let t: TestApp;
  let browser: PanelBrowser;
  before(async () => {
    ({ t, browser } = await openPanel(await makeUrl()));
  });
  after(() => t.close());

  const follow = async (path: string, fields: Record<string, string>) => {
    const { status, location, html } = await browser.post(path, fields);
    assert.equal(status, 303, html);
    return { path: (location ?? '').replace(/\?.*/, ''), text: textOf((await browser.get(location ?? '')).html) };
  };
  const makeList = async (title: string) => (await follow(contacts, { action: 'list', title, description: '' })).path;
  const make = async (...names: string[]) => {
    const made = [];
    for (const username of names) made.push(await t.makeAccount({ username, display_name: username.toUpperCase() }));
    return made;
  };

  test('create a list, add accounts to it, give it to an account, and that account reads it', async () => {
    const [ann] = await make('ann', 'ben', 'cleo');
    const { path, text } = await follow(contacts, { action: 'list', title: 'Night shift', description: 'From 22 h' });
    assert.match(text, /The list is there\. .*Nobody yet\. .*Nobody yet: the list has no effect\./);
    const put = await follow(path, { action: 'put', side: 'member', member: 'ben, cleo@sip.example.test' });
    assert.match(put.text, /They are in the list\. .*BEN.*CLEO/);
    const given = await follow(path, { action: 'put', side: 'reader', reader: 'ann' });
    assert.match(given.text, /at the next start of their phones.*Who gets it.*ANN/);
    const { json } = await t.api('GET', `/api/accounts/${ann?.id}/contacts_lists`);
    assert.deepEqual(
      json.map(({ title }: { title: string }) => title),
      ['Night shift'],
    );
    assert.match(textOf((await browser.get(contacts)).html), /Night shift\s*From 22 h\s*2\s*1/);
    const taken = await follow(path, { action: 'take', side: 'member', account: String(await idOf('ben')) });
    assert.match(taken.text, /One person fewer is in the list/);
    assert.doesNotMatch(taken.text, /BEN/);
  });

  const idOf = async (username: string): Promise<number> =>
    (await t.api('GET', `/api/accounts/${username}@sip.example.test/search`)).json.id;

  test('add no account if one name is unknown, and keep what was typed', async () => {
    await make('dora');
    const path = await makeList('Half');
    const before = await dumpDatabase(t.app.database);
    const { status, html } = await browser.post(path, { action: 'put', side: 'member', member: 'dora nobody' });
    assert.equal(status, 422);
    assert.match(textOf(html), /There is no account “nobody@sip\.example\.test”/);
    assert.equal(attributeOf(html, /id="member"/, 'value'), 'dora nobody');
    assert.equal(attributeOf(html, /id="member"/, 'aria-invalid'), 'true');
    assert.deepEqual(await dumpDatabase(t.app.database), before);
  });

  test('end in the same way if somebody is taken off a list a second time', async () => {
    const [gus] = await make('gus');
    const path = await makeList('Day shift');
    for (const side of ['member', 'reader']) {
      await follow(path, { action: 'put', side, [side]: 'gus' });
      const take = () => follow(path, { action: 'take', side, account: String(gus?.id) });
      const { text } = await take();
      const before = await dumpDatabase(t.app.database);
      assert.equal((await take()).text, text);
      assert.deepEqual(await dumpDatabase(t.app.database), before);
    }
  });

  test('say above the page, and not beside the field that adds people, that an account to take off is gone', async () => {
    const [hal] = await make('hal');
    const path = await makeList('Late shift');
    await follow(path, { action: 'put', side: 'member', member: 'hal' });
    await t.api('DELETE', `/api/accounts/${hal?.id}`);
    const { status, html } = await browser.post(path, { action: 'take', side: 'member', account: String(hal?.id) });
    assert.equal(status, 422);
    assert.match(textOf(/role="alert">(.*?)<\/p>/s.exec(html)?.[1] ?? ''), /There is no account/);
    assert.equal(attributeOf(html, /id="member"/, 'aria-invalid'), undefined);
  });

  test('rename a list, and refuse an invalid name', async () => {
    const path = await makeList('Befor');
    assert.match((await follow(path, { action: 'save', title: 'Before', description: 'x' })).text, /Before/);
    const { status, html } = await browser.post(path, { action: 'save', title: '', description: 'kept' });
    assert.equal(status, 422);
    assert.match(textOf(html), /Name – Use at least 1 character\./);
    assert.match(html, /<textarea id="description"[^>]*>\nkept</);
    assert.equal((await browser.post(contacts, { action: 'list', title: '' })).status, 422);
  });

  test('delete a list after saying what ends, and leave the accounts', async () => {
    await make('eve', 'finn');
    const path = await makeList('Ending');
    await follow(path, { action: 'put', side: 'member', member: 'eve' });
    await follow(path, { action: 'put', side: 'reader', reader: 'finn' });
    assert.match(textOf((await browser.get(`${path}/delete`)).html), /1 account loses 1 contact at the next start/);
    const { text } = await follow(`${path}/delete`, {});
    assert.match(text, /The list is deleted\./);
    assert.equal((await browser.get(path)).status, 404);
    assert.ok(await idOf('eve'));
  });

  test('show more than fifty members page by page, without losing one', async () => {
    const path = await makeList('Many');
    const names = Array.from({ length: 53 }, (_, index) => `many${index}`);
    await make(...names);
    await follow(path, { action: 'put', side: 'member', member: names.join('\n') });
    const first = (await browser.get(path)).html;
    const next = attributeOf(first, /rel="next"/, 'href')?.replace(/#.*/, '') ?? assert.fail();
    const second = (await browser.get(next)).html;
    const shown = [...`${first}${second}`.matchAll(/name="account" value="(\d+)"/g)].map(([, id]) => id);
    assert.equal(new Set(shown).size, 53);
    assert.equal(attributeOf(second, /rel="next"/, 'href'), undefined);
  });

  test('let the administrator of a list take people of another space off it, but no others', async () => {
    const domain = 'taking.example.test';
    await t.api('POST', '/api/spaces', { domain });
    const boss = await t.makeAccount({ domain, admin: true, activated: true, password: 'right' });
    const [member, other] = await make('afar', 'farther');
    const { id } = (await t.api('POST', '/api/contacts_lists', { title: 'Both', domain })).json;
    await t.api('POST', `/api/contacts_lists/${id}/contacts/${member?.id}`);
    await t.api('POST', `/api/accounts/${member?.id}/contacts_lists/${id}`);
    const own = panelBrowser(t, '192.0.2.60');
    await own.signIn(`${boss.username}@${domain}`, 'right');
    const path = `/admin/spaces/${domain}/contacts/lists/${id}`;
    const { html } = await own.get(path);
    assert.match(textOf(html), /AFAR\s*afar@sip\.example\.test/);
    assert.doesNotMatch(html, new RegExp(`/admin/accounts/${member?.id}"`), 'a page that would not open');
    for (const side of ['member', 'reader']) {
      const take = (account: number | undefined) => own.post(path, { action: 'take', side, account: String(account) });
      const refused = await take(other?.id);
      assert.equal(refused.status, 422);
      assert.doesNotMatch(refused.html, /farther/i);
      const { location = '' } = await take(member?.id);
      assert.equal(location, `${path}?done=${side}-taken`);
      assert.equal((await take(member?.id)).status, 422);
    }
    assert.doesNotMatch(textOf((await own.get(path)).html), /AFAR/);
  });

  test('lead an administrator to no account and no list of another space', async () => {
    const domain = 'leading.example.test';
    await t.api('POST', '/api/spaces', { domain });
    const boss = await t.makeAccount({ domain, admin: true, activated: true, password: 'right' });
    const [far] = await make('remote');
    const near = await t.makeAccount({ domain, username: 'near' });
    const lists = [];
    for (const title of ['Theirs', 'Ours']) {
      const of = title === 'Ours' ? { domain } : {};
      lists.push((await t.api('POST', '/api/contacts_lists', { title, ...of })).json.id);
    }
    for (const contact of [far, near]) await t.api('POST', `/api/accounts/${boss.id}/contacts/${contact?.id}`);
    for (const list of lists) await t.api('POST', `/api/accounts/${boss.id}/contacts_lists/${list}`);
    const own = panelBrowser(t, '192.0.2.61');
    await own.signIn(`${boss.username}@${domain}`, 'right');
    const { html } = await own.get(`/admin/accounts/${boss.id}/contacts`);
    assert.match(textOf(html), /REMOTE\s*remote@sip\.example\.test.*near@leading.*Theirs.*Ours/s);
    const links = [...html.matchAll(/class="name" href="([^"]*)"/g)].map(([, path]) => path);
    assert.deepEqual(links, [`/admin/accounts/${near.id}`, `/admin/spaces/${domain}/contacts/lists/${lists[1]}`]);
    assert.equal(html.match(/value="withdraw"/g)?.length, 1);
    assert.equal(
      (await own.post(`/admin/accounts/${boss.id}/contacts`, { action: 'remove', contact: String(far?.id) })).status,
      303,
    );
  });

  test('accept a user name with a space, alone and beside others', async () => {
    const { usernamePattern } = t.app.spaces.getByDomain('sip.example.test');
    await t.setSpace({ username_pattern: '^[a-z ]+$' });
    await make('ida lund', 'ida', 'jo');
    for (const [member, members] of [
      ['ida lund', ['IDA LUND']],
      ['ida jo', ['IDA', 'JO']],
      ['jo; ida lund@sip.example.test ,ida', ['IDA LUND', 'IDA', 'JO']],
    ] as const) {
      const path = await makeList('Spaces');
      await follow(path, { action: 'put', side: 'member', member });
      const { html } = await browser.get(path);
      assert.deepEqual(
        [...html.matchAll(/<a class="name"[^>]*><bdi>([^<]*)/g)].map(([, name]) => name),
        members,
        member,
      );
    }
    const { status, html } = await browser.post(await makeList('None'), { action: 'put', member: 'ida lundt' });
    assert.equal(status, 422);
    assert.match(textOf(html), /There is no account “lundt@sip\.example\.test”/);
    await t.setSpace({ username_pattern: usernamePattern });
  });

  test('do not show a list of another space', async () => {
    await t.api('POST', '/api/spaces', { domain: 'lists.example.test' });
    const { id } = (await t.api('POST', '/api/contacts_lists', { title: 'Other', domain: 'lists.example.test' })).json;
    assert.equal((await browser.get(`${contacts}/lists/${id}`)).status, 404);
    assert.equal((await browser.post(`${contacts}/lists/${id}/delete`, {})).status, 404);
    assert.equal((await browser.get(`/admin/spaces/lists.example.test/contacts/lists/${id}`)).status, 200);
  });

  test('are in French too', async () => {
    const path = await makeList('Équipe');
    const { html } = await browser.get(`${path}?lang=fr`);
    assert.match(textOf(html), /Qui y figure .*Qui la reçoit .*Supprimer la liste/);
    await browser.get(`${path}?lang=en`);
  });
});
