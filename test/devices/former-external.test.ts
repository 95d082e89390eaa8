import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import type { Account } from '../../src/accounts/account.ts';
import { openTestApp, type TestApp, testDomain } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';
import { modern, type PhoneAnswer, type ProvisionedPhone, phonesOf } from '../support/phone.ts';
import { assertValidDocument, parseDocument } from '../support/xml.ts';

const external = { username: 'out', domain: 'o.test', password: 'x' };
/** It merges credentials by their names instead of their places. */
const since54 = { ...modern, 'user-agent': 'LinphoneAndroid/6.0.0 (Pixel 7) LinphoneSDK/5.4.12' };
const zeros = { 'SHA-256': '0'.repeat(64), MD5: '0'.repeat(32) };

forEachDatabase('an external account that was removed', (makeUrl) => {
  let t: TestApp;
  let phones: ReturnType<typeof phonesOf>;
  before(async () => {
    t = await openTestApp(await makeUrl());
    phones = phonesOf(t);
  });
  beforeEach(() => t.setSpace({ refetch: 'every-start', algorithms: ['SHA-256'], linphonerc: '' }));
  after(() => t.close());

  const give = ({ id }: Account, changes: object = {}) =>
    t.api('POST', `/api/accounts/${id}/external`, { ...external, ...changes });
  const remove = ({ id }: Account) => t.api('DELETE', `/api/accounts/${id}/external`);
  const revoke = async ({ id }: Account) => {
    const [uuid] = Object.keys((await t.api('GET', `/api/accounts/${id}/devices`)).json);
    await t.api('DELETE', `/api/accounts/${id}/devices/${uuid}`);
  };
  const provision = async (account: Account) => phones.redeem(await t.makeToken(account));
  /** A start whose answer counts as delivered. */
  const startAndReceive = async (phone: ProvisionedPhone, headers: typeof modern = modern) => {
    const answer = await phones.start(phone, headers);
    await t.app.deliveries.settleAll();
    await t.app.deviceUses.flush();
    return answer;
  };
  const outside = ({ body }: PhoneAnswer) => {
    assertValidDocument(body);
    return [...parseDocument(body).values()]
      .filter((section) => section.get('username')?.value === 'out')
      .map((section) => ['realm', 'domain', 'algorithm', 'ha1'].map((name) => section.get(name)?.value).join(' '));
  };
  const ended = [`o.test o.test SHA-256 ${zeros['SHA-256']}`, `o.test md5.invalid MD5 ${zeros.MD5}`];
  const proxy = (answer: PhoneAnswer) =>
    ['reg_sendregister', 'reg_identity', 'reg_proxy', 'idkey'].map((entry) => answer.value('proxy_1', entry));
  const gone = ['0', '', '', ''];
  const unmentioned = [undefined, undefined, undefined, undefined];

  test('is removed from its phones by each answer, until one is delivered', async () => {
    const account = await t.makeAccount();
    await give(account);
    const phone = await provision(account);
    await remove(account);
    for (const fate of ['lost', 'received']) {
      const answer = await (fate === 'lost' ? phones.start(phone) : startAndReceive(phone));
      assert.deepEqual(proxy(answer), gone);
      assert.deepEqual(outside(answer), ended);
      assert.equal(answer.value('sip', 'default_proxy'), '0', 'it may have been the default account');
      assert.equal(answer.value('proxy_0', 'reg_identity'), `<sip:${account.username}@${testDomain}>`);
    }
    // A private account of the phone may stand there by now.
    const later = await phones.start(phone);
    assert.deepEqual(proxy(later), unmentioned);
    assert.deepEqual(outside(later), []);
    assert.equal(later.value('sip', 'default_proxy'), undefined);
    await revoke(account);
    assert.deepEqual(outside(await phones.start(phone)), ended, 'all that it was ever given');
  });

  test('is removed once more if it was given again in between', async () => {
    const account = await t.makeAccount();
    await give(account);
    const phone = await provision(account);
    for (const _ of [1, 2]) {
      await remove(account);
      assert.deepEqual(proxy(await startAndReceive(phone)), gone);
      assert.deepEqual(proxy(await startAndReceive(phone)), unmentioned);
      await give(account);
      assert.equal((await startAndReceive(phone)).value('proxy_1', 'reg_identity'), '<sip:out@o.test>');
    }
  });

  test('is removed only from places in the phone that a document of Ringup used', async () => {
    const account = await t.makeAccount();
    await give(account, { algorithm: 'MD5' });
    const phone = await provision(account);
    await give(account, { username: 'later', algorithm: 'MD5' });
    await startAndReceive(phone);
    await remove(account);
    const { body } = await startAndReceive(phone);
    const names = [...parseDocument(body)].filter(([name]) => name.startsWith('auth_info_'));
    assert.deepEqual(
      names.map(([name, section]) => `${name} ${section.get('username')?.value}`),
      [`auth_info_0 ${account.username}`, 'auth_info_1 later'],
    );
    assert.deepEqual(proxy(await startAndReceive(phone)), unmentioned);
  });

  test('is removed with those before it from a phone since 5.4, which has kept the credentials of all of them', async () => {
    const account = await t.makeAccount();
    await give(account);
    const phone = await provision(account);
    await give(account, { username: 'later', domain: 'l.test' });
    await startAndReceive(phone, since54);
    await remove(account);
    const answer = await startAndReceive(phone, since54);
    assertValidDocument(answer.body);
    const named = [1, 2, 3, 4, 5].map((place) => answer.value(`auth_info_${place}`, 'username'));
    assert.deepEqual(named, ['later', 'later', 'out', 'out', undefined]);
    assert.deepEqual(outside(answer), ended);
    const next = await phones.start(phone, since54);
    assert.deepEqual(proxy(next), unmentioned);
    assert.deepEqual(outside(next), []);
  });

  test('is not mentioned to a phone that never had it', async () => {
    const account = await t.makeAccount();
    const phone = await provision(account);
    await give(account);
    await remove(account);
    assert.deepEqual(proxy(await phones.start(phone)), unmentioned);
  });
});
