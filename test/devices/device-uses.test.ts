import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Account } from '../../src/accounts/account.ts';
import { listDeviceRows } from '../../src/devices/device-store.ts';
import { DeviceUses } from '../../src/devices/device-uses.ts';
import { AppError } from '../../src/errors.ts';
import type { Database } from '../../src/storage/database.ts';
import { openDatabase } from '../../src/storage/dialect.ts';
import { openTestApp, type TestApp } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';

forEachDatabase('uses of devices', (makeUrl) => {
  let t: TestApp;
  let other: Database;
  let account: Account;
  before(async () => {
    const url = await makeUrl();
    t = await openTestApp(url);
    other = await openDatabase(url);
    account = await t.makeAccount();
    for (let count = 0; count < 10; count += 1) {
      await t.server.inject({
        url: `/provisioning/${await t.makeToken(account)}`,
        headers: { 'x-linphone-provisioning': '1', 'user-agent': 'LinphoneAndroid/5.2.5 (Pixel 7) LinphoneSDK/5.3.74' },
      });
    }
  });
  after(async () => {
    await other.close();
    await t.close();
  });

  const devices = () => listDeviceRows(t.app.database, account.id);
  const use = (at: number) => ({ agent: 'Linphone', address: '192.0.2.1', algorithms: [], at });

  test('are all stored when two nodes write uses of the same devices at the same time, in any order', async () => {
    const known = await devices();
    assert.equal(known.length, 10);
    const failures: unknown[] = [];
    const nodes = [t.app.database, other].map((database) => new DeviceUses(database, (error) => failures.push(error)));
    const start = t.app.now();
    for (let round = 1; round <= 10; round += 1) {
      nodes.forEach((node, index) => {
        for (const device of index === 0 ? known : known.toReversed())
          node.record(device, use(start + round * 100_000));
      });
      await Promise.all(nodes.map((node) => node.flush()));
    }
    assert.deepEqual(failures, []);
    for (const device of await devices()) assert.equal(device.lastSeenAt, start + 1_000_000);
  });

  test('are written again at once if the database rolled them back in favour of another transaction', async () => {
    const [device] = await devices();
    assert.ok(device !== undefined);
    const { database } = t.app;
    const failures: unknown[] = [];
    const uses = new DeviceUses(database, (error) => failures.push(error));
    const { transaction } = database;
    database.transaction = () => {
      database.transaction = transaction;
      throw new AppError('database-unavailable', { why: 'conflict' });
    };
    const at = device.lastSeenAt + 100_000;
    uses.record(device, use(at));
    assert.equal(await uses.flush(), true);
    assert.deepEqual(failures, []);
    assert.equal((await devices())[0]?.lastSeenAt, at);
  });

  test('are written together with ends of devices, and both are kept while they cannot be written', async () => {
    const [device] = await devices();
    assert.ok(device !== undefined);
    await t.api('DELETE', `/api/accounts/${account.id}/devices/${device.id}`);
    const { database } = t.app;
    const failures: unknown[] = [];
    const uses = new DeviceUses(database, (_error, lost) => failures.push(lost));
    const { transaction } = database;
    database.transaction = () => {
      throw new Error('away for a moment');
    };
    const at = device.lastSeenAt + 100_000;
    uses.record(device, use(at));
    uses.ended(device, at);
    assert.equal(await uses.flush(), false);
    database.transaction = transaction;
    assert.equal(uses.hasEnded(device), true);
    assert.deepEqual(failures, [0]);
    assert.equal(await uses.flush(), true);
    const [ended] = await devices();
    assert.deepEqual([ended?.lastSeenAt, ended?.endedAt], [at, at]);
  });
});
