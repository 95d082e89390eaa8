import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { allAccounts } from '../../src/administration/account-list.ts';
import { openTestApp, type TestApp } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';
import { turnsDuring } from '../support/turns.ts';

const count = 3_000;

forEachDatabase('going through thousands of accounts', (makeUrl) => {
  let t: TestApp;
  before(async () => {
    t = await openTestApp(await makeUrl());
    const at = { created_at: 1, updated_at: 1, dtmf_protocol: 'sipinfo', admin: 0, version: 1, space_id: 1 };
    for (let done = 0; done < count; done += 500) {
      const accounts = Array.from({ length: 500 }, (_, index) => ({ ...at, username: `many${done + index}` }));
      const made = await t.app.database.insertInto('accounts').values(accounts).returning('id').execute();
      const states = made.map(({ id }) => ({
        account_id: id,
        space_id: 1,
        group_name: null,
        no_mail: 1,
        blocked_at: null,
      }));
      await t.app.database.insertInto('account_states').values(states).execute();
    }
  });
  after(() => t.close());

  test('lets other requests have their turns', async () => {
    const ids = new Set<number>();
    const turns = await turnsDuring(async () => {
      for await (const accounts of allAccounts(t.app, { spaceIds: [1] })) {
        for (const { account } of accounts) ids.add(account.id);
      }
    });
    assert.ok(ids.size >= count);
    assert.ok(turns >= count / 500, `${turns} turns for ${count} accounts`);
  });
});
