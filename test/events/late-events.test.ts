import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Account } from '../../src/accounts/account.ts';
import { keepAccounts } from '../../src/events/late-event-store.ts';
import { inTransaction } from '../../src/storage/database.ts';
import { openTestApp, type TestApp } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';
import { watchLocks } from '../support/watch-locks.ts';

const rounds = Array.from({ length: 20 });

forEachDatabase('events that are recorded after they happened', (makeUrl) => {
  let t: TestApp;
  before(async () => {
    t = await openTestApp(await makeUrl());
  });
  after(() => t.close());

  const remove = async ({ id }: Account) =>
    assert.equal((await t.api('DELETE', `/api/accounts/${id}`)).status, 200, String(id));
  const kindsOf = async ({ id }: Account) => {
    const events = t.app.database.selectFrom('events').where('account_id', '=', id);
    return (await events.orderBy('id').select('kind').execute()).map(({ kind }) => kind);
  };
  const opened = ({ id: accountId, spaceId }: Account) =>
    ({ at: t.app.now(), kind: 'page-opened', spaceId, accountId }) as const;

  test('do not outlive an account that is deleted before they are written', async () => {
    const account = await t.makeAccount();
    t.app.events.record(opened(account));
    t.app.events.keep({ ...opened(account), kind: 'device-ended' });
    await remove(account);
    assert.equal(await t.app.events.flush(), true);
    assert.deepEqual(await kindsOf(account), ['account-deleted']);
  });

  test('do not outlive an account that is deleted while they are written', async () => {
    const account = await t.makeAccount();
    const removed = await inTransaction(t.app.database, async (tx) => {
      assert.deepEqual([...(await keepAccounts(tx, [account.id]))], [account.id]);
      const untilRemovingWaits = watchLocks(t.app.database);
      const removing = remove(account);
      await untilRemovingWaits();
      const { kind, at, spaceId, accountId } = opened(account);
      await tx
        .insertInto('events')
        .values({ at, kind, space_id: spaceId, account_id: accountId, detail: '{}' })
        .execute();
      return { removing };
    });
    await removed.removing;
    assert.deepEqual(await kindsOf(account), ['account-deleted']);
  });

  test('do not outlive an account that is deleted while a code is fetched or its answer ends', async () => {
    const accounts = await Promise.all(rounds.map(() => t.makeAccount()));
    for (const account of accounts) {
      const token = await t.makeToken(account);
      const url = `/provisioning/${token}`;
      await Promise.all([
        t.server.inject({ url }),
        t.server.inject({ url, headers: { accept: 'text/html' } }),
        remove(account),
      ]);
    }
    const late = await t.makeAccount();
    await t.server.inject({ url: `/provisioning/${await t.makeToken(late)}` });
    await remove(late);
    await t.app.deliveries.close(AbortSignal.timeout(60_000));
    await t.app.events.flush();
    for (const account of [...accounts, late]) assert.deepEqual(await kindsOf(account), ['account-deleted']);
  });
});
