import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { operator } from '../../src/events/actor.ts';
import { checkImport } from '../../src/importing/check-import.ts';
import { batchRows } from '../../src/importing/import-context.ts';
import { getImport, problemsOf, rowsOfImport } from '../../src/importing/look-at-import.ts';
import { receiveImport } from '../../src/importing/receive-import.ts';
import { resultLines } from '../../src/importing/result-lines.ts';
import { discardImport, eraseImports, reviseImport } from '../../src/importing/revise-import.ts';
import { writeImport } from '../../src/importing/write-import.ts';
import { openTestApp, type TestApp, testDomain } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';

const worker = 'of another process';
const options = { onDuplicate: 'refuse', partial: true, allowAdmin: false, dryRun: false, invite: false } as const;

forEachDatabase('an import of which a part is written', (makeUrl) => {
  let t: TestApp;
  before(async () => {
    t = await openTestApp(await makeUrl(), {}, { runsJobs: false });
  });
  after(() => t.close());

  const tableOf = (prefix: string, rows: number) => {
    const names = Array.from({ length: rows }, (_, index) => `${prefix}${index},`);
    return `username,phone\n${names.join('\n')}\n${prefix}wrong,201\n`;
  };
  const find = (id: number) => getImport(t.app, String(id));
  /** Writes the first batch, and leaves the other rows and a refused one. The worker of the import is gone. */
  const writeBatch = async (prefix: string, rows = batchRows + 1): Promise<number> => {
    const file = { content: tableOf(prefix, rows), name: '', options, worker };
    const id = await receiveImport(t.app, operator, t.app.spaces.getByDomain(testDomain), file);
    assert.ok(await checkImport(t.app, await find(id), worker, () => false));
    let batches = 0;
    const onWritten = () => {
      batches += 1;
    };
    assert.ok(!(await writeImport(t.app, await find(id), worker, { isStopping: () => batches > 0, onWritten })));
    t.advance(60_000);
    return id;
  };
  const outcomeOf = async (id: number) => {
    const { state, rows, counts, written, failure } = await find(id);
    const left = await t.app.database
      .selectFrom('import_rows')
      .where('import_id', '=', id)
      .select('written_at')
      .execute();
    return { state, rows, ...counts, written, failure, left: left.length };
  };
  const nothing = { update: 0, unchanged: 0, skipped: 0, refused: 0, failure: undefined };
  const kept = { state: 'done', rows: batchRows, create: batchRows, ...nothing, written: batchRows, left: batchRows };
  const accountsOf = async (prefix: string) =>
    (await t.app.database.selectFrom('accounts').select('id').where('username', 'like', `${prefix}%`).execute()).length;

  test('is done with that part if the rest is discarded, and its worker writes no further row', async () => {
    const id = await writeBatch('slow');
    const before = await find(id);
    await discardImport(t.app, before);
    assert.deepEqual(await outcomeOf(id), kept);
    assert.equal(await writeImport(t.app, before, worker, { isStopping: () => false }), false);
    await t.app.imports.resumeAll();
    assert.deepEqual(await outcomeOf(id), kept);
    assert.equal(await accountsOf('slow'), batchRows);
    await assert.rejects(discardImport(t.app, before), { code: 'conflict', facts: { why: 'import-written' } });
  });

  test('is either done with that part or goes on if it is discarded and taken over at once', async () => {
    for (const prefix of ['either', 'neither', 'another']) {
      const id = await writeBatch(prefix);
      const [discarded] = await Promise.allSettled([discardImport(t.app, await find(id)), t.app.imports.resume(id)]);
      const { rows, create, refused } = await outcomeOf(id);
      const expected = discarded.status === 'fulfilled' ? [batchRows, batchRows, 0] : [batchRows + 2, batchRows + 1, 1];
      assert.deepEqual([rows, create, refused], expected);
      assert.equal(await accountsOf(prefix), create);
    }
  });

  /** More open rows than are deleted in one step. */
  const manyRows = batchRows + 500;
  /** Writes the first batch of many rows. The others wait, as if somebody had stopped to correct them. */
  const writeFirst = async (prefix: string): Promise<number> => {
    const id = await writeBatch(prefix, manyRows);
    await t.app.database.updateTable('imports').set({ state: 'checked' }).where('id', '=', id).execute();
    return id;
  };
  /** Corrects the refused row, and writes it with all others. */
  const mend = async (id: number, prefix: string) => {
    const mended = new Map([[manyRows + 2, [`${prefix}mended`, '']]]);
    await reviseImport(t.app, operator, await find(id), { mended, leftOut: [], options: {}, writes: true });
    await t.app.imports.resume(id);
  };
  const isWritten = { code: 'conflict', facts: { why: 'import-written' } };

  test('is corrected or discarded as a whole if both happen at once', async () => {
    const all = manyRows + 1;
    const whole = { ...kept, rows: all, create: all, written: all, left: all };
    // A correction reads twice before it changes anything.
    for (const [prefix, reads] of Object.entries({ early: 0, late: 4 })) {
      const id = await writeFirst(prefix);
      const discard = async () => {
        let found = await find(id);
        for (let count = 0; count < reads; count += 1) found = await find(id);
        await discardImport(t.app, found);
      };
      const [mended, discarded] = await Promise.allSettled([mend(id, prefix), discard()]);
      const isKept = discarded.status === 'fulfilled';
      assert.deepEqual(await outcomeOf(id), isKept ? kept : whole);
      assert.equal(await accountsOf(prefix), isKept ? batchRows : all);
      if (mended.status === 'rejected') {
        assert.ok(isKept);
        assert.deepEqual(mended.reason.facts, isWritten.facts);
      }
    }
  });

  test('has no discarded row left, even if the process ends while they are deleted', async (context) => {
    const id = await writeFirst('broken');
    const before = await find(id);
    const deletes = context.mock.method(t.app.database, 'deleteFrom');
    deletes.mock.mockImplementationOnce(() => {
      throw new Error('the process ended');
    }, 1);
    await assert.rejects(discardImport(t.app, before), /the process ended/);
    const half = { ...kept, left: manyRows + 1 - 500 };
    assert.deepEqual(await outcomeOf(id), half);

    await assert.rejects(mend(id, 'broken'), isWritten);
    await t.app.imports.resumeAll();
    const found = await find(id);
    assert.deepEqual(await problemsOf(t.app, found), []);
    assert.equal((await rowsOfImport(t.app, found, { after: 0, limit: manyRows })).length, batchRows);
    let table = '';
    for await (const lines of resultLines(t.app, found)) table += lines;
    assert.equal(table.trimEnd().split('\n').length, 1 + batchRows);
    assert.deepEqual(await outcomeOf(id), half);

    await eraseImports(t.app, AbortSignal.abort());
    assert.deepEqual(await outcomeOf(id), half);
    await eraseImports(t.app);
    assert.deepEqual(await outcomeOf(id), kept);
    assert.equal((await find(id)).endedAt, t.app.now());
    assert.equal(await accountsOf('broken'), batchRows);
  });

  test('is done with that part if it is cancelled', async () => {
    const file = { content: tableOf('cancelled', 2 * batchRows), name: '', options };
    let cancelling: Promise<void> | undefined;
    const onWritten = async () => {
      const { id } = await started;
      cancelling ??= t.app.imports.cancel(id);
    };
    const started = t.app.imports.start(operator, t.app.spaces.getByDomain(testDomain), file, onWritten);
    const { id, ended } = await started;
    await ended;
    await cancelling;
    assert.deepEqual(await outcomeOf(id), kept);
    assert.equal(await accountsOf('cancelled'), batchRows);
  });

  for (const [what, changes] of Object.entries({
    'is being written': { state: 'running' },
    'waits to be written': { state: 'checked' },
    'had to stop': { state: 'refused', failure: JSON.stringify({ code: 'conflict', facts: { why: 'import-failed' } }) },
  })) {
    test(`is done with that part after a day if it ${what}`, async () => {
      const id = await writeBatch(what.slice(0, 2));
      await t.app.database.updateTable('imports').set(changes).where('id', '=', id).execute();
      t.advance(86_400_000);
      await eraseImports(t.app);
      assert.deepEqual(await outcomeOf(id), { ...kept, left: 0 });
      assert.notEqual((await find(id)).erasedAt, null);
    });
  }
});
