import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { getAccount } from '../../src/accounts/account-store.ts';
import { computeHa1 } from '../../src/sip/ha1.ts';
import { openTestApp, type TestApp } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';
import type { Json } from '../support/json.ts';

const provider = {
  username: '200',
  auth_username: 'x7kQ2',
  domain: 'pbx.example.com',
  realm: '3CXPhoneSystem',
  registrar: 'sip:reg.example.com:5062',
  outbound_proxy: 'sip:proxy.example.com',
  protocol: 'UDP',
} as const;
const plain = { auth_username: null, realm: null, registrar: null, outbound_proxy: null, protocol: 'TLS' };
const both = ['SHA-256', 'MD5'] as const;

const columns = 'username,external_username,external_domain,external_password,external_registrar';

forEachDatabase('an import that updates an external account', (makeUrl) => {
  let t: TestApp;
  before(async () => {
    t = await openTestApp(await makeUrl());
  });
  after(() => t.close());

  const send = async (row: string, query = '?on_duplicate=update'): Promise<Json> => {
    const headers = { 'x-api-key': t.adminKey, 'content-type': 'text/csv' };
    const url = `/api/accounts/import${query}`;
    const payload = `${columns}\n${row}\n`;
    return (await t.server.inject({ method: 'POST', url, headers, payload })).json();
  };
  /** An account that is linked, and a row that names it and says the rest. */
  const linked = async (fields: object = { password: 'outside' }) => {
    const { id, username } = await t.makeAccount();
    const made = await t.api('POST', `/api/accounts/${id}/external`, { ...provider, ...fields });
    assert.equal(made.status, 201, made.text);
    return { id, row: (cells: string) => `${username},${cells}` };
  };
  const shown = async (id: number): Promise<Json> => {
    const { created_at: _, updated_at: __, ...rest } = (await t.api('GET', `/api/accounts/${id}/external`)).json;
    return rest;
  };
  const ha1s = async (id: number) => (await getAccount(t.app.database, id)).external?.ha1s;
  const ha1sOf = (algorithms: readonly (typeof both)[number][], username: string, realm: string, password: string) =>
    algorithms.map((algorithm) => ({ algorithm, ha1: computeHa1(algorithm, username, realm, password) }));
  const columnsOf = ({ problems }: Json) => problems.map(({ column }: Json) => column);

  for (const [what, cells] of [
    ['alone', ',,changed,'],
    ['beside the same names', '200,pbx.example.com,changed,'],
  ] as const) {
    test(`keeps everything except the password if a row has a new password ${what}`, async () => {
      const { id, row } = await linked();
      assert.equal((await send(row(cells))).update, 1);
      assert.deepEqual(await shown(id), { ...provider, algorithms: [...both] });
      assert.deepEqual(await ha1s(id), ha1sOf(both, 'x7kQ2', '3CXPhoneSystem', 'changed'));
      assert.equal((await send(row(cells), '')).unchanged, 1);
    });
  }

  test('keeps the only algorithm that the password is stored for', async () => {
    const { id, row } = await linked({ password: 'outside', algorithm: 'MD5' });
    assert.equal((await send(row(',,changed,'))).update, 1);
    assert.deepEqual(await ha1s(id), ha1sOf(['MD5'], 'x7kQ2', '3CXPhoneSystem', 'changed'));
  });

  test('changes the registrar alone, and keeps the password', async () => {
    const { id, row } = await linked();
    const before = await ha1s(id);
    const { update, problems } = await send(row(',,,reg2.example.com'));
    assert.deepEqual([update, problems], [1, []]);
    assert.deepEqual(await shown(id), { ...provider, registrar: 'reg2.example.com', algorithms: [...both] });
    assert.deepEqual(await ha1s(id), before);
  });

  test('keeps the servers and the realm for another user of the domain, but not the user name for authentication', async () => {
    const { id, row } = await linked();
    assert.deepEqual(columnsOf(await send(row('201,pbx.example.com,,'))), ['external_password']);
    assert.equal((await send(row('201,,changed,'))).update, 1);
    assert.deepEqual(await shown(id), { ...provider, username: '201', auth_username: null, algorithms: [...both] });
    assert.deepEqual(await ha1s(id), ha1sOf(both, '201', '3CXPhoneSystem', 'changed'));
  });

  test('keeps nothing for another domain, and then requires a user name and a password', async () => {
    const { id, row } = await linked();
    assert.deepEqual(columnsOf(await send(row(',new.example.com,,'))), ['external_username', 'external_password']);
    assert.deepEqual(await shown(id), { ...provider, algorithms: [...both] });
    assert.equal((await send(row('200,new.example.com,changed,'))).update, 1);
    const expected = { ...plain, username: '200', domain: 'new.example.com', algorithms: [...both] };
    assert.deepEqual(await shown(id), expected);
    assert.deepEqual(await ha1s(id), ha1sOf(both, '200', 'new.example.com', 'changed'));
  });

  test('refuses a registrar that requires TLS if the account has another protocol', async () => {
    const { id, row } = await linked();
    assert.deepEqual(columnsOf(await send(row(',,,sips:reg.example.com'))), ['external_registrar']);
    assert.deepEqual(await shown(id), { ...provider, algorithms: [...both] });
  });

  test('requires user name, domain and password if the account has no external account', async () => {
    const { id, username } = await t.makeAccount();
    for (const [cells, missing] of [
      ['200,,,', ['external_domain', 'external_password']],
      [',pbx.example.com,,', ['external_username', 'external_password']],
      [',,secret,', ['external_username', 'external_domain']],
      [',,,reg.example.com', ['external_username', 'external_domain', 'external_password']],
    ] as const) {
      for (const name of [username, `new${username}`]) {
        assert.deepEqual(columnsOf(await send(`${name},${cells}`)), missing, cells);
      }
    }
    assert.equal((await t.api('GET', `/api/accounts/${id}/external`)).status, 404);
  });
});
