import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import type { Account } from '../../src/accounts/account.ts';
import { openTestApp, type TestApp, testDomain } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';
import { fromOf, modern, old, type PhoneAnswer, phonesOf } from '../support/phone.ts';
import { waitUntil } from '../support/wait-until.ts';
import { assertValidDocument, parseDocument } from '../support/xml.ts';

/** It merges credentials by their names instead of their places. */
const since54 = { ...modern, 'user-agent': 'LinphoneAndroid/6.0.0 (Pixel 7) LinphoneSDK/5.4.12' };
const zeros = { 'SHA-256': '0'.repeat(64), MD5: '0'.repeat(32), '': '0'.repeat(32) };

forEachDatabase('the ending document', (makeUrl) => {
  let t: TestApp;
  let phones: ReturnType<typeof phonesOf>;
  before(async () => {
    t = await openTestApp(await makeUrl());
    phones = phonesOf(t);
  });
  beforeEach(() =>
    t.setSpace({ refetch: 'every-start', algorithms: ['SHA-256'], linphonerc: '', turn_in_document: false }),
  );
  after(() => t.close());

  const provision = async (account: Account, headers: Readonly<Record<string, string>> = modern) =>
    phones.redeem(await t.makeToken(account), headers);
  const firstDevice = async ({ id }: Account) =>
    Object.values((await t.api('GET', `/api/accounts/${id}/devices`)).json)[0] as {
      id: number;
      ended_at: string | null;
    };
  const revoke = async (account: Account) =>
    t.api('DELETE', `/api/accounts/${account.id}/devices/${(await firstDevice(account)).id}`);
  const change = (account: Account, changes: unknown) => t.api('PUT', `/api/accounts/${account.id}`, changes);
  /** What the document takes away: `user realm domain algorithm` of each `auth_info`. */
  const takenFrom = ({ body }: PhoneAnswer): string[] => {
    assertValidDocument(body);
    const sections = [...parseDocument(body)].filter(([name]) => name.startsWith('auth_info_'));
    assert.deepEqual(
      sections.map(([name]) => name),
      sections.map((_, index) => `auth_info_${index}`),
    );
    return sections.map(([, section]) => {
      const value = (name: string) => section.get(name)?.value ?? '';
      assert.equal(value('ha1'), zeros[value('algorithm') as keyof typeof zeros]);
      assert.equal(value('passwd'), '');
      return `${value('username')} ${value('realm')} ${value('domain')} ${value('algorithm')}`;
    });
  };

  test('repeats every auth_info that the device was ever given, with zeros, the latest first', async () => {
    const account = await t.makeAccount({ username: 'maiden' });
    const phone = await provision(account);
    await t.api('POST', `/api/accounts/${account.id}/external`, { username: 'out', domain: 'o.test', password: 'x' });
    await phones.start(phone);
    await t.api('DELETE', `/api/accounts/${account.id}/external`);
    await change(account, { username: 'married', password: 'renewed', algorithm: 'MD5' });
    await phones.start(phone);
    await change(account, { username: 'unseen', password: 'renewed' });
    await revoke(account);
    const ending = await phones.start(phone, since54);
    assert.deepEqual(takenFrom(ending), [
      `married ${testDomain} ${testDomain} MD5`,
      `maiden ${testDomain} ${testDomain} SHA-256`,
      'out o.test o.test SHA-256',
      'out o.test md5.invalid MD5',
    ]);
    for (const proxy of ['proxy_0', 'proxy_1']) {
      assert.deepEqual(
        ['reg_sendregister', 'reg_identity', 'reg_proxy'].map((entry) => ending.value(proxy, entry)),
        ['0', '', ''],
      );
    }
    assert.deepEqual(
      ['config-uri', 'config-uri-header_0', 'contacts-vcard-list', 'transient_provisioning'].map((entry) =>
        ending.value('misc', entry),
      ),
      ['', '', '', '1'],
    );
  });

  test('removes only as many accounts of a phone before 5.4 as its longest document had', async () => {
    const account = await t.makeAccount({ username: 'maiden' });
    const external = (username: string) => ({ username, domain: 'o.test', password: 'x', algorithm: 'MD5' });
    await t.api('POST', `/api/accounts/${account.id}/external`, external('out'));
    const phone = await provision(account);
    await t.api('POST', `/api/accounts/${account.id}/external`, external('later'));
    await phones.start(phone);
    await t.api('DELETE', `/api/accounts/${account.id}/external`);
    await change(account, { username: 'married', password: 'renewed' });
    await phones.start(phone);
    await revoke(account);
    const userNames = async (agent: string) =>
      takenFrom(await phones.start(phone, { ...modern, 'user-agent': agent })).map((each) => each.split(' ')[0]);
    const all = ['married', 'maiden', 'later', 'out'];
    assert.deepEqual(await userNames('Linphonec/5.3.105 (belle-sip/5.3.105)'), all.slice(0, 2));
    assert.deepEqual(await userNames('LinphoneAndroid/5.2.5 (Pixel 7) LinphoneSDK/5.3.74'), all.slice(0, 2));
    assert.deepEqual(await userNames('LinphoneAndroid/6.0.0 (Pixel 7) LinphoneSDK/5.4.12'), all);
    assert.deepEqual(await userNames('Unknown'), all);
  });

  test('counts the accounts of a document that repeats what the phone was given before', async () => {
    const account = await t.makeAccount();
    const phone = await provision(account);
    await t.app.database
      .updateTable('devices')
      .set({ credential_places: 0 })
      .where('account_id', '=', account.id)
      .execute();
    await phones.start(phone);
    await revoke(account);
    assert.equal(takenFrom(await phones.start(phone)).length, 1);
  });

  test('takes away what repeated answers and eight simultaneous starts had added', async () => {
    await t.setSpace({ retry_window: 60 });
    const account = await t.makeAccount({ username: 'one' });
    const token = await t.makeToken(account);
    await phones.redeem(token);
    t.advance(1_000);
    await t.app.database.updateTable('accounts').set({ username: 'two' }).where('id', '=', account.id).execute();
    const phone = await phones.redeem(token);
    await t.app.database.updateTable('accounts').set({ username: 'three' }).where('id', '=', account.id).execute();
    const starts = await Promise.all(Array.from({ length: 8 }, () => phones.start(phone)));
    for (const { statusCode } of starts) assert.ok(statusCode === 200 || statusCode === 503, String(statusCode));
    await revoke(account);
    assert.deepEqual(
      takenFrom(await phones.start(phone, since54)).map((each) => each.split(' ')[0]),
      ['three', 'two', 'one'],
    );
    await t.setSpace({ retry_window: 0 });
  });

  test('removes everything that a start at the moment of the revocation gave', async () => {
    const account = await t.makeAccount({ username: 'before' });
    const phone = await provision(account);
    await change(account, { username: 'after', password: 'renewed' });
    const [start] = await Promise.all([phones.start(phone), revoke(account)]);
    const taken = takenFrom(await phones.start(phone, since54)).map((each) => each.split(' ')[0]);
    const gotNew = start.value('proxy_0', 'reg_identity')?.includes('after') === true;
    assert.equal(taken.includes('after'), gotNew);
  });

  test('contains no secret, not even those of a linphonerc', async () => {
    await t.setSpace({
      linphonerc: '[auth_info_0]\nusername=shared\npasswd=known\nrealm=r\n[proxy_0]\nreg_expires=60\n',
    });
    const account = await t.makeAccount();
    const phone = await provision(account);
    await revoke(account);
    const ending = await phones.start(phone);
    assert.doesNotMatch(ending.body, /known/);
    assert.deepEqual(takenFrom(ending), ['shared r  ', `${account.username} ${testDomain} ${testDomain} SHA-256`]);
    assert.equal(ending.value('proxy_0', 'reg_expires'), '60');
  });

  test('removes only the latest user name for TURN', async () => {
    await t.setSpace({ turn_server: 'turn:t.test', turn_secret: 'turn', turn_lifetime: '1h', turn_in_document: true });
    const account = await t.makeAccount();
    const phone = await provision(account);
    t.advance(7_200_000);
    const last = (await phones.start(phone)).value('auth_info_1', 'username');
    await revoke(account);
    const taken = takenFrom(await phones.start(phone));
    assert.deepEqual(taken, [`${account.username} ${testDomain} ${testDomain} SHA-256`, `${last} ${testDomain}  MD5`]);
  });

  test('is sent whenever a revoked device asks, before all other rules and without a challenge', async () => {
    const account = await t.makeAccount();
    const other = await t.makeAccount({ activated: true });
    const { address, key } = await provision(account);
    const { api_key } = (await t.api('POST', `/api/accounts/${other.id}/api_keys`, {})).json;
    await revoke(account);
    const asks: [string, Record<string, string>][] = [
      ['its key', { ...modern, 'x-device-key': key }],
      ['another key', { ...modern, 'x-device-key': 'wrong' }],
      ['no key', modern],
      ['an older phone', old],
      ['another account', { ...old, from: fromOf(other.username) }],
      ['a bad response', { ...old, authorization: 'Digest username="x"' }],
      ['the API key of another account', { 'x-api-key': api_key }],
    ];
    const [, before] = [
      await t.api('POST', `/api/accounts/${account.id}/block`),
      await change(account, { password: 'new' }),
    ];
    assert.equal(before.status, 200);
    for (const [which, headers] of asks) {
      const ending = await phones.get(address, headers);
      assert.equal(ending.statusCode, 200, which);
      assert.deepEqual(takenFrom(ending), [`${account.username} ${testDomain} ${testDomain} SHA-256`], which);
    }
    assert.equal((await t.server.inject({ method: 'HEAD', url: address })).statusCode, 200);
  });

  test('is repeated after it was delivered, and the repetition is an event of its own', async () => {
    const account = await t.makeAccount();
    const phone = await provision(account);
    await revoke(account);
    const first = await phones.start(phone);
    assert.ok(
      await waitUntil(
        async () => (await t.app.deliveries.settleAll()) && (await firstDevice(account)).ended_at !== null,
      ),
    );
    const { ended_at } = await firstDevice(account);
    assert.equal((await phones.start(phone)).body, first.body);
    assert.equal((await firstDevice(account)).ended_at, ended_at);
    const { data } = (await t.api('GET', `/api/accounts/${account.id}/events`)).json;
    const kinds: string[] = data.map(({ kind }: { kind: string }) => kind);
    assert.deepEqual(
      kinds.filter((kind) => /ended|ending/.test(kind)),
      ['device-ended', 'ending-repeated'],
    );
  });

  test('does not affect another account that the phone now has in the first place', async () => {
    await t.setSpace({ linphonerc: '[proxy_0]\nreg_expires=60\n[sip]\nmedia_encryption=srtp\n' });
    const account = await t.makeAccount();
    const phone = await provision(account);
    await change(account, { username: 'renamed-meanwhile', password: 'renewed' });
    await revoke(account);
    const foreign = await phones.start(phone, { ...modern, from: fromOf('private', 'elsewhere.test') });
    assert.deepEqual([...parseDocument(foreign.body).keys()], ['auth_info_0', 'misc']);
    assert.deepEqual(takenFrom(foreign), [`${account.username} ${testDomain} ${testDomain} SHA-256`]);
    for (const name of [account.username, 'renamed-meanwhile']) {
      assert.equal((await phones.start(phone, { ...modern, from: fromOf(name) })).value('proxy_0', 'reg_identity'), '');
    }
  });

  test('is also sent to a key of an earlier version without its address', async () => {
    const account = await t.makeAccount();
    const { key } = await provision(account);
    await t.app.database.updateTable('devices').set({ key_alone: 1 }).where('account_id', '=', account.id).execute();
    await revoke(account);
    assert.equal((await phones.start({ key, address: '/provisioning/me' })).value('proxy_0', 'reg_sendregister'), '0');
  });
});
