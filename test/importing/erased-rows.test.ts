import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eraseImports } from '../../src/importing/revise-import.ts';
import { inTransaction } from '../../src/storage/database.ts';
import { openTestApp } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';
import { watchLocks } from '../support/watch-locks.ts';

forEachDatabase('the rows of an old import', (makeUrl) => {
  test('are erased later if its worker finishes while others are erased', async (context) => {
    const t = await openTestApp(await makeUrl());
    context.after(() => t.close());
    const { database } = t.app;
    const make = async (username: string) => {
      await t.server.inject({
        method: 'POST',
        url: '/api/accounts/import?dry_run=true',
        headers: { 'x-api-key': t.adminKey, 'content-type': 'text/csv' },
        payload: `username\n${username}\n`,
      });
      const { id } = await database.selectFrom('imports').select('id').orderBy('id', 'desc').executeTakeFirstOrThrow();
      return id;
    };
    const [idle, busy] = [await make('idle'), await make('busy')];
    await database.updateTable('imports').set({ worker: 'another' }).where('id', '=', busy).execute();
    t.advance(2 * 86_400_000);

    const { erasing } = await inTransaction(database, async (tx) => {
      await tx.updateTable('imports').set({ worker: null }).where('id', '=', busy).execute();
      await tx.updateTable('import_rows').set({ line: 7 }).where('import_id', '=', idle).execute();
      const untilErasingWaits = watchLocks(database);
      const erasing = eraseImports(t.app);
      await untilErasingWaits();
      return { erasing };
    });
    await erasing;
    const left = database
      .selectFrom('import_rows')
      .innerJoin('imports', 'imports.id', 'import_rows.import_id')
      .select(['imports.id', 'erased_at'])
      .orderBy('imports.id');
    for (const row of await left.execute()) assert.deepEqual(row, { id: busy, erased_at: null });
    await eraseImports(t.app);
    assert.deepEqual(await left.execute(), []);
  });
});
