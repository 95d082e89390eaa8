import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Account } from '../../src/accounts/account.ts';
import { openTestApp, type TestApp, testDomain } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';
import { requestByDigest } from '../support/digest-request.ts';
import { attributeOf, textOf } from '../support/html.ts';
import { panelBrowser } from '../support/panel.ts';

const countTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

forEachDatabase('the pages of a long address book', (makeUrl) => {
  let t: TestApp;
  let owner: Account;
  before(async () => {
    t = await openTestApp(await makeUrl());
    owner = await t.makeAccount({ activated: true, password: 'right' });
  });
  after(() => t.close());

  const addContacts = async (names: readonly string[]) => {
    const { spaceId: space_id } = owner;
    const at = { created_at: 1, updated_at: 1, dtmf_protocol: 'sipinfo', admin: 0, version: 1 };
    const accounts = names.map((name, index) => ({ ...at, space_id, username: `c${index}`, display_name: name }));
    const rows = await t.app.database.insertInto('accounts').values(accounts).returning('id').execute();
    const contacts = rows.map(({ id }) => ({ account_id: owner.id, contact_id: id, created_at: 1 }));
    await t.app.database.insertInto('contacts').values(contacts).execute();
  };
  const addOutside = async (names: readonly string[]) => {
    for (const name of names) {
      const path = `/api/spaces/${testDomain}/outside_contacts`;
      assert.equal((await t.api('POST', path, { name, phone: '+33601020304' })).status, 200);
    }
  };
  /** Returns the names in an element of a page, and in that of each page that its links lead on to. */
  const namesFrom = async (who: 'admin' | 'owner', path: string, part: RegExp): Promise<(string | undefined)[]> => {
    const browser = panelBrowser(t);
    if (who === 'admin') await browser.signIn('admin', 'administrator');
    else await browser.signIn(owner.username, 'right');
    const names: (string | undefined)[] = [];
    for (let next: string | undefined = path; next !== undefined; ) {
      const { html } = await browser.get(next);
      assert.ok(html.length < 60_000, `${html.length} characters`);
      const shown = part.exec(html)?.[0] ?? '';
      names.push(...[...shown.matchAll(/<li><div><[^>]*><bdi>([^<]*)/g)].map(([, name]) => name));
      next = attributeOf(shown, /rel="next"/, 'href')?.replace(/#.*/, '');
      assert.ok(names.length < 1_000, 'the pages end');
    }
    return names;
  };

  test('show the contacts from outside to users, as their phones do', async () => {
    const browser = panelBrowser(t);
    await browser.signIn(owner.username, 'right');
    assert.match(textOf((await browser.get('/account/contacts')).html), /No contacts yet/);
    const taxi = {
      name: 'Taxi <b>',
      sip_uri: 'sip:taxi@example.com',
      phone: '+33601020304',
      organization: 'Cabs & Co',
    };
    await t.api('POST', `/api/spaces/${testDomain}/outside_contacts`, taxi);
    const { html } = await browser.get('/account/contacts');
    assert.doesNotMatch(html, /No contacts yet/);
    assert.match(textOf(html), /Contacts from outside\s*Taxi <b>\s*taxi@example\.com · \+33601020304 · Cabs & Co/);
    await addOutside(countTo(60).map((each) => `Outside ${each}`));
    const names = await namesFrom('owner', '/account/contacts', /<section id="outside">.*?<\/section>/s);
    assert.deepEqual(names, ['Taxi &#60;b&#62;', ...countTo(60).map((each) => `Outside ${each}`)]);
    const asOwner = { username: owner.username, password: 'right', realm: testDomain };
    const cards = await requestByDigest(t.server, { ...asOwner, url: '/contacts/vcard' });
    assert.equal(cards.body.match(/BEGIN:VCARD/g)?.length, names.length);
  });

  test('show all contacts, some on each page', async () => {
    const names = countTo(210).map((each) => `Contact ${each}`);
    await addContacts(names);
    const list = /<ul class="rows">.*?(?:<section|<footer|<\/main>)/s;
    assert.deepEqual(await namesFrom('owner', '/account/contacts', list), names);
    assert.deepEqual(await namesFrom('admin', `/admin/accounts/${owner.id}/contacts`, list), names);
  });

  test('show the first page if a later one has nobody left', async () => {
    const { id } = (await t.api('POST', '/api/contacts_lists', { title: 'Team' })).json;
    assert.equal((await t.api('POST', `/api/contacts_lists/${id}/contacts/${owner.id}`)).status, 200);
    const contacts = `/admin/spaces/${testDomain}/contacts`;
    for (const [who, path, query, shown] of [
      ['owner', '/account/contacts', 'after', 'Contact 1'],
      ['owner', '/account/contacts', 'outside', 'Outside 1'],
      ['admin', `/admin/accounts/${owner.id}/contacts`, 'after', 'Contact 1'],
      ['admin', contacts, 'after', 'Outside 1'],
      ['admin', `${contacts}/lists/${id}`, 'member', owner.username],
    ] as const) {
      const browser = panelBrowser(t);
      await (who === 'admin' ? browser.signIn('admin', 'administrator') : browser.signIn(owner.username, 'right'));
      const { html } = await browser.get(`${path}?${query}=999999999`);
      assert.ok(html.includes(`<bdi>${shown}</bdi>`), `${path}?${query}`);
    }
  });
});
