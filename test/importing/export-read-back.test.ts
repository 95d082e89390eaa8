import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { findAccountByUsername } from '../../src/accounts/account-store.ts';
import { allAccounts } from '../../src/administration/account-list.ts';
import { exportAccounts } from '../../src/importing/export-accounts.ts';
import { openTestApp, type TestApp } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';
import type { Json } from '../support/json.ts';

/** What people are called, and what spreadsheets, directories and we ourselves make something else of. */
const names = [
  'Weber, Max',
  'Chloé "Clo" Besançon; Lyon',
  '=1+1',
  'x;=1+1;y',
  'x";"=1+1&"',
  "x;'=1|'- @",
  '+49 431',
  '@home',
  "'t Hart",
  "''quoted''",
  'Fran?ois',
  'ChloÃ©',
  "X'43686c'",
  '  two  blanks  within  ',
  'Null',
  'NULL',
  '\\N',
  '12',
  '3,36E+10',
  '#1',
  'Total',
  'Example: Ida',
  'sep=;',
  'مريم ‏(x)',
  '\u202eadI',
  '<script>alert(1)</script>',
  'x'.repeat(120),
] as const;

const usernames = ['Ida', 'IDA2', '201.0', '+49431', '-x', 'null', 'total', '0105', 'a.b', '_', 'username'];

forEachDatabase('an export', (makeUrl) => {
  let t: TestApp;
  before(async () => {
    t = await openTestApp(await makeUrl());
    await t.api('PUT', `/api/spaces/${t.app.spaces.first.domain}`, { username_pattern: '^.+$' });
    const add = async (body: object) => {
      const { status, json } = await t.api('POST', '/api/accounts', { password: 'long enough', ...body });
      assert.equal(status, 200, JSON.stringify([body, json]));
    };
    for (const [index, display_name] of names.entries()) {
      await add({ username: `n${index}`, display_name, note: display_name, group: display_name.slice(0, 60) });
    }
    for (const [index, username] of usernames.entries()) await add({ username, email: `U${index}@X.example` });
    await add({ username: '#hash', display_name: 'ida', phone: '+33601020304', note: 'two; parts, and "more"' });
  });
  after(() => t.close());

  const exported = async (ha1: boolean): Promise<string> => {
    let text = '';
    const filter = { spaceIds: [t.app.spaces.first.id] };
    for await (const page of exportAccounts(allAccounts(t.app, filter), { ha1 })) text += page.text;
    return text;
  };
  const send = async (query: string, payload: string): Promise<Json> => {
    const headers = { 'x-api-key': t.adminKey, 'content-type': 'text/csv' };
    return (await t.server.inject({ method: 'POST', url: `/api/accounts/import${query}`, headers, payload })).json();
  };
  const total = names.length + usernames.length + 2;

  for (const ha1 of [false, true]) {
    for (const mode of ['refuse', 'update']) {
      test(`${ha1 ? 'with' : 'without'} HA1s changes nothing when it is imported with --on-duplicate ${mode}`, async () => {
        const json = await send(`?on_duplicate=${mode}`, await exported(ha1));
        assert.deepEqual(json.problems, []);
        assert.deepEqual([json.unchanged, json.rows], [total, total]);
      });
    }
  }

  for (const ha1 of [false, true]) {
    test(`changes nothing but the one value that was edited, ${ha1 ? 'with' : 'without'} HA1s`, async () => {
      const email = `max${Number(ha1)}@x.example`;
      const text = (await exported(ha1)).replace(/(n0,"Weber, Max"),[^,]*,/, `$1,${email},`);
      const json = await send('?on_duplicate=update', text);
      assert.deepEqual(json.problems, []);
      assert.deepEqual([json.update, json.unchanged], [1, total - 1]);
      const max = await findAccountByUsername(t.app.database, t.app.spaces.first.id, 'n0');
      assert.deepEqual([max?.displayName, max?.email], ['Weber, Max', email]);
      const events = await t.app.database
        .selectFrom('events')
        .select(['kind', 'detail'])
        .orderBy('id', 'desc')
        .execute();
      assert.deepEqual(events[0], { kind: 'account-changed', detail: '{"fields":"email"}' });
    });
  }

  for (const algorithms of [['SHA-256'], ['MD5'], ['SHA-256', 'MD5']] as const) {
    test(`restores the password that was stored for ${algorithms.join(' and ')}, with HA1s`, async () => {
      const username = `back.${algorithms.join('.').toLowerCase()}`;
      const only = algorithms.length === 1 ? { algorithm: algorithms[0] } : {};
      const made = await t.api('POST', '/api/accounts', { username, password: 'long enough', ...only });
      const ha1s = async () => (await findAccountByUsername(t.app.database, t.app.spaces.first.id, username))?.ha1s;
      const before = await ha1s();
      const text = await exported(true);
      for (const other of [only, { algorithm: 'MD5' }, { algorithm: 'SHA-256' }]) {
        const changed = await t.api('PUT', `/api/accounts/${made.json.id}`, { password: 'quite another', ...other });
        assert.equal(changed.status, 200, changed.text);
        const [checked, written] = [
          await send('?on_duplicate=update&dry_run=true', text),
          await send('?on_duplicate=update', text),
        ];
        assert.deepEqual([checked.problems, checked.update], [[], 1]);
        assert.deepEqual([written.problems, written.update], [[], 1], JSON.stringify(other));
        assert.deepEqual(await ha1s(), before);
      }
    });
  }

  for (const [what, row] of [
    ['an update', 'n1'],
    ['a new account', 'contradicted'],
  ] as const) {
    test(`is refused for ${what} whose algorithm is not that of its HA1, before anything is written`, async () => {
      for (const query of ['?on_duplicate=update&dry_run=true', '?on_duplicate=update']) {
        const { problems } = await send(query, `username,algorithm,ha1_sha256\n${row},MD5,${'a'.repeat(64)}\n`);
        assert.deepEqual(
          problems.map(({ column }: { column: string }) => column),
          ['algorithm'],
        );
      }
    });
  }
});
