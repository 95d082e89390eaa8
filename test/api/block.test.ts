import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openTestApp, type TestApp } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';

const phone = {
  'user-agent': 'LinphoneAndroid/6.0.12 (Pixel 8) LinphoneSDK/5.4.30',
  'x-linphone-provisioning': 'true',
};

forEachDatabase('blocking an account', (makeUrl) => {
  let t: TestApp;
  before(async () => {
    t = await openTestApp(await makeUrl());
  });
  after(() => t.close());

  const withPhone = async () => {
    const account = await t.makeAccount({ activated: true });
    await t.server.inject({ url: `/provisioning/${await t.makeToken(account)}`, headers: phone });
    await t.app.deliveries.flush();
    return `/api/accounts/${account.id}`;
  };
  const revokedIn = async (path: string) => {
    const devices: { revoked_at: string | null }[] = Object.values((await t.api('GET', `${path}/devices`)).json);
    return devices.map(({ revoked_at: at }) => at !== null);
  };

  test('keeps the devices, which work again once the account is unblocked', async () => {
    const path = await withPhone();
    const { status, json } = await t.api('POST', `${path}/block`);
    assert.equal(status, 200);
    assert.equal(json.blocked, true);
    assert.deepEqual(json.devices, []);
    assert.deepEqual(await revokedIn(path), [false]);
  });

  test('revokes the devices in the same change with revoke_devices, and names them', async () => {
    const path = await withPhone();
    const { json } = await t.api('POST', `${path}/block`, { revoke_devices: true });
    assert.deepEqual(
      json.devices.map(({ device_name: name }: { device_name: string }) => name),
      ['Pixel 8'],
    );
    assert.deepEqual(await revokedIn(path), [true]);
    assert.equal((await t.api('POST', `${path}/block`, { revoke_devices: 'perhaps' })).status, 422);
  });

  test('revokes each device once if two requests block at the same time', async () => {
    const path = await withPhone();
    const answers = await Promise.all([1, 2].map(() => t.api('POST', `${path}/block`, { revoke_devices: true })));
    assert.deepEqual(answers.map(({ json }) => json.devices.length).toSorted(), [0, 1]);
  });
});
