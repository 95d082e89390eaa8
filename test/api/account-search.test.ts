import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openTestApp, type TestApp } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';

forEachDatabase('finding accounts', (makeUrl) => {
  let t: TestApp;
  before(async () => {
    t = await openTestApp(await makeUrl());
    const people = [
      { username: 'anna', display_name: 'Anna Éclair', email: 'Anna.E@Example.com', phone: '+33601020304' },
      { username: 'bert', display_name: 'Bert_100%', email: 'Émile@example.com' },
      { username: 'carl', display_name: 'Carl \\ Clark', email: "o'neil@example.com" },
      { username: 'd.e+f', display_name: '漢字' },
    ];
    for (const person of people) await t.makeAccount(person);
    for (let index = 0; index < 120; index += 1) await t.makeAccount({ username: `many${index}` });
  });
  after(() => t.close());

  const list = (query: string) => t.api('GET', `/api/accounts${query}`);
  const found = async (search: string): Promise<string[]> =>
    (await list(`?search=${encodeURIComponent(search.toWellFormed())}`)).json.data.map(
      (each: { username: string }) => each.username,
    );

  test('a page has twenty accounts in the order of their ids, and the total', async () => {
    const { status, headers, json } = await list('');
    assert.equal(status, 200);
    assert.equal(headers['content-type'], 'application/json');
    assert.deepEqual(Object.keys(json), ['data', 'page', 'per_page', 'total']);
    assert.deepEqual([json.page, json.per_page, json.total, json.data.length], [1, 20, 125, 20]);
    const ids = json.data.map((each: { id: number }) => each.id);
    assert.deepEqual(
      ids,
      ids.toSorted((a: number, b: number) => a - b),
    );
    assert.deepEqual(json.data[1], (await t.api('GET', `/api/accounts/${ids[1]}`)).json);
  });

  test('the pages together contain every account once', async () => {
    const ids = new Set<number>();
    for (const [page, length] of [
      [1, 50],
      [2, 50],
      [3, 25],
      [4, 0],
    ]) {
      const { json } = await list(`?per_page=50&page=${page}`);
      assert.deepEqual([json.page, json.per_page, json.total, json.data.length], [page, 50, 125, length]);
      for (const { id } of json.data) ids.add(id);
    }
    assert.equal(ids.size, 125);
    assert.equal((await list('?per_page=100')).json.data.length, 100);
    assert.equal((await list('?per_page=1&page=125')).json.data.length, 1);
    assert.deepEqual((await list('?page=9999999')).json.data, []);
  });

  for (const [query, field] of [
    ['page=0', 'page'],
    ['page=-1', 'page'],
    ['page=1.5', 'page'],
    ['page=x', 'page'],
    ['page=', 'page'],
    ['page=1&page=2', 'page'],
    ['page=99999999999999999999', 'page'],
    ['per_page=0', 'per_page'],
    ['per_page=101', 'per_page'],
    ['per_page=1000', 'per_page'],
    ['per_page=%00', 'per_page'],
    [`search=${'x'.repeat(201)}`, 'search'],
    ['search=a&search=b', 'search'],
  ] as const) {
    test(`?${query.slice(0, 30)} is refused with the name of the parameter`, async () => {
      const { status, json } = await list(`?${query}`);
      assert.equal(status, 422);
      assert.deepEqual(Object.keys(json.errors), [field]);
    });
  }

  const searches: readonly [string, readonly string[]][] = [
    ['anna', ['anna']],
    ['ANNA', ['anna']],
    ['nn', ['anna']],
    ['Anna.E@Example.com', ['anna']],
    ['anna.e@', ['anna']],
    ['60102', ['anna']],
    ['Éclair', ['anna']],
    ['émile', ['bert']],
    ['Émile', ['bert']],
    ['_', ['bert']],
    ['100%', ['bert']],
    ['%', ['bert']],
    ['\\', ['carl']],
    ["o'neil", ['carl']],
    ['字', ['d.e+f']],
    ['e+f', ['d.e+f']],
    ["' or 1=1 --", []],
    ['\u0000', []],
    ['\ud800', []],
    ['example.com', ['anna', 'bert', 'carl']],
  ];
  for (const [search, expected] of searches) {
    test(`searching for ${JSON.stringify(search)} finds ${expected.join(', ') || 'no account'}`, async () => {
      assert.deepEqual(await found(search), expected);
    });
  }

  test('the total counts the accounts that the search finds', async () => {
    const { json } = await list('?search=many&per_page=7&page=2');
    assert.deepEqual([json.total, json.data.length], [120, 7]);
    assert.equal((await list('?search=')).json.total, 125);
  });

  const addresses: readonly [string, string | undefined][] = [
    ['anna@sip.example.test', 'anna'],
    ['sip:anna@sip.example.test', 'anna'],
    ['sips:anna@sip.example.test', 'anna'],
    ['anna@SIP.example.test', 'anna'],
    ['d.e+f@sip.example.test', 'd.e+f'],
    ['Anna@sip.example.test', undefined],
    ['nobody@sip.example.test', undefined],
    ['anna@elsewhere.test', undefined],
    ['anna', undefined],
    ['@sip.example.test', undefined],
    ['anna\u0000@sip.example.test', undefined],
    ['anna@sip.example.test\n', 'anna'],
    ['x'.repeat(10_000), undefined],
  ];
  for (const [sip, username] of addresses) {
    test(`the address ${JSON.stringify(sip.slice(0, 40))} belongs to ${username ?? 'no account'}`, async () => {
      for (const written of [encodeURIComponent(sip), ...(/^[\w:@.+%-]+$/.test(sip) ? [sip] : [])]) {
        const { status, json } = await t.api('GET', `/api/accounts/${written}/search`);
        assert.equal(status, username === undefined ? 404 : 200, written.slice(0, 60));
        if (username !== undefined) assert.equal(json.username, username);
      }
    });
  }

  test('a search ignores case and accents, as the list in the panel does', async () => {
    assert.deepEqual(await found('eclair'), ['anna']);
    assert.deepEqual(await found('ÉCLAIR'), ['anna']);
    assert.deepEqual(await found('emile@'), ['bert']);
  });

  test('the list can be narrowed to a state, a group, and those without a mail address', async () => {
    const account = await t.makeAccount({ username: 'in.sales', group: 'Sales' });
    const names = async (query: string) =>
      (await list(query)).json.data.map((each: { username: string }) => each.username);
    assert.deepEqual(await names('?group=Sales'), ['in.sales']);
    assert.deepEqual(await names('?group=Sales&filter=never'), ['in.sales']);
    assert.deepEqual(await names('?group=Sales&filter=no-mail'), ['in.sales']);
    assert.deepEqual(await names('?group=Sales&filter=waiting'), []);
    await t.makeToken(account, 1_000);
    assert.deepEqual(await names('?filter=waiting'), ['in.sales']);
    t.advance(1_000);
    assert.deepEqual(await names('?filter=waiting'), []);
    assert.equal((await list('?filter=nonsense')).status, 422);
    await t.api('DELETE', `/api/accounts/${account.id}`);
  });

  test('an address in a path is decoded only once', async () => {
    const once = await t.api('GET', '/api/accounts/d.e%2Bf@sip.example.test/search');
    assert.deepEqual([once.status, once.json.username], [200, 'd.e+f']);
    assert.equal((await t.api('GET', '/api/accounts/d.e%252Bf@sip.example.test/search')).status, 404);
  });

  const mails: readonly [string, string | undefined][] = [
    ['Anna.E@Example.com', 'anna'],
    ['anna.e@example.COM', 'anna'],
    ['Émile@example.com', 'bert'],
    ["o'neil@example.com", 'carl'],
    ['nobody@example.com', undefined],
    ['%@example.com', undefined],
    ['a\u0000b@example.com', undefined],
    ['', undefined],
    ['\ud800@example.com', undefined],
  ];
  for (const [email, username] of mails) {
    test(`the e-mail address ${JSON.stringify(email)} belongs to ${username ?? 'no account'}`, async () => {
      const url = `/api/accounts/${encodeURIComponent(email.toWellFormed())}/search-by-email`;
      const { status, json } = await t.api('GET', url);
      assert.equal(status, username === undefined ? 404 : 200);
      if (username !== undefined) assert.equal(json.username, username);
    });
  }
});
