import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { listApiKeyRows } from '../../src/access/api-key-store.ts';
import { deleteEndedApiKeys } from '../../src/access/caller-of-key.ts';
import { createApiKeyIn } from '../../src/access/create-api-key.ts';
import { LastUses } from '../../src/access/last-uses.ts';
import type { Account } from '../../src/accounts/account.ts';
import { operator } from '../../src/events/actor.ts';
import { change } from '../../src/events/change.ts';
import { type Database, inTransaction } from '../../src/storage/database.ts';
import { openDatabase } from '../../src/storage/dialect.ts';
import { openTestApp, type TestApp } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';

forEachDatabase('uses of keys', (makeUrl) => {
  let t: TestApp;
  let other: Database;
  let account: Account;
  before(async () => {
    const url = await makeUrl();
    t = await openTestApp(url);
    other = await openDatabase(url);
    account = await t.makeAccount();
  });
  after(async () => {
    await other.close();
    await t.close();
  });

  test('are all stored when two nodes write uses of the same keys at the same time, in any order', async () => {
    await change(t.app, operator, async (tx, by) => {
      for (let count = 0; count < 30; count += 1) {
        await createApiKeyIn(tx, by, account, { name: `key ${count}`, expiresAt: null });
      }
    });
    const keys = await listApiKeyRows(t.app.database, account.id);
    const failures: unknown[] = [];
    const nodes = [t.app.database, other].map(
      (database) => new LastUses(database, 'api_keys', (error) => failures.push(error)),
    );
    const start = t.app.now();
    for (let round = 1; round <= 10; round += 1) {
      nodes.forEach((node, index) => {
        for (const key of index === 0 ? keys : keys.toReversed()) node.record(key, start + (round + index) * 100_000);
      });
      await Promise.all(nodes.map((node) => node.flush()));
    }
    assert.deepEqual(failures, []);
    for (const key of await listApiKeyRows(t.app.database, account.id)) {
      assert.equal(key.lastUsedAt, start + 1_100_000);
    }
  });

  test('change nothing if they are older than the stored ones', async () => {
    const [key] = await listApiKeyRows(t.app.database, account.id);
    assert.ok(key !== undefined);
    const uses = new LastUses(t.app.database, 'api_keys', assert.ifError);
    uses.record({ ...key, lastUsedAt: 0 }, key.lastUsedAt - 100_000);
    assert.equal(await uses.flush(), true);
    assert.equal((await listApiKeyRows(t.app.database, account.id))[0]?.lastUsedAt, key.lastUsedAt);
  });

  test('leave the keys valid if they cannot be written', async () => {
    const { database } = t.app;
    const fetchKey = await t.server.inject({ url: '/api/accounts/me', headers: { 'x-api-key': t.adminKey } });
    assert.equal(fetchKey.statusCode, 200);
    await inTransaction(database, async (tx) => {
      await tx.updateTable('api_keys').set({ rights: 'user' }).where('account_id', '=', account.id).execute();
    });
    const keys = await listApiKeyRows(database, account.id);
    const uses = new LastUses(database, 'api_keys', () => {});
    const later = Math.max(...keys.map(({ lastUsedAt }) => lastUsedAt)) + 50 * 60_000;
    for (const key of keys) uses.record(key, later);
    const { transaction } = database;
    database.transaction = () => {
      throw new Error('away for a moment');
    };
    const context = { database, keyUses: uses, now: () => later + 50 * 60_000 };
    await deleteEndedApiKeys(context);
    database.transaction = transaction;
    assert.equal((await listApiKeyRows(database, account.id)).length, keys.length);
    await deleteEndedApiKeys(context);
    assert.equal((await listApiKeyRows(database, account.id)).length, keys.length);
    await deleteEndedApiKeys({ ...context, now: () => later + 70 * 60_000 });
    assert.equal((await listApiKeyRows(database, account.id)).length, 0);
  });
});
