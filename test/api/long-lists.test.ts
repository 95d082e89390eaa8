import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import type { Insertable } from 'kysely';
import type { Account } from '../../src/accounts/account.ts';
import type { Tables } from '../../src/storage/tables.ts';
import { openTestApp, type TestApp } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';
import type { Json } from '../support/json.ts';

const many = Array.from({ length: 1_100 }, (_, n) => n);
const ids = (list: readonly Json[]): number[] => list.map(({ id }) => id);
const sorted = (list: readonly number[]) => list.toSorted((one, other) => one - other);

forEachDatabase('the long lists of an account', (makeUrl) => {
  let t: TestApp;
  let account: Account;
  let key: string;
  before(async () => {
    t = await openTestApp(await makeUrl());
    account = await t.makeAccount({ activated: true });
    key = (await t.api('POST', `/api/accounts/${account.id}/api_keys`, { name: 'the oldest' })).json.api_key;
  });
  after(() => t.close());

  const insert = async <Table extends 'accounts' | 'api_keys' | 'contacts' | 'devices' | 'tokens'>(
    table: Table,
    rows: readonly Insertable<Tables[Table]>[],
  ) => {
    for (let start = 0; start < rows.length; start += 100) {
      await t.app.database
        .insertInto<Table>(table)
        .values(rows.slice(start, start + 100))
        .execute();
    }
  };
  const list = async (what: string): Promise<Json> => (await t.api('GET', `/api/accounts/${account.id}/${what}`)).json;
  const mine = async (what: string): Promise<Json> =>
    (await t.server.inject({ url: `/api/accounts/me/${what}`, headers: { 'x-api-key': key } })).json();

  test('the token list has the newest 500 tokens, and an older one can still be named', async () => {
    const of = { kind: 'provisioning', account_id: account.id, created_at: 1 };
    await insert(
      'tokens',
      many.map((n) => ({ ...of, token_hash: `hash ${n}`, revoked_at: n === 0 ? null : 1 })),
    );
    const all = await t.app.database
      .selectFrom('tokens')
      .where('account_id', '=', account.id)
      .select('id')
      .orderBy('id', 'desc')
      .execute();
    assert.deepEqual(ids(await list('tokens')), ids(all).slice(0, 500));
    const oldest = `/api/accounts/${account.id}/tokens/${Math.min(...ids(all))}`;
    const { status, json } = await t.api('PUT', oldest, { lifetime: '1h' });
    assert.equal(status, 200);
    const back = await t.api('PUT', oldest, { ...json, issuer: 'another' });
    assert.deepEqual([back.status, Object.keys(back.json.errors)], [422, ['issuer']]);
    assert.equal((await t.api('DELETE', oldest)).status, 200);
  });

  test('the device list has at most 500 devices: the newest that are not revoked, then the newest of the others', async () => {
    const of = { account_id: account.id, name: 'x', agent: 'x', address: 'x', algorithms: '', credentials: '[]' };
    const device = (n: number, revoked: boolean) => ({
      ...of,
      uuid: randomUUID(),
      token_id: 1_000_000 + n,
      first_seen_at: n,
      last_seen_at: n,
      revoked_at: revoked ? 1 : null,
    });
    await insert(
      'devices',
      many.map((n) => device(n, n >= 300)),
    );
    const listed: Json[] = Object.values(await list('devices'));
    const open = listed.filter(({ revoked_at }) => revoked_at === null);
    assert.deepEqual([listed.length, open.length], [500, 300]);
    assert.deepEqual(ids(listed), sorted(ids(listed)));
    assert.equal(Object.keys(await mine('devices')).length, 300);

    await t.app.database.updateTable('devices').set({ revoked_at: null }).execute();
    const newest = ids(Object.values(await list('devices')));
    const all = await t.app.database.selectFrom('devices').select('id').orderBy('id').execute();
    assert.deepEqual(newest, ids(all).slice(-500));
    const oldest = await t.api('DELETE', `/api/accounts/${account.id}/devices/${Math.min(...ids(all))}`);
    assert.equal(oldest.status, 200);
  });

  test('the list of API keys has at most 500, those created for the account before those that its users fetched', async () => {
    const of = { account_id: account.id, rights: 'user', created_at: t.app.now(), last_used_at: t.app.now() };
    await insert(
      'api_keys',
      many.map((n) => ({ ...of, key_hash: `key ${n}` })),
    );
    const listed = await list('api_keys');
    assert.equal(listed.length, 500);
    assert.deepEqual(ids(listed), sorted(ids(listed)));
    assert.equal(listed[0].name, 'the oldest');
    const newest = await t.app.database
      .selectFrom('api_keys')
      .select((of) => of.fn.max('id').as('id'))
      .executeTakeFirstOrThrow();
    assert.equal(listed.at(-1).id, Number(newest.id));
  });

  test('the contact list has pages of 1,000 by default, and shows blocked contacts only to administrators', async () => {
    const of = { space_id: account.spaceId, dtmf_protocol: 'sipinfo', version: 0, admin: 0 };
    await insert(
      'accounts',
      many.map((n) => ({
        ...of,
        username: `contact-${n}`,
        blocked_at: n === 5 ? 1 : null,
        created_at: 1,
        updated_at: 1,
      })),
    );
    const contacts = await t.app.database
      .selectFrom('accounts')
      .where('username', 'like', 'contact-%')
      .select('id')
      .orderBy('id')
      .execute();
    const all = ids(contacts);
    await insert(
      'contacts',
      all.map((contact) => ({ account_id: account.id, contact_id: contact, created_at: 1 })),
    );
    assert.deepEqual(ids(await list('contacts')), all.slice(0, 1_000));
    assert.deepEqual(ids(await list('contacts?page=2')), all.slice(1_000));
    assert.deepEqual(ids(await list('contacts?page=3&per_page=3')), all.slice(6, 9));
    assert.deepEqual(await list('contacts?page=99'), []);
    assert.deepEqual(ids(await mine('contacts?page=2&per_page=3')), [all[3], all[4], all[6]]);
    for (const query of ['per_page=1001', 'page=0', 'page=x']) {
      assert.equal((await t.api('GET', `/api/accounts/${account.id}/contacts?${query}`)).status, 422, query);
    }
    const cards = await t.server.inject({ url: '/contacts/vcard', headers: { 'x-api-key': key } });
    assert.equal(cards.body.match(/BEGIN:VCARD/g)?.length, many.length - 1);
  });

  test('the space list names every space and its present state', async () => {
    const domains = async () =>
      (await t.api('GET', '/api/spaces')).json.map(({ domain, name }: Json) => `${domain} ${name}`);
    const before = await domains();
    await t.api('POST', '/api/spaces', { domain: 'second.test', name: 'Second' });
    assert.deepEqual(await domains(), [...before, 'second.test Second']);
    await t.api('PUT', '/api/spaces/second.test', { name: 'Renamed' });
    assert.deepEqual(await domains(), [...before, 'second.test Renamed']);
    await t.api('DELETE', '/api/spaces/second.test');
    assert.deepEqual(await domains(), before);
  });
});
