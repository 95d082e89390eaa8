import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openTestApp, type TestApp } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';
import { panelBrowser } from '../support/panel.ts';
import { waitUntil } from '../support/wait-until.ts';

const [first, second] = ['first', 'second'].map((word) => ({ RINGUP_SECRET: word.repeat(10) }));
const rowsOf = (t: TestApp) => t.app.database.selectFrom('import_rows').selectAll().orderBy('position').execute();

forEachDatabase('an import whose rows were stored under another secret', (makeUrl) => {
  test('loses no row, says what is wrong, and continues once the secret is back', async () => {
    const url = await makeUrl();
    const before = await openTestApp(url, first);
    const browser = panelBrowser(before);
    await browser.signIn('admin', 'administrator');
    const { location: path = '' } = await browser.post('/admin/import', { text: 'username,phone\nkept,\nwrong,201\n' });
    const stored = await rowsOf(before);
    await before.close();

    const between = await openTestApp(url, second, { runsJobs: false });
    const other = panelBrowser(between);
    await other.signIn('admin', 'administrator');
    const { status, html } = await other.get(path);
    assert.equal(status, 200);
    assert.match(html, /stored before the secret of this server \(RINGUP_SECRET\) was changed/);
    for (const action of ['check', 'import']) {
      const refused = await other.post(path, { action });
      assert.equal(refused.status, 409, action);
    }
    assert.deepEqual(await rowsOf(between), stored);
    await between.app.database.updateTable('imports').set({ state: 'running' }).execute();
    for (const _ of [1, 2]) await between.app.imports.resumeAll();
    assert.deepEqual(await rowsOf(between), stored);
    const waiting = await between.app.database.selectFrom('imports').select(['state', 'worker']).executeTakeFirst();
    assert.deepEqual(waiting, { state: 'running', worker: null });
    assert.match((await other.get(path)).html, /value="discard"/);
    await between.close();

    const after = await openTestApp(url, first);
    await after.app.imports.resumeAll();
    const stateOf = async () =>
      (await after.app.database.selectFrom('imports').select('state').executeTakeFirst())?.state;
    assert.ok(await waitUntil(async () => (await stateOf()) === 'done'));
    const { json } = await after.api('GET', '/api/accounts?search=kept');
    assert.equal(json.data.length, 1);
    await after.close();
  });
});
