import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { getImport } from '../../src/importing/look-at-import.ts';
import { resultLines } from '../../src/importing/result-lines.ts';
import type { Database } from '../../src/storage/database.ts';
import { openTestApp, type TestApp } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';
import { turnsDuring } from '../support/turns.ts';

const names = ['ada', 'bea', 'cleo'];
const copies = 1_000;
const count = names.length * copies;

forEachDatabase('the table of what became of thousands of rows', (makeUrl) => {
  let t: TestApp;
  let id: number;
  before(async () => {
    t = await openTestApp(await makeUrl());
    const headers = { 'x-api-key': t.adminKey, 'content-type': 'text/csv' };
    const payload = `username\n${names.join('\n')}\n`;
    const made = await t.server.inject({ method: 'POST', url: '/api/accounts/import', headers, payload });
    id = made.json().id;
    await copyRows();
  });
  after(() => t.close());

  /** Repeats the rows, as if the file were long. */
  const copyRows = async () => {
    const rows = await t.app.database.selectFrom('import_rows').selectAll().where('import_id', '=', id).execute();
    for (let copy = 1; copy < copies; copy += 100) {
      const some = Array.from({ length: Math.min(100, copies - copy) }, (_, index) => (copy + index) * names.length);
      const values = some.flatMap((by) => rows.map((row) => ({ ...row, position: row.position + by })));
      await t.app.database.insertInto('import_rows').values(values).execute();
    }
  };
  const result = () => t.server.inject({ url: `/api/imports/${id}/result`, headers: { 'x-api-key': t.adminKey } });

  test('has each row with its own code', async () => {
    const [, ...lines] = (await result()).body.trimEnd().split('\r\n');
    assert.equal(lines.length, count);
    const byName = Map.groupBy(lines, (line) => line.split(',')[0]);
    assert.deepEqual([...byName.keys()], names);
    const codes = [...byName.values()].map((each) => [...new Set(each.map((line) => line.split(',')[4]))]);
    assert.deepEqual(
      codes.map(({ length }) => length),
      [1, 1, 1],
    );
    assert.equal(new Set(codes.flat()).size, 3);
    for (const [url] of codes) assert.match(url ?? '', /\/provisioning\/[\w-]+$/);
  });

  test('lets other requests have their turns', async () => {
    const turns = await turnsDuring(result);
    assert.ok(turns >= count / 100, `${turns} turns for ${count} rows`);
  });

  test('is read with few queries', async () => {
    let queries = 0;
    const counted = t.app.database.withPlugin({
      transformQuery({ node }) {
        queries += 1;
        return node;
      },
      transformResult: async ({ result }) => result,
    });
    const found = await getImport(t.app, String(id));
    const lines: string[] = [];
    for await (const text of resultLines({ ...t.app, database: counted as Database }, found)) lines.push(text);
    assert.equal(lines.join('').split('\r\n').length, count + 2);
    assert.ok(queries <= count / 10, `${queries} queries for ${count} rows`);
  });
});
