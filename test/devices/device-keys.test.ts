import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import type { Account } from '../../src/accounts/account.ts';
import { openTestApp, type TestApp } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';
import { fromOf, modern, old, phonesOf, setUp } from '../support/phone.ts';

const me = '/provisioning/me';

forEachDatabase('the key of a device', (makeUrl) => {
  let t: TestApp;
  let phones: ReturnType<typeof phonesOf>;
  before(async () => {
    t = await openTestApp(await makeUrl());
    phones = phonesOf(t);
  });
  beforeEach(() => t.setSpace({ refetch: 'every-start', algorithms: ['SHA-256'], retry_window: 0 }));
  after(() => t.close());

  const provision = async (account: Account, headers: Readonly<Record<string, string>> = modern) =>
    phones.redeem(await t.makeToken(account), headers);
  const rowOf = (account: Account) =>
    t.app.database.selectFrom('devices').selectAll().where('account_id', '=', account.id).executeTakeFirstOrThrow();
  const eventsOf = async ({ id }: Account, kind: string) =>
    (await t.api('GET', `/api/accounts/${id}/events?kind=${kind}`)).json.data;

  test('is valid only together with the address of the device', async () => {
    const account = await t.makeAccount();
    const [phone, other] = [await provision(account), await provision(account)];
    assert.equal((await phones.start(phone)).statusCode, 200);
    for (const address of [me, `${me}?device=`, `${me}?device=unknown`, other.address, `${phone.address}0`]) {
      const { statusCode, challenges } = await phones.start({ ...phone, address });
      assert.deepEqual([statusCode, challenges], [403, []], address);
    }
    assert.equal((await phones.start({ ...phone, key: other.key })).statusCode, 403);
  });

  test('is valid without the address if an earlier version issued it, until its phone shows the address', async () => {
    const account = await t.makeAccount();
    const { key, address } = await provision(account);
    await t.app.database.updateTable('devices').set({ key_alone: 1 }).where('account_id', '=', account.id).execute();
    const alone = { key, address: me };
    for (const _ of [1, 2]) {
      const answer = await phones.start(alone);
      assert.equal(answer.statusCode, 200);
      assert.equal(setUp(answer).address, address, 'each answer writes the new address');
      assert.equal(setUp(answer).key, '');
    }
    assert.equal((await phones.start({ key, address: `${me}?device=${'0'.repeat(22)}` })).statusCode, 403);
    assert.equal((await phones.start(alone)).statusCode, 200, 'a wrong address shows nothing');
    assert.equal((await phones.start({ key, address })).statusCode, 200);
    assert.equal((await phones.start(alone)).statusCode, 403);
    await t.app.deviceUses.flush();
    assert.equal((await rowOf(account)).key_alone, 0);
    const second = await openTestApp(t.app.settings.databaseUrl ?? `${t.app.settings.dataDir}/ringup.sqlite`);
    assert.equal((await phonesOf(second).start(alone)).statusCode, 403, 'on another node');
    await second.close();
  });

  for (const isWritten of [true, false]) {
    const when = isWritten ? 'that is stored' : 'that is not stored yet';
    test(`stays valid after a use ${when} if its code is answered again, as does the later key`, async () => {
      await t.setSpace({ retry_window: 60 });
      const account = await t.makeAccount();
      const token = await t.makeToken(account);
      const first = await phones.redeem(token);
      assert.equal((await phones.start(first)).statusCode, 200);
      if (isWritten) await t.app.deviceUses.flush();
      t.advance(1_000);
      const second = await phones.redeem(token);
      assert.equal(second.address, first.address);
      assert.notEqual(second.key, first.key);
      for (const phone of [second, first, second]) assert.equal((await phones.start(phone)).statusCode, 200);
      assert.equal((await phones.start({ ...first, key: 'x'.repeat(22) })).statusCode, 403);
      await t.app.deviceUses.flush();
      const node = await openTestApp(t.app.settings.databaseUrl ?? `${t.app.settings.dataDir}/ringup.sqlite`);
      const elsewhere = phonesOf(node);
      for (const phone of [second, first])
        assert.equal((await elsewhere.start(phone)).statusCode, 200, 'on another node');
      await node.close();
    });
  }

  test('ends the other keys of the device when it is used first, and stays valid when the code is answered once more', async () => {
    await t.setSpace({ retry_window: 60 });
    const token = await t.makeToken(await t.makeAccount());
    const again = async () => {
      const phone = await phones.redeem(token);
      t.advance(1_000);
      return phone;
    };
    const [first, second] = [await again(), await again()];
    assert.equal((await phones.start(second)).statusCode, 200);
    assert.equal((await phones.start(first)).statusCode, 403);
    const third = await again();
    const answers = await Promise.all([third, second, first, third, second].map((phone) => phones.start(phone)));
    assert.deepEqual(
      answers.map(({ statusCode }) => statusCode),
      [200, 200, 403, 200, 200],
    );
  });

  test('is accepted from all of eight concurrent requests, with and without the address', async () => {
    const account = await t.makeAccount();
    const { key, address } = await provision(account);
    await t.app.database.updateTable('devices').set({ key_alone: 1 }).where('account_id', '=', account.id).execute();
    const answers = await Promise.all(Array.from({ length: 8 }, () => phones.start({ key, address })));
    assert.deepEqual(
      answers.map(({ statusCode }) => statusCode),
      Array(8).fill(200),
    );
    assert.equal((await phones.start({ key, address: me })).statusCode, 403);
  });

  test('is given to an updated phone at each good Digest request, until it has used one', async () => {
    const account = await t.makeAccount();
    const phone = await provision(account, old);
    assert.equal(phone.key, '');
    assert.equal(setUp(await phones.signIn(phone.address, { ...account, headers: old })).key, '', 'before the update');
    const [first, second] = [await phones.signIn(phone.address, account), await phones.signIn(phone.address, account)];
    const [lost, kept] = [setUp(first), setUp(second)];
    assert.match(lost.key, /^\w{22}$/);
    assert.notEqual(kept.key, lost.key);
    assert.equal(kept.address, phone.address);
    assert.equal((await phones.start(lost)).statusCode, 403, 'a newer one replaces it');
    assert.equal((await phones.start(kept)).statusCode, 200);
    assert.equal(setUp(await phones.signIn(phone.address, account)).key, '', 'before the use is written');
    await t.app.deviceUses.flush();
    assert.equal(setUp(await phones.signIn(phone.address, account)).key, '');
    assert.equal((await phones.start(kept)).statusCode, 200);
  });

  test('is not issued for a bad Digest response, and one of eight that are issued at once works', async () => {
    const account = await t.makeAccount();
    const { address } = await provision(account, old);
    const bad = await Promise.all(
      Array.from({ length: 8 }, () => phones.signIn(address, { username: account.username, password: 'wrong' })),
    );
    for (const { statusCode } of bad) assert.equal(statusCode, 401);
    assert.equal((await rowOf(account)).key_hash, null);
    const keys = (await Promise.all(Array.from({ length: 8 }, () => phones.signIn(address, account)))).map(
      (answer) => setUp(answer).key,
    );
    const states = [];
    for (const key of keys) states.push((await phones.start({ key, address })).statusCode);
    assert.equal(states.filter((status) => status === 200).length, 1);
  });

  test('is not issued if phones do not fetch again, nor for HEAD requests or API keys', async () => {
    const account = await t.makeAccount();
    const { address } = await provision(account, old);
    const { api_key } = (await t.api('POST', `/api/accounts/${account.id}/api_keys`, {})).json;
    assert.equal(setUp(await phones.get(address, { ...modern, 'x-api-key': api_key })).key, '');
    await t.setSpace({ refetch: 'once' });
    assert.equal((await phones.signIn(address, account)).statusCode, 200);
    assert.equal((await rowOf(account)).key_hash, null);
  });

  test('does not open the document of a phone whose default account is another', async () => {
    const account = await t.makeAccount();
    const stranger = await t.makeAccount();
    await t.api('POST', `/api/accounts/${account.id}/external`, { username: 'out', domain: 'o.test', password: 'x' });
    const phone = await provision(account);
    await t.api('PUT', `/api/accounts/${account.id}`, { username: 'renamed', password: 'renewed' });
    const own = [
      fromOf(account.username),
      fromOf('renamed'),
      fromOf('out', 'o.test'),
      'sip:%72enamed@SIP.example.test',
    ];
    for (const from of own) {
      assert.equal((await phones.start(phone, { ...modern, from })).statusCode, 200, from);
    }
    assert.equal((await phones.start(phone)).statusCode, 200, 'without From');
    const foreign = [
      fromOf('alice', 'elsewhere.test'),
      fromOf(stranger.username),
      fromOf('renamed', 'o.test'),
      'sip:',
      '',
    ];
    for (const from of foreign) {
      const { statusCode, challenges } = await phones.start(phone, { ...modern, from });
      assert.deepEqual([statusCode, challenges], [403, []], from);
    }
    const [event] = await eventsOf(account, 'device-refused');
    assert.equal(event.detail.reason, 'foreign-account');
    assert.match(event.sentence, /did not get it: the phone's default account is another one/);
  });

  test('cannot be replaced by Digest if the default account of the phone is another one', async () => {
    const account = await t.makeAccount();
    const { address } = await provision(account, old);
    const foreign = { ...old, from: fromOf(account.username, 'elsewhere.test') };
    const answer = await phones.signIn(address, { ...account, headers: foreign });
    assert.equal(answer.statusCode, 403);
    const [event] = await eventsOf(account, 'device-refused');
    assert.equal(event.detail.reason, 'foreign-account');
  });

  test('still works for a phone whose default account is a former external account of its owner', async () => {
    const account = await t.makeAccount();
    const external = (username: string) =>
      t.api('POST', `/api/accounts/${account.id}/external`, { username, domain: 'o.test', password: 'x' });
    await external('first');
    const phone = await provision(account);
    await external('second');
    assert.equal((await phones.start(phone, { ...modern, from: fromOf('first', 'o.test') })).statusCode, 200);
  });

  test('is not needed by an older phone, which is challenged for the algorithms it was given and the account still has', async () => {
    await t.setSpace({ algorithms: ['MD5'] });
    const account = await t.makeAccount();
    const { address } = await provision(account, old);
    const asks = (from: string, at = address) => phones.get(at, { ...modern, from });
    const own = await asks(fromOf(account.username));
    assert.equal(own.statusCode, 401);
    assert.match(own.challenges.join(), /^[^,]+,[^,]+, algorithm=MD5,[^,]+$/);
    for (const [from, at] of [
      [fromOf(account.username), `${me}?device=${'0'.repeat(22)}`],
      [fromOf((await t.makeAccount()).username), address],
      [fromOf('nobody'), address],
      [fromOf(account.username, 'elsewhere.test'), address],
    ] as const) {
      const { statusCode, challenges } = await asks(from, at);
      assert.deepEqual([statusCode, challenges], [403, []], `${from} at ${at}`);
    }
    await t.api('PUT', `/api/accounts/${account.id}`, { username: 'married', password: 'renewed' });
    assert.equal((await asks(fromOf(account.username))).statusCode, 401, 'a former name counts');
    assert.equal((await asks(fromOf('married'))).statusCode, 401);
    await t.api('PUT', `/api/accounts/${account.id}`, { password: 'renewed', algorithm: 'SHA-256' });
    const changed = await asks(fromOf('married'));
    assert.deepEqual([changed.statusCode, changed.challenges], [403, []]);
    assert.equal((await asks(fromOf('married'), me)).statusCode, 401, 'without ?device=');
    await t.api('DELETE', `/api/accounts/${account.id}`);
    assert.equal((await asks(fromOf('married'))).statusCode, 403);
  });

  test('does not help a device that signs in as another account: it gets 403', async () => {
    const [account, other] = [await t.makeAccount({ activated: true }), await t.makeAccount({ activated: true })];
    const { address } = await provision(account, old);
    const answer = await phones.signIn(address, { ...other, headers: old });
    assert.deepEqual([answer.statusCode, answer.challenges], [403, []]);
    assert.doesNotMatch(answer.body, /auth_info/);
    const [event] = await eventsOf(account, 'device-refused');
    assert.equal(event.detail.reason, 'other-account');
    assert.deepEqual(await eventsOf(other, 'device-refused'), []);
    assert.equal((await phones.signIn(me, { ...other, headers: old })).statusCode, 200);
    assert.equal((await phones.signIn(address, { ...account, headers: old })).statusCode, 200);
  });
});
