import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { AppError } from '../../src/errors.ts';
import { ImportRunner, type OnError } from '../../src/importing/import-runner.ts';
import { eraseImports } from '../../src/importing/revise-import.ts';
import type { TestApp } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';
import { openPanel, type PanelBrowser } from '../support/panel.ts';

interface HowToStop {
  readonly header: string;
  /** The cells of a row that the check cannot take. */
  cells(username: string): unknown;
}

const reasons = {
  'a column that appears twice': {
    header: 'username,email,E-Mail',
    cells: (username: string) => [username, '', `${username}@x.example`],
    says: /The column “E-Mail” appears twice/,
    english: /"E-Mail" appears twice/,
    code: 'import-refused',
  },
  'a fault in the server': {
    header: 'username,email,note',
    cells: () => ({ notA: 'list' }),
    says: /A fault in the server stopped/,
    english: /A fault in the server stopped/,
    code: 'conflict',
  },
};

forEachDatabase('an import that cannot go on', (makeUrl) => {
  let t: TestApp;
  let browser: PanelBrowser;
  before(async () => {
    ({ t, browser } = await openPanel(await makeUrl(), {}, { runsJobs: false }));
  });
  after(() => t.close());

  const idOf = (path: string) => Number(path.split('/').at(-1));
  /** Stores such cells in the last row that the import stops, as if two people had corrected it at once. */
  const stop = async (username: string, { header, cells }: HowToStop): Promise<string> => {
    const text = `${header}\nfirst${username},${username}1@x.example,\n${username},wrong,\n`;
    const { location: path = '' } = await browser.post('/admin/import', { text });
    const { database, rowSeal } = t.app;
    await database
      .updateTable('import_rows')
      .set({ cells: rowSeal.seal(JSON.stringify(cells(username))) })
      .where('import_id', '=', idOf(path))
      .where('line', '=', 3)
      .execute();
    await resume(path, 'checking');
    return path;
  };
  const resume = async (path: string, state: string) => {
    await t.app.database.updateTable('imports').set({ state }).where('id', '=', idOf(path)).execute();
    await t.app.imports.resumeAll();
  };
  const find = (path: string) =>
    t.app.database.selectFrom('imports').selectAll().where('id', '=', idOf(path)).executeTakeFirstOrThrow();
  for (const [reason, { says, english, code, ...how }] of Object.entries(reasons)) {
    test(`because of ${reason}, says so until its rows are corrected`, async () => {
      const username = `mended${reason.length}`;
      const path = await stop(username, how);
      const stopped = await find(path);
      assert.deepEqual([stopped.state, stopped.worker, stopped.lease_until], ['refused', null, null]);
      const { html } = await browser.get(path);
      assert.match(/<p class="banner bad" role="alert">.*?<\/p>/s.exec(html)?.[0] ?? html, says);
      assert.match(html, /value="check">Check again/);
      const { json } = await t.api('GET', `/api/imports/${stopped.id}`);
      assert.equal(json.state, 'refused');
      assert.equal(json.code, code);
      assert.match(json.message, english);

      t.advance(60_000);
      await t.app.imports.resumeAll();
      assert.deepEqual(await find(path), stopped, 'nobody tries it again');

      const mended = { line: '3', username, email: `${username}@x.example`, 'column-3': '', action: 'import' };
      assert.equal((await browser.post(path, mended)).status, 303);
      const written = await browser.get(path);
      assert.match(written.html, /2 rows are written/);
      assert.doesNotMatch(written.html, /class="banner bad"/);
      assert.equal((await t.api('GET', `/api/imports/${stopped.id}`)).json.message, undefined);
    });

    test(`because of ${reason}, can be discarded`, async () => {
      const path = await stop('unwanted', how);
      assert.equal((await browser.post(path, { action: 'discard' })).location, '/admin/import');
      const { html } = await browser.get(path);
      assert.match(html, /This import was discarded/);
      assert.doesNotMatch(html, /class="banner bad"/);
    });

    test(`because of ${reason}, loses its rows after a day`, async () => {
      const path = await stop('forgotten', how);
      t.advance(86_400_001);
      await browser.signIn('admin', 'administrator');
      await eraseImports(t.app);
      assert.deepEqual(await t.app.database.selectFrom('import_rows').selectAll().execute(), []);
      const { html } = await browser.get(path);
      assert.doesNotMatch(html, /value="(import|discard)"|class="banner bad"/);
    });
  }

  test('while it is written keeps what is in, and goes on once somebody asks for it', async () => {
    const text = `username\n${Array.from({ length: 101 }, (_, index) => `half${index}\n`).join('')}`;
    const { location: path = '' } = await browser.post('/admin/import', { text });
    const { database, rowSeal } = t.app;
    const last = database.updateTable('import_rows').where('import_id', '=', idOf(path)).where('line', '=', 102);
    await last.set({ fields: rowSeal.seal('{"username":5}') }).execute();
    await resume(path, 'running');
    const { state, written, worker } = await find(path);
    assert.deepEqual([state, written, worker], ['refused', 100, null]);
    const { html } = await browser.get(path);
    assert.match(html, /A fault in the server stopped/);
    assert.doesNotMatch(html, /Nothing has been written yet/);
    assert.match(html, /<li>100 already written<\/li><li>1 new<\/li>[\s\S]*100 new accounts have no phone yet/);
    assert.match(html, /1 row is ready[\s\S]*>Import 1<[\s\S]*>Discard the other rows</);
    assert.equal((await browser.post(path, { action: 'import' })).status, 303);
    assert.match((await browser.get(path)).html, /101 rows are written/);
  });

  test('does not keep others from going on', async () => {
    const bad = await stop('harmful', reasons['a fault in the server']);
    const { location: good = '' } = await browser.post('/admin/import', { text: 'username\nunharmed\n' });
    await t.app.database.updateTable('imports').set({ state: 'checking' }).where('id', '=', idOf(bad)).execute();
    await resume(good, 'checking');
    assert.deepEqual([(await find(bad)).state, (await find(good)).state], ['refused', 'checked']);
  });

  test('because the database does not answer, is repeated', async () => {
    const { location: path = '' } = await browser.post('/admin/import', { text: 'username\npatient\n' });
    const open = () => {
      throw new AppError('database-unavailable', { why: 'no-answer' });
    };
    const failures: unknown[] = [];
    const note = (...[, id, isRepeated]: Parameters<OnError>) => failures.push([id, isRepeated]);
    const runner = new ImportRunner({ ...t.app, rowSeal: { ...t.app.rowSeal, open } }, note);
    await t.app.database.updateTable('imports').set({ state: 'checking' }).where('id', '=', idOf(path)).execute();
    await runner.resumeAll();
    assert.deepEqual(failures, [[idOf(path), true]]);
    const { state, failure } = await find(path);
    assert.deepEqual([state, failure], ['checking', null]);
    t.advance(60_000);
    await t.app.imports.resumeAll();
    assert.equal((await find(path)).state, 'checked');
  });

  test('is logged once, as one that is not repeated', () => {
    assert.match(t.logged(), /an import stopped; it goes on once somebody has it checked again/);
    assert.doesNotMatch(t.logged(), /will be tried again/);
  });
});
