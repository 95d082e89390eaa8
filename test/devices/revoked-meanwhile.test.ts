import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Account } from '../../src/accounts/account.ts';
import { blockAccount } from '../../src/administration/block-account.ts';
import type { Device } from '../../src/devices/device.ts';
import { listDeviceRows, recordDeviceNews } from '../../src/devices/device-store.ts';
import { revokeDevice } from '../../src/devices/revoke-device.ts';
import { operator } from '../../src/events/actor.ts';
import { inTransaction } from '../../src/storage/database.ts';
import { openTestApp, type TestApp } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';
import { watchLocks } from '../support/watch-locks.ts';

forEachDatabase('a device that is updated to another version while it is revoked', (makeUrl) => {
  let t: TestApp;
  before(async () => {
    t = await openTestApp(await makeUrl());
  });
  after(() => t.close());

  /** Each revokes the device. */
  const ways: Readonly<Record<string, (account: Account, id: string) => Promise<Pick<Device, 'name'>>>> = {
    alone: (account, id) => revokeDevice(t.app, operator, account, id),
    'together with the others': async (account) =>
      (await blockAccount(t.app, operator, account, { revokeDevices: true })).devices[0] ?? assert.fail(),
  };
  for (const [how, revoke] of Object.entries(ways)) {
    test(`has its new name in the event and in the result if it is revoked ${how}`, async () => {
      const account = await t.makeAccount();
      const agent = (version: string) => `LinphoneAndroid/${version} (Pixel 7) LinphoneSDK/5.3.74`;
      await t.server.inject({
        url: `/provisioning/${await t.makeToken(account)}`,
        headers: { 'x-linphone-provisioning': '1', 'user-agent': agent('5.2.5') },
      });
      const [{ id } = assert.fail()] = await listDeviceRows(t.app.database, account.id);
      const use = { agent: agent('5.3.0'), address: '192.0.2.1', algorithms: [], at: t.app.now() };
      const { revoking } = await inTransaction(t.app.database, async (tx) => {
        await recordDeviceNews(tx, [{ id, use }]);
        const untilSomebodyWaits = watchLocks(t.app.database);
        const running = revoke(account, String(id));
        await untilSomebodyWaits();
        return { revoking: running };
      });
      const name = 'Linphone 5.3.0 on Android (Pixel 7)';
      assert.equal((await revoking).name, name);
      const { json } = await t.api('GET', `/api/accounts/${account.id}/events?kind=device-revoked`);
      assert.deepEqual(
        json.data.map(({ detail }: { detail: unknown }) => detail),
        [{ device: id, name }],
      );
    });
  }
});
