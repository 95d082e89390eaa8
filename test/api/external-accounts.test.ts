import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Account } from '../../src/accounts/account.ts';
import { getAccount } from '../../src/accounts/account-store.ts';
import { computeHa1 } from '../../src/sip/ha1.ts';
import { openTestApp, type TestApp } from '../support/app.ts';
import { dumpDatabase } from '../support/database-dump.ts';
import { forEachDatabase } from '../support/databases.ts';

const minimal = { username: 'ext', domain: 'other.example', password: 'outside' };
const md5 = 'd'.repeat(32);
const sha256 = 'e'.repeat(64);

forEachDatabase('external accounts', (makeUrl) => {
  let t: TestApp;
  before(async () => {
    t = await openTestApp(await makeUrl());
  });
  after(() => t.close());

  const url = ({ id }: Account) => `/api/accounts/${id}/external`;
  const linked = async (account: Account) => (await getAccount(t.app.database, account.id)).external;

  test('sips and a transport without TLS exclude each other', async () => {
    const account = await t.makeAccount();
    for (const protocol of ['UDP', 'TCP']) {
      for (const server of ['registrar', 'outbound_proxy']) {
        const answer = await t.api('POST', url(account), { ...minimal, protocol, [server]: 'SIPS:other.example' });
        assert.equal(answer.status, 422);
        assert.match(answer.json.errors.protocol[0], /^must be TLS for "SIPS:other\.example"/);
      }
    }
    assert.equal(await linked(account), null);
    assert.equal((await t.api('POST', url(account), { ...minimal, registrar: 'sips:other.example' })).status, 201);
  });

  test('an external account is created with 201, replaced with 200, returned without its secrets, and deleted once', async () => {
    const account = await t.makeAccount();
    assert.equal((await t.api('GET', url(account))).status, 404);
    const made = await t.api('POST', url(account), minimal);
    assert.equal(made.status, 201);
    assert.equal(made.headers['content-type'], 'application/json');
    const { created_at: created, updated_at: updated, ...rest } = made.json;
    assert.equal(created, updated);
    assert.deepEqual(rest, {
      username: 'ext',
      auth_username: null,
      domain: 'other.example',
      realm: null,
      registrar: null,
      outbound_proxy: null,
      protocol: 'TLS',
      algorithms: ['SHA-256', 'MD5'],
    });
    assert.deepEqual((await t.api('GET', url(account))).json, made.json);
    t.advance(1_000);
    const replaced = await t.api('POST', url(account), {
      username: 'new',
      domain: 'third.example',
      password: 'other',
      algorithm: 'MD5',
      realm: 'Third',
      registrar: 'sip:reg.third.example:5061',
      outbound_proxy: 'proxy.third.example',
      protocol: 'TCP',
    });
    assert.equal(replaced.status, 200);
    const { updated_at: again, ...whole } = replaced.json;
    assert.ok(again > created);
    assert.deepEqual(whole, {
      username: 'new',
      auth_username: null,
      domain: 'third.example',
      realm: 'Third',
      registrar: 'sip:reg.third.example:5061',
      outbound_proxy: 'proxy.third.example',
      protocol: 'TCP',
      algorithms: ['MD5'],
      created_at: created,
    });
    assert.equal((await t.api('DELETE', url(account))).status, 200);
    const before = await dumpDatabase(t.app.database);
    assert.equal((await t.api('DELETE', url(account))).status, 404);
    assert.equal((await t.api('GET', url(account))).status, 404);
    assert.deepEqual(await dumpDatabase(t.app.database), before);
    assert.equal((await t.api('POST', url(account), minimal)).status, 201);
  });

  test('a password is stored as both HA1s for its realm, never as text', async () => {
    const account = await t.makeAccount();
    for (const realm of [undefined, null, 'Outside']) {
      const answer = await t.api('POST', url(account), { ...minimal, ...(realm === undefined ? {} : { realm }) });
      assert.ok(!answer.text.includes('outside'));
      assert.deepEqual(
        (await linked(account))?.ha1s,
        (['SHA-256', 'MD5'] as const).map((algorithm) => ({
          algorithm,
          ha1: computeHa1(algorithm, 'ext', realm ?? 'other.example', 'outside'),
        })),
      );
    }
    assert.ok(!JSON.stringify(await dumpDatabase(t.app.database)).includes('outside'));
  });

  test('a given HA1 is stored unchanged, with its algorithm', async () => {
    const account = await t.makeAccount();
    for (const [algorithm, ha1] of [
      ['MD5', md5],
      ['SHA-256', sha256],
    ] as const) {
      const answer = await t.api('POST', url(account), { username: 'ext', domain: 'other.example', ha1, algorithm });
      assert.deepEqual(answer.json.algorithms, [algorithm]);
      assert.ok(!answer.text.includes(ha1));
      assert.deepEqual((await linked(account))?.ha1s, [{ algorithm, ha1 }]);
    }
  });

  test('the HA1s of an external account are computed with its separate user name for authentication', async () => {
    const account = await t.makeAccount();
    const answer = await t.api('POST', url(account), { ...minimal, auth_username: ' x7kQ2\u00a0', realm: 'pbx' });
    assert.deepEqual([answer.json.username, answer.json.auth_username], ['ext', 'x7kQ2']);
    const stored = await linked(account);
    assert.equal(stored?.authUsername, 'x7kQ2');
    assert.equal(stored?.ha1s[1]?.ha1, computeHa1('MD5', 'x7kQ2', 'pbx', 'outside'));
    const without = await t.api('POST', url(account), { ...minimal, auth_username: null });
    assert.equal(without.json.auth_username, null);
    assert.equal((await linked(account))?.ha1s[1]?.ha1, computeHa1('MD5', 'ext', 'other.example', 'outside'));
  });

  test('quotation marks around a realm are removed, and those within it are refused', async () => {
    const account = await t.makeAccount();
    for (const realm of ['"3CXPhoneSystem"', ' \u201c3CXPhoneSystem\u201d ', '" 3CXPhoneSystem"']) {
      assert.equal((await t.api('POST', url(account), { ...minimal, realm })).json.realm, '3CXPhoneSystem');
      const ha1 = computeHa1('MD5', 'ext', '3CXPhoneSystem', 'outside');
      assert.equal((await linked(account))?.ha1s[1]?.ha1, ha1);
    }
    const refused = await t.api('POST', url(account), { ...minimal, realm: 'a "b" c' });
    assert.match(refused.json.errors.realm[0], /^"a "b" c" must not contain quotation marks/);
    assert.equal((await t.api('POST', url(account), { ...minimal, realm: '""' })).status, 422);
  });

  const wrong: readonly [object, readonly string[]][] = [
    [{ username: undefined }, ['username']],
    [{ username: '' }, ['username']],
    [{ username: 'a\nb' }, ['username']],
    [{ username: 'x'.repeat(129) }, ['username']],
    [{ username: ['ext'] }, ['username']],
    [{ domain: undefined }, ['domain']],
    [{ domain: 'sip:other.example' }, ['domain']],
    [{ domain: 'other.example;x' }, ['domain']],
    [{ domain: 'other example' }, ['domain']],
    [{ domain: 'öther.example' }, ['domain']],
    [{ domain: 'x'.repeat(254) }, ['domain']],
    [{ password: undefined }, ['password']],
    [{ password: '' }, ['password']],
    [{ ha1: md5, algorithm: 'MD5' }, ['password']],
    [{ password: undefined, ha1: md5 }, ['ha1']],
    [{ password: undefined, ha1: md5, algorithm: 'SHA-256' }, ['ha1']],
    [{ password: undefined, ha1: md5.toUpperCase(), algorithm: 'MD5' }, ['ha1']],
    [{ password: undefined, ha1: 'x'.repeat(32), algorithm: 'MD5' }, ['ha1']],
    [{ algorithm: 'SHA-1' }, ['algorithm']],
    [{ auth_username: '' }, ['auth_username']],
    [{ auth_username: ' ' }, ['auth_username']],
    [{ auth_username: 'a\nb' }, ['auth_username']],
    [{ realm: '' }, ['realm']],
    [{ realm: 'a\rb' }, ['realm']],
    [{ registrar: '' }, ['registrar']],
    [{ registrar: 'http://x' }, ['registrar']],
    [{ registrar: 'sip:user@host' }, ['registrar']],
    [{ registrar: '<sip:host>' }, ['registrar']],
    [{ registrar: 'host:99999' }, ['registrar']],
    [{ registrar: 'host\nkey=value' }, ['registrar']],
    [{ outbound_proxy: 'a b' }, ['outbound_proxy']],
    [{ outbound_proxy: 5060 }, ['outbound_proxy']],
    [{ protocol: 'tls' }, ['protocol']],
    [{ protocol: 'SCTP' }, ['protocol']],
    [{ protocol: null }, ['protocol']],
    [{ account_id: 1 }, ['account_id']],
    [{ id: 1 }, ['id']],
    [{ passwd: 'x' }, ['passwd']],
  ];
  for (const [fields, names] of wrong) {
    test(`${JSON.stringify(fields).slice(0, 60)} is refused with the name of the field, and no external account is created`, async () => {
      const account = await t.makeAccount();
      const before = await dumpDatabase(t.app.database);
      const answer = await t.api('POST', url(account), { ...minimal, ...fields });
      assert.equal(answer.status, 422);
      assert.deepEqual(Object.keys(answer.json.errors), names);
      assert.deepEqual(await dumpDatabase(t.app.database), before);
    });
  }

  test('exactly one of eight simultaneous requests returns 201, and there is one external account afterwards', async () => {
    for (let round = 0; round < 10; round += 1) {
      const account = await t.makeAccount();
      const answers = await Promise.all(
        Array.from({ length: 8 }, (_, index) => t.api('POST', url(account), { ...minimal, username: `ext${index}` })),
      );
      assert.deepEqual(answers.map((answer) => answer.status).sort(), [200, 200, 200, 200, 200, 200, 200, 201]);
      assert.match((await linked(account))?.username ?? '', /^ext\d$/);
      const removals = await Promise.all(Array.from({ length: 8 }, () => t.api('DELETE', url(account))));
      assert.deepEqual(removals.map((answer) => answer.status).sort(), [200, 404, 404, 404, 404, 404, 404, 404]);
    }
  });

  test('the external account of an unknown account returns 404', async () => {
    for (const method of ['GET', 'DELETE'] as const) {
      assert.equal((await t.api(method, '/api/accounts/999999/external')).status, 404);
    }
    assert.equal((await t.api('POST', '/api/accounts/999999/external', minimal)).status, 404);
  });
});
