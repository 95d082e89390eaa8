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

  test('skips an account that is deleted meanwhile, and names the blocked ones, so that the block can be undone', async () => {
    const [first, deleted, last] = [await t.makeAccount(), await t.makeAccount(), await t.makeAccount()];
    const ids = [[first.id, deleted.id], [last.id]];
    await deleteAccount(t.app, operator, deleted);
    const changed = { ids: [first.id, last.id], at: t.app.now() };
    assert.deepEqual(await changeStateOfAll(t.app, operator, ids, { to: 'block' }), changed);
    for (const { id } of [first, last]) assert.equal((await t.api('GET', `/api/accounts/${id}`)).json.blocked, true);
    assert.deepEqual(await changeStateOfAll(t.app, operator, ids, { to: 'unblock' }), changed);
  });

  test('records the same time for every account, however long it takes, and leaves out the excepted one', async () => {
    const [first, own, last] = [await t.makeAccount(), await t.makeAccount(), await t.makeAccount()];
    const at = t.app.now();
    const batches = async function* () {
      yield [first.id, own.id];
      t.advance(1_000);
      yield [last.id];
    };
    const changed = await changeStateOfAll(t.app, operator, batches(), { to: 'block', except: own.id });
    assert.deepEqual(changed, { ids: [first.id, last.id], at });
    for (const { id } of [first, last]) {
      const [event] = (await t.api('GET', `/api/accounts/${id}/events`)).json.data.slice(-1);
      assert.deepEqual([event.kind, Date.parse(event.at)], ['blocked', at]);
    }
    assert.equal((await t.api('GET', `/api/accounts/${own.id}`)).json.blocked, false);
  });
});
