import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Account } from '../../src/accounts/account.ts';
import type { TestApp } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';
import { attributeOf, textOf } from '../support/html.ts';
import { openPanel, type PanelBrowser } from '../support/panel.ts';

const contacts = '/admin/spaces/sip.example.test/contacts';
const count = 130;
const countTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
const title = (number: number) => `${'t'.repeat(115)} ${String(number).padStart(4, '0')}`;

forEachDatabase('the pages of a space with many contact lists', (makeUrl) => {
  let t: TestApp;
  let browser: PanelBrowser;
  let account: Account;
  let path: string;
  before(async () => {
    ({ t, browser } = await openPanel(await makeUrl()));
    account = await t.makeAccount({ username: 'reader' });
    path = `/admin/accounts/${account.id}/contacts`;
    const list = { space_id: account.spaceId, description: 'd'.repeat(1000), created_at: 1, updated_at: 1 };
    const lists = countTo(count).map((each) => ({ ...list, title: title(each) }));
    await t.app.database.insertInto('contact_lists').values(lists).execute();
    await addContacts();
  });
  after(() => t.close());

  /** Fills the other list of both pages, with long names. */
  const addContacts = async () => {
    const at = { created_at: 1, updated_at: 1 };
    const { id: account_id, spaceId: space_id } = account;
    const rows = countTo(50).map((each) => {
      const [username, display_name] = [`contact-${'c'.repeat(40)}-${each}`, `${'n'.repeat(95)} ${each}`];
      return { ...at, space_id, username, display_name, dtmf_protocol: 'sipinfo', admin: 0, version: 1 };
    });
    const made = await t.app.database.insertInto('accounts').values(rows).returning('id').execute();
    const pairs = made.map(({ id }) => ({ account_id, contact_id: id, created_at: 1 }));
    await t.app.database.insertInto('contacts').values(pairs).execute();
    const outside = countTo(50).map((each) => ({
      ...at,
      space_id,
      name: `${'o'.repeat(110)} ${each}`,
      sip_uri: `sip:${'s'.repeat(60)}@example.com`,
      phone: '+33601020304',
      organization: 'f'.repeat(120),
    }));
    await t.app.database.insertInto('outside_contacts').values(outside).execute();
  };

  /** Returns the titles in the part with the lists, on this page and on each that its links lead to. */
  const titlesFrom = async (first: string): Promise<string[]> => {
    const titles: string[] = [];
    for (let next: string | undefined = first; next !== undefined; ) {
      const { html, status } = await browser.get(next);
      assert.equal(status, 200, next);
      assert.ok(html.length < 60_000, `${next} has ${html.length} characters`);
      const part = /<section id="lists">.*?<\/section>/s.exec(html)?.[0] ?? '';
      titles.push(...[...part.matchAll(/<bdi>([^<]*)/g)].map(([, title = '']) => title));
      next = attributeOf(part, /rel="next"/, 'href')?.replace(/#.*/, '');
      assert.ok(titles.length <= count, 'the pages end');
    }
    return titles;
  };

  test('show each list of the space once, with the beginning of its description', async () => {
    assert.deepEqual(await titlesFrom(contacts), countTo(count).map(title));
    assert.match((await browser.get(contacts)).html, />d{100}…</);
    assert.equal((await t.api('GET', '/api/contacts_lists')).json.length, count, 'the API has all of them');
  });

  test('show the first lists if a later page has none left', async () => {
    const { html } = await browser.get(`${contacts}?lists=999999`);
    assert.ok(html.includes(title(1)));
  });

  test('let an administrator type which list to give, by its name', async () => {
    const { html } = await browser.get(path);
    assert.ok(html.length < 60_000, `${html.length} characters`);
    assert.doesNotMatch(html, /<select[^>]* name="list"/);
    const given = await browser.post(path, { action: 'give', list_name: ` ${title(77)} ` });
    assert.equal(given.location, `${path}?done=give`);
    assert.deepEqual(await titlesFrom(path), [title(77)]);
  });

  test('say at the field that there is no such list, and keep what was typed', async () => {
    for (const name of ['No such list', '999999', '']) {
      const { status, html } = await browser.post(path, { action: 'give', list_name: name });
      assert.equal(status, 422);
      assert.equal(attributeOf(html, /id="list_name"/, 'value'), name);
      assert.equal(attributeOf(html, /id="list_name"/, 'aria-invalid'), 'true');
      assert.equal(attributeOf(html, /id="contact"/, 'aria-invalid'), undefined);
      assert.match(textOf(html), new RegExp(`There is no contact list “${name}”`));
    }
  });

  test('ask for the number if several lists have the same name', async () => {
    const twins: number[] = [];
    for (const _ of countTo(2)) twins.push((await t.api('POST', '/api/contacts_lists', { title: 'Twins' })).json.id);
    const { status, html } = await browser.post(path, { action: 'give', list_name: 'Twins' });
    assert.equal(status, 422);
    assert.match(textOf(html), new RegExp(`Choose one of these: ${twins.join(', ')}\\.`));
    const { location } = await browser.post(path, { action: 'give', list_name: String(twins[1]) });
    assert.equal(location, `${path}?done=give`);
    assert.deepEqual(await titlesFrom(path), [title(77), 'Twins']);
  });

  test('do not give a list of another space by its name or number', async () => {
    await t.api('POST', '/api/spaces', { domain: 'other.example.test' });
    const other = { title: 'Elsewhere', domain: 'other.example.test' };
    const { id } = (await t.api('POST', '/api/contacts_lists', other)).json;
    for (const name of ['Elsewhere', String(id)]) {
      assert.equal((await browser.post(path, { action: 'give', list_name: name })).status, 422);
    }
  });

  test('show each list that an account gets once, let it be chosen from 50 others, and stay on their page', async () => {
    const { database } = t.app;
    await database.deleteFrom('contact_lists').where('title', 'in', ['Twins', 'Elsewhere']).execute();
    const lists = await database.selectFrom('contact_lists').select(['id', 'title']).orderBy('id').execute();
    const given = lists.slice(0, count - 50);
    const rows = given.map(({ id }) => ({ list_id: id, account_id: account.id, created_at: 1 }));
    await database.deleteFrom('contact_list_readers').execute();
    await database.insertInto('contact_list_readers').values(rows).execute();
    assert.deepEqual(
      await titlesFrom(path),
      given.map(({ title }) => title),
    );
    const { html } = await browser.get(path);
    assert.equal(/<select[^>]* name="list".*?<\/select>/s.exec(html)?.[0].match(/<option/g)?.length, 50);
    const [before, taken, next] = given.slice(19, 22);
    const second = `${path}?lists=${before?.id}`;
    const { location = '' } = await browser.post(second, { action: 'withdraw', list: String(taken?.id) });
    assert.equal(location, `${path}?done=withdraw&lists=${before?.id}`);
    assert.equal((await titlesFrom(location))[0], next?.title);
  });

  test('say above the page that a list to give or to take away is gone', async () => {
    for (const action of ['give', 'withdraw']) {
      const { status, html } = await browser.post(path, { action, list: '999999' });
      assert.equal(status, 422);
      assert.match(textOf(/role="alert">(.*?)<\/p>/s.exec(html)?.[1] ?? ''), /There is no contact list “999999”/);
      assert.equal(attributeOf(html, /id="contact"/, 'aria-invalid'), undefined);
    }
  });
});
