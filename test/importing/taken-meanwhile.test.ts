import assert from 'node:assert/strict';
import { test } from 'node:test';
import { batchRows } from '../../src/importing/import-context.ts';
import { openTestApp } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';
import { waitUntil } from '../support/wait-until.ts';

forEachDatabase('an import whose derived user name is taken before it is written', (makeUrl) => {
  test('skips a name that a later batch of the file has', async (context) => {
    const t = await openTestApp(await makeUrl());
    context.after(() => t.close());
    const others = Array.from({ length: batchRows }, (_, index) => `filler${index},,`);
    const payload = ['username,name,email', ',Anna One,anna@x.example', ...others, 'anna2,Anna Two,two@x.example'];
    const checked = await t.server.inject({
      method: 'POST',
      url: '/api/accounts/import?dry_run=true&on_duplicate=update',
      headers: { 'x-api-key': t.adminKey, 'content-type': 'text/csv' },
      payload: payload.join('\n'),
    });
    assert.equal(checked.json().create, payload.length - 1);
    await t.makeAccount({ username: 'anna' });
    // As if the process that checked it had ended before it wrote.
    await t.app.database.updateTable('imports').set({ state: 'running' }).execute();
    await t.app.imports.resumeAll();
    const stateOf = async () => (await t.app.database.selectFrom('imports').select('state').executeTakeFirst())?.state;
    assert.ok(await waitUntil(async () => (await stateOf()) === 'done'));
    const { json } = await t.api('GET', '/api/accounts?search=Anna');
    const found = json.data.map(({ username, display_name, email }: Record<string, unknown>) => ({
      username,
      display_name,
      email,
    }));
    assert.deepEqual(found.slice(1), [
      { username: 'anna3', display_name: 'Anna One', email: 'anna@x.example' },
      { username: 'anna2', display_name: 'Anna Two', email: 'two@x.example' },
    ]);
  });
});
