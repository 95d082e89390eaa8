import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import type { Account } from '../../src/accounts/account.ts';
import { openTestApp, type TestApp } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';
import { fromOf, modern, type ProvisionedPhone, phonesOf } from '../support/phone.ts';
import { parseDocument } from '../support/xml.ts';

const since54 = { ...modern, 'user-agent': 'LinphoneAndroid/6.0.0 (Pixel 7) LinphoneSDK/5.4.12' };

forEachDatabase('a phone that scans a second code', (makeUrl) => {
  let t: TestApp;
  let phones: ReturnType<typeof phonesOf>;
  let alice: Account;
  let first: ProvisionedPhone;
  before(async () => {
    t = await openTestApp(await makeUrl());
    phones = phonesOf(t);
  });
  beforeEach(async () => {
    await t.setSpace({ refetch: 'every-start', algorithms: ['SHA-256'], retry_window: 60 });
    alice = await t.makeAccount();
    const external = { username: `${alice.username}-out`, domain: 'o.test', password: 'x', algorithm: 'MD5' };
    await t.api('POST', `/api/accounts/${alice.id}/external`, external);
    first = await phones.redeem(await t.makeToken(alice));
    await t.api('DELETE', `/api/accounts/${alice.id}/external`);
  });
  after(() => t.close());

  const scan = async (
    account: Account,
    sent: Readonly<Record<string, string>>,
    token?: string,
  ): Promise<ProvisionedPhone> => phones.redeem(token ?? (await t.makeToken(account)), { ...modern, ...sent });
  const sentBy = (phone: ProvisionedPhone, of = alice) => ({ 'x-device-key': phone.key, from: fromOf(of.username) });
  /**
   * The user names whose credentials the ending document of the account's newest device takes away, and its proxies.
   */
  const endingOf = async (
    { id }: Account,
    phone: ProvisionedPhone,
    headers: Readonly<Record<string, string>> = modern,
  ) => {
    const devices = Object.values((await t.api('GET', `/api/accounts/${id}/devices`)).json) as { id: number }[];
    await t.api('DELETE', `/api/accounts/${id}/devices/${devices.at(-1)?.id}`);
    const sections = [...parseDocument((await phones.start(phone, headers)).body)];
    return {
      names: sections.filter(([name]) => name.startsWith('auth')).map(([, entries]) => entries.get('username')?.value),
      proxies: sections.map(([name]) => name).filter((name) => name.startsWith('proxy')),
    };
  };

  for (const [version, headers] of [
    ['5.3', modern],
    ['5.4', since54],
  ] as const) {
    test(`loses what both codes gave when its new device is revoked, on ${version}`, async () => {
      const second = await scan(alice, { ...headers, ...sentBy(first) });
      assert.deepEqual(await endingOf(alice, second, headers), {
        names: [alice.username, `${alice.username}-out`],
        proxies: ['proxy_0', 'proxy_1'],
      });
    });

    test(`loses what a code of another account gave, on ${version}`, async () => {
      const bob = await t.makeAccount();
      const second = await scan(bob, { ...headers, ...sentBy(first) });
      const { names, proxies } = await endingOf(bob, second, headers);
      const held = [bob.username, alice.username, `${alice.username}-out`];
      // The new account took the first of two places.
      assert.deepEqual(names, version === '5.3' ? held.slice(0, 2) : held);
      assert.deepEqual(proxies, ['proxy_0', 'proxy_1']);
    });
  }

  test('loses what each of three codes gave', async () => {
    const [bob, carol] = [await t.makeAccount(), await t.makeAccount()];
    const second = await scan(bob, sentBy(first));
    const third = await scan(carol, sentBy(second, bob));
    const { names } = await endingOf(carol, third, since54);
    assert.deepEqual(names, [carol.username, bob.username, alice.username, `${alice.username}-out`]);
  });

  test('is recognized by a key that a later answer replaced, and when its own answer is repeated', async () => {
    const lost = await t.makeToken(alice);
    const phone = await scan(alice, sentBy(first), lost);
    t.advance(1_000);
    await scan(alice, sentBy(first), lost);
    const bob = await t.makeAccount();
    const token = await t.makeToken(bob);
    await scan(bob, {}, token);
    t.advance(1_000);
    const last = await scan(bob, sentBy(phone), token);
    const { names } = await endingOf(bob, last, since54);
    assert.deepEqual(names, [bob.username, alice.username, `${alice.username}-out`]);
  });

  test('still gets 403 when it asks as the account of the first code', async () => {
    const bob = await t.makeAccount();
    const second = await scan(bob, sentBy(first));
    const { statusCode } = await phones.start(second, { ...modern, from: fromOf(alice.username) });
    assert.equal(statusCode, 403);
    assert.equal((await phones.start(second, { ...modern, from: fromOf(bob.username) })).statusCode, 200);
  });

  const strangers: Readonly<Record<string, () => Record<string, string>>> = {
    'without a key': () => ({ from: fromOf(alice.username) }),
    'with a wrong key': () => ({ ...sentBy(first), 'x-device-key': 'x'.repeat(22) }),
    'with an empty key': () => ({ ...sentBy(first), 'x-device-key': '' }),
    'with a key of an account that From does not name': () => ({ ...sentBy(first), from: fromOf('nobody') }),
    'with a From that cannot be read': () => ({ ...sentBy(first), from: '<' }),
  };
  for (const [how, sent] of Object.entries(strangers)) {
    test(`gets the account even ${how}, and inherits nothing from the first code`, async () => {
      const bob = await t.makeAccount();
      const second = await scan(bob, sent());
      assert.match(second.body, /auth_info_0/);
      assert.deepEqual((await endingOf(bob, second, since54)).names, [bob.username]);
    });
  }
});
