import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { TestApp } from '../support/app.ts';
import { dumpDatabase } from '../support/database-dump.ts';
import { forEachDatabase } from '../support/databases.ts';
import { attributeOf, textOf } from '../support/html.ts';
import { changesAfter, latestEvent } from '../support/latest-event.ts';
import { openPanel, type PanelBrowser, panelBrowser, sameOrigin } from '../support/panel.ts';

forEachDatabase('the list of accounts', (makeUrl) => {
  let t: TestApp;
  let browser: PanelBrowser;
  before(async () => {
    ({ t, browser } = await openPanel(await makeUrl()));
    await t.api('POST', '/api/spaces', { domain: 'other.example.test' });
  });
  after(() => t.close());

  const names = async (query: Record<string, string>) => {
    const { html, status } = await browser.get(`/admin/accounts?${new URLSearchParams(query)}`);
    assert.equal(status, 200, html);
    return [...html.matchAll(/<tr data-id="\d+"[\s\S]*?<span class="second"><bdi>([^<]+)</g)].map(([, name]) => name);
  };

  test('finds parts of names, user names, mail addresses and numbers, whatever their case and accents', async () => {
    await t.makeAccount({
      username: 'zoe.g',
      display_name: 'Zoë Grünewald',
      email: 'ZG@Firm.example',
      phone: '+33601020377',
    });
    await t.makeAccount({ username: 'lukasz', display_name: 'Łukasz Wójcik' });
    await t.makeAccount({ username: 's.volkov', display_name: 'Сергей Волков' });
    await t.makeAccount({ username: 'zg.elsewhere', display_name: 'Zoë Grünewald', domain: 'other.example.test' });
    for (const [search, found] of [
      ['GRUNE', ['zoe.g']],
      ['zoë grü', ['zoe.g']],
      ['e  g', ['zoe.g']],
      ['firm.EXAMPLE', ['zoe.g']],
      ['0102037', ['zoe.g']],
      ['lukasz wojcik', ['lukasz']],
      // Two cells of a table.
      ['lukasz\twojcik', ['lukasz']],
      ['ВОЛК', ['s.volkov']],
      ['grünewaldzg', []],
      ['nobody', []],
      ['100%', []],
      ['zo_', []],
      ['" OR rowid', []],
      ['\u0000q\u0000q', []],
    ] as const) {
      assert.deepEqual(await names({ search }), found, search);
    }
    const row = async (search: string) => textOf((await browser.get(`/admin/accounts?search=${search}`)).html);
    assert.match(await row('0102037'), /zoe\.g · \+\d*0102037/, 'says by which number');
    assert.match(await row('firm.EXAMPLE'), /zoe\.g · \S+@\S*firm\.example/i, 'says by which address');
    assert.deepEqual(await names({ search: 'grünewald', space: 'other.example.test' }), ['zg.elsewhere']);
  });

  test('searches only the beginnings of words for fewer than three characters', async () => {
    await t.makeAccount({ username: 'qx', display_name: 'Ýann Quix' });
    assert.deepEqual(await names({ search: 'qu' }), ['qx']);
    assert.deepEqual(await names({ search: 'Y' }), ['qx']);
    assert.deepEqual(await names({ search: 'ui' }), []);
    assert.deepEqual(await names({ search: 'qx' }), ['qx']);
  });

  test('finds an account by its current name, and no longer once it is deleted', async () => {
    const account = await t.makeAccount({ username: 'renamed', display_name: 'Before Marriage' });
    await t.api('PUT', `/api/accounts/${account.id}`, { display_name: 'After Marriage', email: null });
    assert.deepEqual(await names({ search: 'before marriage' }), []);
    assert.deepEqual(await names({ search: 'after marriage' }), ['renamed']);
    await t.api('DELETE', `/api/accounts/${account.id}`);
    assert.deepEqual(await names({ search: 'after marriage' }), []);
  });

  test('shows one state, one group, or those without a mail address, while searching too', async () => {
    const blocked = await t.makeAccount({ username: 'filter.blocked', group: 'Lager & Co', email: 'f@filter.test' });
    await t.api('POST', `/api/accounts/${blocked.id}/block`);
    await t.makeToken(await t.makeAccount({ username: 'filter.waiting', group: 'Lager & Co' }));
    await t.makeAccount({ username: 'filter.never' });
    const search = 'filter.';
    assert.deepEqual(await names({ search, filter: 'blocked' }), ['filter.blocked']);
    assert.deepEqual(await names({ search, filter: 'waiting' }), ['filter.waiting']);
    assert.deepEqual(await names({ search, filter: 'never' }), ['filter.never']);
    assert.deepEqual(await names({ search, filter: 'no-mail' }), ['filter.waiting', 'filter.never']);
    assert.deepEqual(await names({ search, group: 'Lager & Co' }), ['filter.blocked', 'filter.waiting']);
    assert.deepEqual(await names({ group: 'Lager & Co', filter: 'waiting' }), ['filter.waiting']);
    const { html } = await browser.get('/admin/accounts?filter=waiting');
    assert.match(html, /data-id="\d+" data-state="waiting"/);
    assert.doesNotMatch(html, /data-id="\d+" data-state="(never|blocked|active)"/);
    assert.match(html, /<option value="Lager &#38; Co">|<option value="Lager &amp; Co">/);
  });

  test('counts the states of the space, and shows no numbers while searching', async () => {
    const counted = await browser.get('/admin/accounts');
    assert.match(counted.html, /Blocked <span class="count">\d+</);
    const searching = await browser.get('/admin/accounts?search=filter');
    assert.doesNotMatch(searching.html, /class="count"/);
  });

  test('has 50 rows on a page by id, and the next page keeps search, filter, group and space', async () => {
    for (let count = 0; count < 55; count += 1) {
      await t.makeAccount({ username: `many${count}`, group: 'Many', domain: 'other.example.test' });
    }
    const query = { search: 'many', filter: 'never', group: 'Many', space: 'other.example.test' };
    const first = await browser.get(`/admin/accounts?${new URLSearchParams(query)}`);
    assert.equal(first.html.match(/<tr data-id=/g)?.length, 50);
    const next = (/<a rel="next" href="([^"]+)"/.exec(first.html)?.[1] ?? assert.fail())
      .replaceAll(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)))
      .replaceAll('&amp;', '&');
    const kept = new URL(next, 'https://ringup.example.test').searchParams;
    for (const [name, value] of Object.entries(query)) assert.equal(kept.get(name), value);
    const second = await browser.get(next);
    assert.equal(second.html.match(/<tr data-id=/g)?.length, 5);
    assert.doesNotMatch(second.html, /rel="next"/);
    assert.ok(Buffer.byteLength(first.html) <= 60_000, `${Buffer.byteLength(first.html)} bytes`);
  });

  test('begins again if nobody is left on a later page, so that it does not say that there is nobody', async () => {
    const domain = 'later.example.test';
    await t.api('POST', '/api/spaces', { domain });
    const made = [];
    for (let count = 0; count < 52; count += 1) made.push(await t.makeAccount({ username: `later${count}`, domain }));
    const first = await browser.get(`/admin/accounts?space=${domain}&filter=never`);
    const next = attributeOf(first.html, / rel="next"/, 'href') ?? assert.fail();
    const body = new URLSearchParams([
      ['action', 'block'],
      ...made.slice(50).map(({ id }): [string, string] => ['account', String(id)]),
    ]);
    const { location = '' } = await browser.post(next, body);
    const { html } = await browser.get(location);
    assert.match(html, /2 accounts are blocked\./);
    assert.equal(html.match(/<tr data-id=/g)?.length, 50);
    assert.equal(attributeOf(html, /^<form id="bulk"/, 'action'), `/admin/accounts?filter=never&space=${domain}`);
    assert.match((await browser.get(`/admin/accounts?after=999999&search=nobody`)).html, /No account matches/);
  });

  test('exports what it shows, also after a search without loading the page', async () => {
    const query = { search: 'zoe', group: 'Many', space: 'other.example.test' };
    const { html } = await browser.get(`/admin/accounts?${new URLSearchParams(query)}`);
    const exported = new URL(attributeOf(html, / id="export"/, 'href') ?? '', 'https://ringup.example.test');
    assert.equal(exported.pathname, '/admin/accounts/export');
    assert.deepEqual(Object.fromEntries(exported.searchParams), query);
    assert.equal(attributeOf(html, /^<form class="search"/, 'hx-select-oob'), '#export');
  });

  /** Returns what is ticked: the names of rows, and `all` for all that match. */
  const tickedIn = (html: string) => [
    ...[...html.matchAll(/name="account" value="\d+" checked aria-label="Choose ([^"]*)"/g)].map(([, name]) => name),
    ...(/<input[^>]* id="all"[^>]* checked>/.test(html) ? ['all'] : []),
  ];

  test('ticks nothing after an action, so that the next one is for nobody else', async () => {
    const [one, two] = [await t.makeAccount({ username: 'tick1' }), await t.makeAccount({ username: 'tick2' })];
    const list = '/admin/accounts?search=tick';
    const blocked = await browser.post(list, { account: String(one.id), action: 'block' });
    const after = await browser.get(blocked.location ?? '');
    assert.match(after.html, /1 account is blocked/);
    assert.deepEqual(tickedIn(after.html), []);
    const undone = await browser.post(blocked.location ?? '', { account: String(one.id), action: 'unblock' });
    assert.deepEqual(tickedIn((await browser.get(undone.location ?? '')).html), []);
    const row = new URLSearchParams([
      ['account', String(one.id)],
      ['block', String(two.id)],
    ]);
    const { location } = await browser.post(undone.location ?? '', row);
    assert.deepEqual(tickedIn((await browser.get(location ?? '')).html), []);
    assert.deepEqual(await names({ search: 'tick', filter: 'blocked' }), ['tick2']);
  });

  test('keeps what was ticked if an action is refused, or a code is opened', async () => {
    const [one] = [await t.makeAccount({ username: 'stay1' }), await t.makeAccount({ username: 'stay2' })];
    const list = '/admin/accounts?search=stay';
    const account = String(one.id);
    for (const [sent, status, ticked] of [
      [{ account, action: 'invite' }, 409, ['stay1']],
      [{ all: 'true', account, action: 'invite' }, 409, ['stay1', 'all']],
      [{ account }, 422, ['stay1']],
    ] as const) {
      const answer = await browser.post(list, sent);
      assert.equal(answer.status, status);
      assert.deepEqual(tickedIn(answer.html), ticked, JSON.stringify(sent));
    }
    const opened = await browser.get(`${list}&open=${account}&account=${account}&all=true`);
    assert.deepEqual(tickedIn(opened.html), ['stay1', 'all']);
    assert.match(attributeOf(opened.html, / id="code-\d+"/, 'hx-include') ?? '', /#all:checked/);
  });

  test('does not tick the accounts of an Undo that needs the password', async () => {
    const { id } = await t.makeAccount({ username: 'undo.admin', admin: true, activated: true });
    const { location = '' } = await browser.post('/admin/accounts?search=undo', {
      account: String(id),
      action: 'block',
    });
    t.advance(11 * 60_000);
    const undo = { account: String(id), action: 'unblock' };
    const { status, html } = await browser.post(location, undo);
    assert.equal(status, 422, html);
    assert.deepEqual(tickedIn(html), []);
    const confirmed = await browser.post(location, { ...undo, current_password: 'administrator' });
    assert.equal(confirmed.status, 303);
    assert.deepEqual(await names({ search: 'undo', filter: 'blocked' }), []);
  });

  test('opens the code of an account in its row', async () => {
    const account = await t.makeAccount({ username: 'opened' });
    const token = await t.makeToken(account);
    const { html } = await browser.get(`/admin/accounts?search=opened&open=${account.id}`);
    assert.match(html, new RegExp(`/provisioning/${token}`));
    assert.match(html, /<tr class="opened">/);
  });

  test('ticked accounts are blocked together, and Undo unblocks them', async () => {
    const made = [await t.makeAccount({ username: 'leaver1' }), await t.makeAccount({ username: 'leaver2' })];
    const before = await latestEvent(t.app);
    const body = new URLSearchParams([...made.map(({ id }) => ['account', String(id)]), ['action', 'block']] as [
      string,
      string,
    ][]);
    const { status, location } = await browser.post('/admin/accounts?search=leaver', body);
    assert.equal(status, 303);
    assert.deepEqual(await changesAfter(t.app, before), Array(2).fill({ kind: 'blocked', actor: 'account' }));
    const { html } = await browser.get(location ?? '');
    assert.match(html, /2 accounts are blocked\./);
    assert.match(location ?? '', /search=leaver/);
    const undo = new URLSearchParams([...made.map(({ id }) => ['account', String(id)]), ['action', 'unblock']] as [
      string,
      string,
    ][]);
    await browser.post(location ?? '', undo);
    assert.deepEqual(await names({ search: 'leaver', filter: 'never' }), ['leaver1', 'leaver2']);
    await browser.post('/admin/accounts', { block: String(made[0]?.id) });
    assert.deepEqual(await names({ search: 'leaver', filter: 'blocked' }), ['leaver1']);
  });

  test('says what was blocked only to whoever did it, for ten minutes, and not because a link says so', async () => {
    const victim = await t.makeAccount({ username: 'forged', admin: true });
    await t.api('POST', `/api/accounts/${victim.id}/block`);
    const at = t.app.now();
    const made = await t.makeAccount({ username: 'genuine' });
    const block = { account: String(made.id), action: 'block' };
    const { location = '' } = await browser.post('/admin/accounts', block);
    const sealed = new URL(location, 'https://ringup.example.test').searchParams.get('news') ?? assert.fail(location);
    const says = async (of: PanelBrowser, path: string) => {
      const { status, html } = await of.get(path);
      assert.equal(status, 200);
      return /class="banner"|>Undo<|name="blocked_at"/.test(html);
    };
    for (const query of [
      `done=block&count=12&changed=${victim.id}`,
      `done=block&count=12&at=${at}`,
      `done=block&count=1&ids=${victim.id}&blockedAt=${at}`,
      `news=${encodeURIComponent(JSON.stringify({ done: 'block', count: 12, ids: [victim.id] }))}`,
      'news=',
      `news=${sealed.slice(0, -1)}${sealed.endsWith('A') ? 'Q' : 'A'}`,
      `news=${sealed.startsWith('A') ? 'B' : 'A'}${sealed.slice(1)}`,
      `news=${sealed}&space=other.example.test`,
    ]) {
      assert.equal(await says(browser, `/admin/accounts?${query}`), false, query);
    }
    const { username } = await t.makeAccount({ admin: true, activated: true, password: 'administrator' });
    for (const name of [username, 'admin']) {
      const other = panelBrowser(t);
      await other.signIn(name, 'administrator');
      assert.equal(await says(other, location), false, `another session, of ${name}`);
    }
    for (const later of [0, 10 * 60_000 - 1]) {
      t.advance(later);
      const { html } = await browser.get(location);
      assert.match(textOf(html), /1 account is blocked\.\s*Undo/);
      assert.ok(html.includes(`<input type="hidden" name="account" value="${made.id}"><button`));
    }
    t.advance(1);
    assert.equal(await says(browser, location), false);
    assert.equal((await t.api('GET', `/api/accounts/${victim.id}`)).json.blocked, true);
  });

  test('asks before it blocks all that match, and leaves out the administrator who asks and accounts of another space', async () => {
    const elsewhere = await t.makeAccount({ username: 'match.else', domain: 'other.example.test' });
    const one = await t.makeAccount({ username: 'match.one', email: 'admin.match@mail.test' });
    await t.server.inject({ url: `/provisioning/${await t.makeToken(one)}` });
    await t.makeAccount({ username: 'match.two' });
    await browser.post('/admin/accounts', { block: String((await t.makeAccount({ username: 'match.gone' })).id) });
    const before = await dumpDatabase(t.app.database);
    const { location } = await browser.post('/admin/accounts?search=match.', { all: 'true', action: 'block' });
    assert.equal(location, `/admin/accounts/block?search=match.&at=${t.app.now()}`);
    const asked = await browser.get(location ?? '');
    const words = textOf(asked.html);
    for (const part of ['Block 2 accounts', 'Search “match.”', 'One phone stops ringing', 'You can undo it']) {
      assert.ok(words.includes(part), `${part}: ${words}`);
    }
    assert.deepEqual(await dumpDatabase(t.app.database), before);
    await browser.post(location ?? '', {});
    assert.deepEqual(await names({ search: 'match', filter: 'blocked' }), ['match.one', 'match.two', 'match.gone']);
    assert.match(textOf((await browser.get(location ?? '')).html), /Nobody to block/);
    const other = await browser.post('/admin/accounts', { account: String(elsewhere.id), action: 'block' });
    assert.match(textOf((await browser.get(other.location ?? '')).html), /No account was blocked\./);
    await browser.post('/admin/accounts/block?search=admin', {});
    assert.equal((await browser.get('/admin/accounts')).status, 200);
  });

  test('undoes a block of more accounts than an address names, and unblocks no others', async () => {
    for (let count = 0; count < 52; count += 1) await t.makeAccount({ username: `crowd${count}`, group: 'Crowd' });
    const earlier = await t.makeAccount({ username: 'crowd.earlier', group: 'Crowd' });
    await browser.post('/admin/accounts', { block: String(earlier.id) });
    t.advance(1_000);
    const { location } = await browser.post('/admin/accounts/block?group=Crowd', {});
    const { html } = await browser.get(location ?? '');
    assert.match(html, /52 accounts are blocked\./);
    const at = /name="blocked_at" value="(\d+)"/.exec(html)?.[1] ?? assert.fail(html);
    await browser.post(location ?? '', { blocked_at: at, action: 'unblock' });
    assert.deepEqual(await names({ group: 'Crowd', filter: 'blocked' }), ['crowd.earlier']);
  });

  const formIn = (html: string) => {
    const action = /<form method="post" action="([^"]*\/block[^"]*)"/.exec(html)?.[1] ?? assert.fail(textOf(html));
    return action.replaceAll('&#61;', '=').replaceAll('&#38;', '&');
  };
  const blockedAt = async (name: string) =>
    (
      await t.app.database
        .selectFrom('accounts')
        .where('username', 'like', `${name}%`)
        .where('blocked_at', 'is not', null)
        .select('blocked_at')
        .distinct()
        .execute()
    ).map(({ blocked_at }) => blocked_at);

  test('blocks the rest if the form is sent again, and Undo is for all of them', async () => {
    for (let count = 0; count < 52; count += 1) await t.makeAccount({ username: `again${count}`, group: 'Again' });
    const elsewhere = await t.makeAccount({ username: 'again.else', domain: 'other.example.test' });
    await t.api('POST', `/api/accounts/${elsewhere.id}/block`);
    const { location: page = '' } = await browser.post('/admin/accounts?group=Again', { all: 'true', action: 'block' });
    const form = formIn((await browser.get(page)).html);
    const opened = t.app.now();
    t.advance(70_000);
    const lost = await Promise.all([1, 2].map(() => browser.post(form, {})));
    const saysBlocked = async (location: string | undefined, count: number) => {
      const { html } = await browser.get(location ?? '');
      assert.match(textOf(html), new RegExp(`${count} accounts are blocked\\.\\s*Undo`));
      assert.ok(html.includes(`<input type="hidden" name="blocked_at" value="${opened}">`));
    };
    for (const { location } of lost) await saysBlocked(location, 52);
    await t.makeAccount({ username: 'again.late', group: 'Again' });
    const last = await t.makeAccount({ username: 'again.last', group: 'Again' });
    t.advance(60_000);
    assert.equal(formIn((await browser.get(page)).html), form);
    await saysBlocked((await browser.post(form, {})).location, 54);
    assert.deepEqual(await blockedAt('again'), [opened]);
    const [event] = (await t.api('GET', `/api/accounts/${last.id}/events`)).json.data.slice(-1);
    assert.deepEqual([event.kind, Date.parse(event.at)], ['blocked', t.app.now()]);
    const { html } = await browser.get(page);
    assert.match(textOf(html), /54 accounts are blocked\.\s*Undo.*is blocked already/s);
    assert.match(html, /<form method="post" action="\/admin\/accounts\?group&#61;Again"><input [^>]*name="blocked_at"/);
    await browser.post('/admin/accounts?group=Again', { blocked_at: String(opened), action: 'unblock' });
    assert.deepEqual(await names({ group: 'Again', filter: 'blocked' }), []);
    assert.equal((await t.api('GET', `/api/accounts/${elsewhere.id}`)).json.blocked, true);
    assert.doesNotMatch(textOf((await browser.get(page)).html), /Undo/);
  });

  test('blocks at the present moment if the address names none of the last hour', async () => {
    const hour = 60 * 60_000;
    for (const [index, moment] of [
      t.app.now() + hour,
      t.app.now() - hour - 1,
      0,
      -1,
      '',
      'x',
      '1e12',
      '9'.repeat(20),
    ].entries()) {
      const { username } = await t.makeAccount({ username: `moment${index}` });
      const path = `/admin/accounts/block?search=${username}&at=${moment}`;
      assert.equal(
        formIn((await browser.get(path)).html),
        `/admin/accounts/block?search=${username}&at=${t.app.now()}`,
      );
      await browser.post(path, {});
      assert.deepEqual(await blockedAt(username), [t.app.now()], `${moment}`);
    }
  });

  test('shows the accounts that failed for one reason, on the next page, in an export and while searching too', async () => {
    const failed = async (username: string, failure: string) => {
      const { id } = await t.makeAccount({ username });
      const facts = { failed_at: t.app.now(), failure };
      await t.app.database.updateTable('account_states').set(facts).where('account_id', '=', id).execute();
    };
    await failed('why.expired', 'expired');
    await failed('why.full', 'mail: 552 mailbox full');
    await failed('why.unknown', 'mail: 550 unknown');
    const overview = (await browser.get('/admin')).html;
    assert.match(
      overview,
      /<h3><a href="\/admin\/accounts\?filter&#61;failed&#38;reason&#61;mail&#38;days&#61;7">[^<]*: 2<\/a><\/h3>/,
    );
    assert.deepEqual(await names({ filter: 'failed', reason: 'mail' }), ['why.full', 'why.unknown']);
    assert.deepEqual(await names({ filter: 'failed', reason: 'mail', search: 'why.u' }), ['why.unknown']);
    assert.deepEqual(await names({ filter: 'failed', reason: 'expired' }), ['why.expired']);
    assert.deepEqual(await names({ filter: 'failed', reason: '\u0000<script>' }), []);
    const { html } = await browser.get('/admin/accounts?filter=failed&reason=mail');
    assert.match(html, /<input type="hidden" name="reason" value="mail">/);
    assert.match(textOf(html), /Only: Mail failed\. See all that failed/i);
    assert.equal((await browser.get('/admin/accounts?filter=failed&days=7')).html.includes('last 7 days'), false);
    const file = await browser.get('/admin/accounts/export?filter=failed&reason=expired');
    assert.match(file.html, /why\.expired/);
    assert.doesNotMatch(file.html, /why\.full/);
    const { location } = await browser.post('/admin/accounts?filter=failed&reason=mail', {
      all: 'true',
      action: 'block',
    });
    assert.equal(location, `/admin/accounts/block?filter=failed&reason=mail&at=${t.app.now()}`);
    assert.match(textOf((await browser.get(location ?? '')).html), /Block 2 accounts/);
  });

  test('counts the same days as the overview does for a reason, and leads to earlier failures', async () => {
    for (const [username, days] of Object.entries({ 'since.now': 6, 'since.long': 8 })) {
      const { id } = await t.makeAccount({ username });
      const facts = { failed_at: t.app.now() - days * 24 * 60 * 60_000, failure: 'lost' };
      await t.app.database.updateTable('account_states').set(facts).where('account_id', '=', id).execute();
    }
    const overview = (await browser.get('/admin')).html;
    const path = '/admin/accounts?filter=failed&reason=lost&days=7';
    assert.match(overview, /<h3><a href="\/admin\/accounts\?filter&#61;failed&#38;reason&#61;lost&#38;days&#61;7">/);
    assert.deepEqual(await names({ filter: 'failed', reason: 'lost', days: '7' }), ['since.now']);
    assert.deepEqual(await names({ filter: 'failed', reason: 'lost', days: '7', search: 'since' }), ['since.now']);
    const { html } = await browser.get(path);
    assert.match(html, /<input type="hidden" name="days" value="7">/);
    assert.match(textOf(html), /In the last 7 days\. Earlier ones too See all that failed/);
    assert.match(textOf((await browser.get(`${path}&lang=fr`)).html), /Dans les 7 derniers jours\./);
    await browser.get('/admin?lang=en');
    assert.deepEqual(await names({ filter: 'failed', reason: 'lost' }), ['since.now', 'since.long']);
    const file = await browser.get(path.replace('?', '/export?'));
    assert.doesNotMatch(file.html, /since\.long/);
    const { location = '' } = await browser.post(path, { all: 'true', action: 'block' });
    assert.equal(location, `${path.replace('?', '/block?')}&at=${t.app.now()}`);
    assert.match(textOf((await browser.get(location)).html), /Block 1 account[^s].*In the last 7 days\./s);
  });

  test('says what is missing if nothing is ticked or no action is named, and changes nothing', async () => {
    const account = await t.makeAccount();
    const before = await dumpDatabase(t.app.database);
    for (const [fields, says] of [
      [{ action: 'block' }, /role="alert">Tick the accounts first\.</],
      [{ account: String(account.id) }, /role="alert">Choose what to do\.</],
      [{}, /role="alert">Tick the accounts first\.</],
    ] as const) {
      const { status, html } = await browser.post('/admin/accounts', fields, sameOrigin);
      assert.equal(status, 422);
      assert.match(html, says);
    }
    const unknown = await browser.post('/admin/accounts', { action: 'nonsense', account: String(account.id) });
    assert.equal(unknown.status, 422);
    assert.deepEqual(await dumpDatabase(t.app.database), before);
  });

  test('says that there are no accounts, and what to do', async () => {
    await t.api('POST', '/api/spaces', { domain: 'empty.example.test' });
    const { html } = await browser.get('/admin/accounts?space=empty.example.test');
    assert.match(html, /No accounts yet/);
    const none = await browser.get('/admin/accounts?search=%3Cscript%3Ex');
    assert.match(none.html, /No account matches/);
    assert.doesNotMatch(none.html, /<script>x/);
  });
});
