import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { operator } from '../../src/events/actor.ts';
import { ImportRunner } from '../../src/importing/import-runner.ts';
import { openTestApp, type TestApp, testDomain } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';

const rows = 2_000;
const content = `username\n${Array.from({ length: rows }, (_, index) => `u${index}\n`).join('')}`;
const options = { onDuplicate: 'refuse', partial: false, allowAdmin: false, dryRun: true, invite: false } as const;

forEachDatabase('an import that is being checked', (makeUrl) => {
  let t: TestApp;
  before(async () => {
    t = await openTestApp(await makeUrl(), {}, { runsJobs: false });
  });
  after(() => t.close());

  const start = async (runner: ImportRunner) =>
    (await runner.start(operator, t.app.spaces.getByDomain(testDomain), { content, name: '', options })).id;
  const find = (id: number) =>
    t.app.database
      .selectFrom('imports')
      .select(['state', 'worker', 'lease_until', 'to_create'])
      .where('id', '=', id)
      .executeTakeFirst();
  const unchecked = async (id: number) => {
    const all = t.app.database.selectFrom('import_rows').where('import_id', '=', id).where('decision', 'is', null);
    return (await all.select('position').execute()).length;
  };

  test('ends after the rows that it is checking when it is cancelled', async () => {
    const id = await start(t.app.imports);
    await t.app.imports.cancel(id);
    assert.deepEqual(await find(id), { state: 'discarded', worker: null, lease_until: null, to_create: 0 });
    assert.ok((await unchecked(id)) > 0);
  });

  test('is left to the next worker after the rows that it is checking when its process ends', async () => {
    const runner = new ImportRunner(t.app, (error) => assert.fail(String(error)));
    const id = await start(runner);
    await runner.close();
    assert.deepEqual(await find(id), { state: 'checking', worker: null, lease_until: null, to_create: 0 });
    assert.ok((await unchecked(id)) > 0);
    await t.app.imports.resumeAll();
    assert.deepEqual(await find(id), { state: 'checked', worker: null, lease_until: null, to_create: rows });
  });
});
