import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openTestApp } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';

const ways: readonly [string, (patience: AbortSignal) => Promise<void>][] = [
  ['fails', () => Promise.reject(new Error('no library'))],
  ['hangs', (patience) => new Promise((resolve) => patience.addEventListener('abort', () => resolve()))],
];

forEachDatabase('a server that stops', (makeUrl) => {
  for (const [how, close] of ways) {
    test(`writes what waits, and is no longer listed, even if the end of its mails ${how}`, async (t) => {
      const url = await makeUrl();
      const { app, server, makeAccount } = await openTestApp(url);
      const listed = async (database: typeof app.database) =>
        (await database.selectFrom('nodes').select('boot_id').where('ended_at', 'is', null).execute()).map(
          (each) => each.boot_id,
        );
      assert.deepEqual(await listed(app.database), [app.bootId]);
      t.mock.method(app.outbox, 'close', close);
      const { id: accountId, spaceId } = await makeAccount();
      app.events.keep({ at: app.now(), kind: 'refused', spaceId, accountId, detail: { reason: 'used' } });
      await server.close();
      await app.close(AbortSignal.timeout(60_000), AbortSignal.timeout(100));
      const again = await openTestApp(url, {}, { runsJobs: false });
      t.after(() => again.close());
      const kinds = await again.app.database.selectFrom('events').select('kind').execute();
      assert.ok(kinds.some(({ kind }) => kind === 'refused'));
      assert.deepEqual(await listed(again.app.database), [again.app.bootId]);
    });
  }
});
