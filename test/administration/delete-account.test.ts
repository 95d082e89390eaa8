import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { updateAccountRow } from '../../src/accounts/account-store.ts';
import { deleteAccount } from '../../src/administration/delete-account.ts';
import { operator } from '../../src/events/actor.ts';
import { inTransaction } from '../../src/storage/database.ts';
import { openTestApp, type TestApp } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';
import { watchLocks } from '../support/watch-locks.ts';

forEachDatabase('an account that is renamed while it is deleted', (makeUrl) => {
  let t: TestApp;
  before(async () => {
    t = await openTestApp(await makeUrl());
  });
  after(() => t.close());

  test('has its new name in the event of its deletion', async () => {
    const account = await t.makeAccount({ username: 'earlier' });
    const { deleting } = await inTransaction(t.app.database, async (tx) => {
      await updateAccountRow(tx, account.id, { username: 'later' });
      const untilSomebodyWaits = watchLocks(t.app.database);
      const running = deleteAccount(t.app, operator, account);
      await untilSomebodyWaits();
      return { deleting: running };
    });
    await deleting;
    const { json } = await t.api('GET', '/api/events?kind=account-deleted');
    assert.deepEqual(
      json.data.map(({ detail }: { detail: unknown }) => detail),
      [{ username: 'later' }],
    );
  });
});
