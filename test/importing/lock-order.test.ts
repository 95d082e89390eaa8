import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { bumpRevision } from '../../src/cluster/revision-store.ts';
import { inTransaction } from '../../src/storage/database.ts';
import { isShared } from '../../src/storage/dialect.ts';
import { openTestApp } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';
import { watchLocks } from '../support/watch-locks.ts';

forEachDatabase('an import into a space with a maximum of accounts', (makeUrl) => {
  test('locks the revision of the accounts before the accounts that it changes', async (context) => {
    const t = await openTestApp(await makeUrl());
    context.after(() => t.close());
    await t.setSpace({ max_accounts: 10 });
    const { id, username } = await t.makeAccount({});
    const { importing } = await inTransaction(t.app.database, async (tx) => {
      await bumpRevision(tx, 'accounts');
      const untilImportWaits = watchLocks(t.app.database);
      const importing = t.server.inject({
        method: 'POST',
        url: '/api/accounts/import?on_duplicate=update',
        headers: { 'x-api-key': t.adminKey, 'content-type': 'text/csv' },
        payload: `username,name\n${username},Renamed\nnew.one,New\n`,
      });
      await untilImportWaits();
      // SQLite locks the whole file at once.
      if (isShared(t.app.database)) await sql`select id from accounts where id = ${id} for update nowait`.execute(tx);
      return { importing };
    });
    const { state, create, update } = (await importing).json();
    assert.deepEqual([state, create, update], ['done', 1, 1]);
  });
});
