import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { usernamesOf } from '../../src/accounts/list-accounts.ts';
import { openTestApp, type TestApp } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';

forEachDatabase('user names', (makeUrl) => {
  let t: TestApp;
  before(async () => {
    t = await openTestApp(await makeUrl());
  });
  after(() => t.close());

  test('are found for more accounts than one query may name', async () => {
    const { id: first } = await t.makeAccount({ username: 'first' });
    const { id: last } = await t.makeAccount({ username: 'last' });
    const gone = Array.from({ length: 70_000 }, (_, index) => last + 1 + index);
    const names = await usernamesOf(t.app, [first, ...gone, last]);
    assert.deepEqual(
      names,
      new Map([
        [first, 'first'],
        [last, 'last'],
      ]),
    );
    assert.equal((await usernamesOf(t.app, [])).size, 0);
  });
});
