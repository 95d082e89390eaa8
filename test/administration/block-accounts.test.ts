import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { changeStateOfAll } from '../../src/administration/block-accounts.ts';
import { deleteAccount } from '../../src/administration/delete-account.ts';
import { operator } from '../../src/events/actor.ts';
import { openTestApp, type TestApp } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';

forEachDatabase('blocking many accounts', (makeUrl) => {
  let t: TestApp;
  before(async () => {
    t = await openTestApp(await makeUrl());
  });
  after(() => t.close());

  test('blocks everybody else if one of them is deleted meanwhile, and says whom, so that it can be undone', async () => {
    const [first, deleted, last] = [await t.makeAccount(), await t.makeAccount(), await t.makeAccount()];
    const at = t.app.now();
    const ids = [first.id, deleted.id, last.id];
    await deleteAccount(t.app, operator, deleted);
    const blocked = await changeStateOfAll(t.app, operator, ids, { to: 'block', at });
    assert.deepEqual(blocked, [first.id, last.id]);
    for (const { id } of [first, last]) assert.equal((await t.api('GET', `/api/accounts/${id}`)).json.blocked, true);
    assert.deepEqual(await changeStateOfAll(t.app, operator, ids, { to: 'unblock', at }), [first.id, last.id]);
  });
});
