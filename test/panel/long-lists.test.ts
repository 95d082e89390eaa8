import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Account } from '../../src/accounts/account.ts';
import { openTestApp, type TestApp, testDomain } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';
import { allAttributes, attributeOf, formFields, textOf } from '../support/html.ts';
import { type PanelBrowser, panelBrowser } from '../support/panel.ts';
import { phonesOf } from '../support/phone.ts';

const countTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
/** Returns a name of 100 characters that ends with a number. */
const longName = (number: number) => `${'n'.repeat(95)} ${String(number).padStart(4, '0')}`;

forEachDatabase('long lists of the panel', (makeUrl) => {
  let t: TestApp;
  let account: Account;
  let owner: PanelBrowser;
  let admin: PanelBrowser;
  before(async () => {
    t = await openTestApp(await makeUrl());
    account = await t.makeAccount({ activated: true, password: 'right' });
    owner = panelBrowser(t);
    await owner.signIn(account.username, 'right');
    admin = panelBrowser(t, '192.0.2.2');
    await admin.signIn('admin', 'administrator');
  });
  after(() => t.close());

  /** Returns the pages that the links to the next one lead to, each of which has less than 60 kB. */
  const pagesFrom = async (browser: PanelBrowser, path: string) => {
    const pages: { path: string; html: string }[] = [];
    for (let next: string | undefined = path; next !== undefined; ) {
      const { html, status } = await browser.get(next);
      assert.equal(status, 200, next);
      assert.ok(html.length < 60_000, `${next} has ${html.length} characters`);
      pages.push({ path: next, html });
      assert.ok(pages.length < 50, 'the pages end');
      next = attributeOf(html, /rel="next"/, 'href');
    }
    return pages;
  };
  const matchesIn = (pages: readonly { html: string }[], pattern: RegExp) =>
    pages.flatMap(({ html }) => [...html.matchAll(pattern)].map(([, text = '']) => text));

  const addSessions = async (count: number) => {
    const at = t.app.now();
    const row = { account_id: account.id, created_at: at, last_used_at: at, confirmed_at: at, agent: 'Firefox/130.0' };
    for (let done = 0; done < count; done += 100) {
      const some = countTo(100).map((each) => ({ ...row, token_hash: `hash-${done + each}`, address: '2001:db8::1' }));
      await t.app.database.insertInto('sessions').values(some).execute();
    }
  };
  const addDevices = async (count: number, revoked: number) => {
    await phonesOf(t).redeem(await t.makeToken(account));
    await t.app.deliveries.flush();
    const devices = t.app.database.selectFrom('devices').selectAll().where('account_id', '=', account.id);
    const { id: _id, ...device } = await devices.executeTakeFirstOrThrow();
    const rows = countTo(count).map((each) => ({
      ...device,
      token_id: 100_000 + each,
      uuid: `uuid-${each}`,
      public_id: `public-${each}`,
      key_hash: `key-${each}`,
      name: longName(each),
      revoked_at: each % Math.floor(count / revoked) === 0 ? t.app.now() : null,
    }));
    await t.app.database.insertInto('devices').values(rows).execute();
  };

  test('show each of 600 sessions once, and sign out on a later page', async () => {
    await addSessions(600);
    const pages = await pagesFrom(owner, '/account/sessions');
    const ids = matchesIn(pages, /name="session" value="(\d+)"/g);
    assert.equal(ids.length, 600);
    assert.equal(new Set(ids).size, 600);
    assert.equal(
      pages
        .map(({ html }) => html)
        .join('')
        .match(/\(this one\)/g)?.length,
      1,
    );
    const third = pages[2] ?? assert.fail();
    const [ended = ''] = matchesIn([third], /name="session" value="(\d+)"/g);
    const { location = '' } = await owner.post(third.path, { action: 'end', session: ended });
    const { html } = await owner.get(location);
    assert.match(textOf(html), /That browser is signed out/);
    const rest = matchesIn([third], /name="session" value="(\d+)"/g).filter((id) => id !== ended);
    assert.deepEqual(matchesIn([{ html }], /name="session" value="(\d+)"/g).slice(0, 49), rest);
    const path = `/admin/accounts/${account.id}`;
    assert.match(textOf((await admin.get(`${path}/block`)).html), /600/);
  });

  test('show each of 120 devices once, and revoke one on a later page', async () => {
    await addDevices(120, 60);
    const path = `/admin/accounts/${account.id}/devices`;
    const pages = await pagesFrom(admin, path);
    const names = matchesIn(pages, /<li><div><b><bdi>([^<]*)</g);
    assert.equal(names.length, 121);
    assert.equal(new Set(names).size, 121);
    const own = matchesIn(await pagesFrom(owner, '/account/devices'), /<li><div><b><bdi>([^<]*)</g);
    assert.equal(own.length, 61);
    assert.equal(new Set(own).size, 61);
    const revocable = pages.filter(({ html }) => html.includes('?revoke='));
    assert.equal(revocable.length, 2);
    const second = revocable[1] ?? assert.fail();
    const links = allAttributes(second.html, 'href').filter((each) => each.includes('?revoke='));
    const question = await admin.get(links[0] ?? assert.fail());
    assert.match(question.html, /<section class="question">/);
    assert.equal(attributeOf(question.html, /class="word soft" href/, 'href'), second.path, 'Cancel leads back');
    const device = formFields(question.html, 'device').get('device') ?? '';
    const { location = '' } = await admin.post(links[0] ?? '', { action: 'revoke', device });
    const { html } = await admin.get(location);
    assert.match(textOf(html), /The phone is signed out/);
    assert.deepEqual(
      allAttributes(html, 'href').filter((each) => each.includes('?revoke=')),
      links.slice(1),
    );
  });

  test('show the first page when the last row of the last one is gone', async () => {
    const pages = await pagesFrom(owner, '/account/devices');
    const last = pages.at(-1) ?? assert.fail();
    for (const link of allAttributes(last.html, 'href').filter((each) => each.includes('?revoke='))) {
      const [, device = ''] = /revoke=(\d+)/.exec(link) ?? [];
      assert.equal((await owner.post(link, { action: 'revoke', device })).status, 303);
    }
    const { html } = await owner.get(last.path);
    assert.equal(matchesIn([{ html }], /<li><div><b><bdi>([^<]*)</g).length, 50);
  });

  test('show each of 120 API keys and administrators once, and change those on a later page', async () => {
    for (const each of countTo(120)) {
      const username = `chief-${'x'.repeat(50)}-${each}`;
      const { id } = await t.makeAccount({ username, display_name: longName(each), admin: true });
      await t.api('POST', `/api/accounts/${id}/api_keys`, { name: longName(each) });
    }
    const used = {
      last_used_at: t.app.now() + 1,
      expires_at: t.app.now() + 86_400_000,
      bound_address: '2001:db8:1:2::/64',
    };
    await t.app.database.updateTable('api_keys').set(used).where('name', 'like', 'nnn%').execute();
    const space = `/admin/spaces/${testDomain}`;
    const stored = async (table: 'accounts' | 'api_keys') => {
      const rows = t.app.database.selectFrom(table).select('id').orderBy('id');
      const found = await (table === 'accounts' ? rows.where('admin', '=', 1) : rows.where('rights', '=', 'account'));
      return (await found.execute()).map(({ id }) => String(id));
    };
    const keyPages = await pagesFrom(admin, `${space}/api-keys`);
    assert.deepEqual(matchesIn(keyPages, /<tr data-id="(\d+)"/g), (await stored('api_keys')).reverse());
    const chiefPages = await pagesFrom(admin, `${space}/administrators`);
    assert.deepEqual(matchesIn(chiefPages, /<tr data-id="(\d+)"/g), await stored('accounts'));
    for (const { page, field, action } of [
      { page: keyPages[1], field: 'key', action: 'revoke' },
      { page: chiefPages[1], field: 'username', action: 'remove' },
    ]) {
      const { html, path } = page ?? assert.fail();
      const row = /<tr data-id="(\d+)".*?<\/tr>/s.exec(html) ?? assert.fail();
      const value = formFields(row[0], field).get(field) ?? '';
      const { location = '' } = await admin.post(path, { action, [field]: value });
      const shown = matchesIn([await admin.get(location)], /<tr data-id="(\d+)"/g);
      const before = matchesIn([{ html }], /<tr data-id="(\d+)"/g);
      assert.deepEqual(shown.slice(0, 49), before.slice(1));
    }
  });

  test('show each of 200 spaces once', async () => {
    const [space] = await t.app.database.selectFrom('spaces').selectAll().execute();
    const { id: _id, ...row } = space ?? assert.fail();
    const domains = countTo(200).map((each) => `${'n'.repeat(40)}-${each}.example.test`);
    const rows = domains.map((domain) => ({ ...row, domain, name: longName(1), host: null, super: 0 }));
    await t.app.database.insertInto('spaces').values(rows).execute();
    await t.api('PUT', `/api/spaces/${testDomain}`, { name: 'The first one' });
    const pages = await pagesFrom(admin, '/admin/spaces');
    assert.deepEqual(matchesIn(pages, /<tr data-domain="([^"]*)"/g), [testDomain, ...domains]);
  });

  test('let an API key act as any of many administrators, whose user name is typed', async () => {
    const path = `/admin/spaces/${testDomain}/api-keys`;
    const { html } = await admin.get(path);
    assert.doesNotMatch(html, /<select/);
    const refused = await admin.post(path, { action: 'create', name: 'typed', owner: 'nobody-there' });
    assert.equal(refused.status, 422);
    assert.match(refused.html, /name="owner"[^>]*value="nobody-there"[^>]*aria-invalid="true"/);
    await t.makeAccount({ username: 'no-chief' });
    for (const [language, words] of [
      ['fr', /«\sno-chief\s» n’administre pas cet espace\./],
      ['en', /“no-chief” is not an administrator of this space\./],
    ] as const) {
      await admin.get(`${path}?lang=${language}`);
      const { status, html } = await admin.post(path, { action: 'create', name: 'typed', owner: 'no-chief' });
      assert.equal(status, 422);
      assert.match(html, /name="owner"[^>]*value="no-chief"[^>]*aria-invalid="true"/);
      assert.match(html, words);
    }
    const owned = `chief-${'x'.repeat(50)}-77`;
    assert.equal((await admin.post(path, { action: 'create', name: 'typed', owner: owned })).status, 303);
    const keys = t.app.database.selectFrom('api_keys').innerJoin('accounts', 'accounts.id', 'api_keys.account_id');
    const made = await keys.where('api_keys.name', '=', 'typed').select('username').execute();
    assert.deepEqual(made, [{ username: owned }]);
  });
});
