import assert from 'node:assert/strict';
import { test } from 'node:test';
import { getAccount, updateAccountRow } from '../../src/accounts/account-store.ts';
import { inTransaction } from '../../src/storage/database.ts';
import { openTestApp } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';
import { watchLocks } from '../support/watch-locks.ts';

forEachDatabase('an import without the right to change administrators', (makeUrl) => {
  for (const [column, value] of [
    ['email', 'other@x.example'],
    ['password', 'quite another'],
  ] as const) {
    test(`does not change the ${column} of an account that becomes an administrator while the rows are written`, async (context) => {
      const t = await openTestApp(await makeUrl());
      context.after(() => t.close());
      const { id, username } = await t.makeAccount({ email: 'old@x.example', activated: true });
      const before = await getAccount(t.app.database, id);
      const { importing } = await inTransaction(t.app.database, async (tx) => {
        await updateAccountRow(tx, id, { admin: 1 });
        const untilImportWaits = watchLocks(t.app.database);
        const importing = t.server.inject({
          method: 'POST',
          url: '/api/accounts/import?on_duplicate=update',
          headers: { 'x-api-key': t.adminKey, 'content-type': 'text/csv' },
          payload: `username,${column}\n${username},${value}\n`,
        });
        await untilImportWaits();
        return { importing };
      });
      const { problems, update } = (await importing).json();
      const after = await getAccount(t.app.database, id);
      assert.deepEqual([after.admin, after.email, after.ha1s], [true, before.email, before.ha1s]);
      assert.deepEqual([problems.length, problems[0]?.column, update], [1, column, 0]);
      const { written } = await t.app.database.selectFrom('imports').select('written').executeTakeFirstOrThrow();
      assert.equal(written, 0);
    });
  }
});
