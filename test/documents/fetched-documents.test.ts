import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { inTransaction } from '../../src/storage/database.ts';
import { openTestApp, type TestApp } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';
import { watchLocks } from '../support/watch-locks.ts';

forEachDatabase('the document that a phone fetched', (makeUrl) => {
  let t: TestApp;
  before(async () => {
    t = await openTestApp(await makeUrl());
  });
  after(() => t.close());

  test('is silently not stored for an account that is deleted meanwhile', async () => {
    const account = await t.makeAccount();
    let written: Promise<boolean> = Promise.resolve(false);
    await inTransaction(t.app.database, async (tx) => {
      await tx.deleteFrom('accounts').where('id', '=', account.id).execute();
      const untilWritingWaits = watchLocks(t.app.database);
      t.app.fetched.note(account.id, new Map(), 1);
      written = t.app.fetched.flush();
      await untilWritingWaits();
    });
    assert.ok(await written);
    assert.doesNotMatch(t.logged(), /"lost"/);
  });
});
