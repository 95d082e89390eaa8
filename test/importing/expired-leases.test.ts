import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { operator } from '../../src/events/actor.ts';
import { checkImport } from '../../src/importing/check-import.ts';
import { getImport } from '../../src/importing/look-at-import.ts';
import { receiveImport } from '../../src/importing/receive-import.ts';
import { discardImport, eraseImports } from '../../src/importing/revise-import.ts';
import { openTestApp, type TestApp, testDomain } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';

const second = 1_000;
const day = 86_400_000;
const busy = { code: 'conflict', facts: { why: 'import-busy' } };

forEachDatabase('an import whose worker is gone', (makeUrl) => {
  let t: TestApp;
  before(async () => {
    t = await openTestApp(await makeUrl(), {}, { runsJobs: false });
  });
  after(() => t.close());

  const receive = async () => {
    const options = { onDuplicate: 'refuse', partial: false, allowAdmin: false, dryRun: true, invite: false } as const;
    const file = { content: 'username\none\ntwo\n', name: '', options, worker: 'gone' };
    const id = await receiveImport(t.app, operator, t.app.spaces.getByDomain(testDomain), file);
    return getImport(t.app, String(id));
  };
  const lease = (id: number, until: number) =>
    t.app.database.updateTable('imports').set({ lease_until: until }).where('id', '=', id).execute();
  const rowsOf = (id: number) =>
    t.app.database.selectFrom('import_rows').selectAll().where('import_id', '=', id).orderBy('position').execute();
  const ownerOf = (id: number) =>
    t.app.database.selectFrom('imports').select(['state', 'worker', 'lease_until']).where('id', '=', id).execute();
  const free = [{ state: 'discarded', worker: null, lease_until: null }];

  test('can be discarded once its lease has expired, and not before', async () => {
    const found = await receive();
    await lease(found.id, t.app.now() + second);
    await assert.rejects(discardImport(t.app, found), busy);
    t.advance(2 * second);
    await discardImport(t.app, found);
    assert.deepEqual(await ownerOf(found.id), free);
  });

  test('loses its rows after a day once its lease has expired, and not before', async () => {
    const found = await receive();
    t.advance(2 * day);
    await lease(found.id, t.app.now() + second);
    await eraseImports(t.app);
    assert.equal((await rowsOf(found.id)).length, 2);
    t.advance(2 * second);
    await eraseImports(t.app);
    assert.deepEqual(await rowsOf(found.id), []);
    assert.deepEqual(await ownerOf(found.id), free);
  });

  test('gets no row back from a worker that was only slow', async () => {
    const found = await receive();
    t.advance(60 * second);
    const before = await rowsOf(found.id);
    await discardImport(t.app, found);
    assert.equal(await checkImport(t.app, found, 'gone', () => false), false);
    assert.deepEqual(await rowsOf(found.id), before);
    assert.deepEqual(await ownerOf(found.id), free);
  });

  test('is either discarded or checked if both happen at once', async () => {
    for (const _ of [1, 2, 3]) {
      const found = await receive();
      t.advance(60 * second);
      const [discarded] = await Promise.allSettled([discardImport(t.app, found), t.app.imports.resume(found.id)]);
      const [{ state } = { state: '' }] = await ownerOf(found.id);
      assert.equal(state, discarded.status === 'fulfilled' ? 'discarded' : 'checked');
    }
  });
});
