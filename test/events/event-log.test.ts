import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { RepeatableEvent } from '../../src/events/event.ts';
import { recordEvent, recordEvents } from '../../src/events/event-store.ts';
import { recordMerged } from '../../src/events/merged-event-store.ts';
import { inTransaction } from '../../src/storage/database.ts';
import { openTestApp, type TestApp } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';

forEachDatabase('the event log', (makeUrl) => {
  let t: TestApp;
  before(async () => {
    t = await openTestApp(await makeUrl());
    const ids = [...Array.from({ length: 2_200 }, (_, n) => 10_001 + n), 702, 703, 704, 705, 706, 707, 708, 709];
    const row = { space_id: 1, dtmf_protocol: 'sipinfo', version: 0, admin: 0, created_at: 1, updated_at: 1 };
    const accounts = ids.map((id) => ({ ...row, id, username: `account-${id}` }));
    for (let start = 0; start < accounts.length; start += 500) {
      await t.app.database
        .insertInto('accounts')
        .values(accounts.slice(start, start + 500))
        .execute();
    }
  });
  after(() => t.close());

  const opened = (accountId: number, more: Partial<RepeatableEvent> = {}): RepeatableEvent => ({
    at: t.app.now(),
    kind: 'page-opened',
    spaceId: 1,
    accountId,
    ...more,
  });
  const stored = (accountId: number) =>
    t.app.database
      .selectFrom('events')
      .select(['kind', 'token_id', 'address', 'count', 'detail'])
      .where('account_id', '=', accountId)
      .orderBy('id')
      .execute();
  /** The next transaction is refused, as if the database were away for a moment. */
  const failOnce = () => {
    const { database } = t.app;
    const { transaction } = database;
    database.transaction = () => {
      database.transaction = transaction;
      throw new Error('away for a moment');
    };
  };

  test('holds two thousand different events that wait to be written, and the server log counts further ones', async () => {
    for (let tokenId = 1; tokenId <= 2_200; tokenId += 1) t.app.events.record(opened(10_000 + tokenId, { tokenId }));
    assert.equal(await t.app.events.flush(), true);
    const { total } = await t.app.database
      .selectFrom('events')
      .where('account_id', '>', 10_000)
      .select((of) => of.fn.countAll<number>().as('total'))
      .executeTakeFirstOrThrow();
    assert.equal(Number(total), 2_000);
    assert.match(t.logged(), /"count":200,"msg":"too much happened at once/);
  });

  test('keeps events that could not be written, and stores each of them once later, with every repeat counted', async () => {
    t.advance(61_000);
    failOnce();
    for (const tokenId of [1, 2, 1]) t.app.events.record(opened(702, { tokenId }));
    assert.equal(await t.app.events.flush(), false);
    for (const tokenId of [3, 1]) t.app.events.record(opened(702, { tokenId }));
    assert.equal(await t.app.events.flush(), true);
    assert.deepEqual(
      (await stored(702)).map(({ token_id, count }) => [token_id, count]),
      [
        [1, 3],
        [2, 1],
        [3, 1],
      ],
    );
  });

  test('gives each code, device and reason a row of its own, whatever the address and the program', async () => {
    const different: Partial<RepeatableEvent>[] = [
      { tokenId: 1 },
      { tokenId: 2 },
      { tokenId: 1, detail: { reason: 'used' } },
      { tokenId: 1, detail: { reason: 'expired' } },
      { tokenId: 1, kind: 'refetched', detail: { device: 1 } },
      { tokenId: 1, kind: 'refetched', detail: { device: 2 } },
    ];
    for (const each of different) {
      for (const address of ['192.0.2.1', '192.0.2.2']) {
        t.app.events.record(opened(703, { ...each, address, agent: `a program at ${address}` }));
      }
    }
    await t.app.events.flush();
    const rows = await stored(703);
    assert.deepEqual(
      rows.map(({ count, address }) => [count, address]),
      different.map(() => [2, '192.0.2.2']),
    );
  });

  test('counts each event once when several nodes make room for newer ones at the same time', async () => {
    for (let tokenId = 1; tokenId <= 201; tokenId += 1) t.app.events.record(opened(708, { tokenId }));
    await t.app.events.flush();
    const at = t.app.now();
    const record = (tokenId: number) =>
      inTransaction(t.app.database, (tx) =>
        recordMerged(tx, {
          ...opened(708, { tokenId }),
          kind: 'page-opened',
          mergedBy: `${tokenId}`,
          lastAt: at,
          count: 1,
        }),
      );
    await Promise.all(Array.from({ length: 12 }, (_, index) => record(1_000 + index)));
    const rows = await stored(708);
    assert.equal(
      rows.reduce((sum, { count }) => sum + count, 0),
      213,
    );
  });

  test('keeps 200 rows of a kind for an account, counts the others in one row, and displaces nothing else', async () => {
    const others: RepeatableEvent[] = [opened(704, { kind: 'code-shown' }), opened(705)];
    for (const event of others) t.app.events.record(event);
    t.app.events.keep({ ...opened(704), kind: 'device-ended' });
    for (let tokenId = 1; tokenId <= 450; tokenId += 1) {
      t.app.events.record(opened(704, { tokenId }));
      t.app.events.record(opened(704, { tokenId }));
    }
    await t.app.events.flush();
    const rows = await stored(704);
    const ofKind = (kind: string) => rows.filter((row) => row.kind === kind);
    assert.equal(ofKind('page-opened').length, 200);
    assert.equal(ofKind('page-opened').at(-1)?.token_id, 450);
    assert.deepEqual([ofKind('code-shown').length, ofKind('device-ended').length], [1, 1]);
    assert.equal((await stored(705)).length, 1);
    const [dropped, ...more] = ofKind('events-dropped');
    assert.deepEqual(more, []);
    assert.equal(dropped?.detail, '{"of":"page-opened"}');
    const kept = ofKind('page-opened').reduce((sum, { count }) => sum + count, 0);
    assert.equal(kept + (dropped?.count ?? 0), 900, 'each of them is counted');
  });

  test('never merges or drops events of other kinds', async () => {
    for (let count = 0; count < 300; count += 1) t.app.events.keep({ ...opened(706), kind: 'device-ended' });
    await t.app.events.flush();
    assert.equal((await stored(706)).length, 300);
  });

  test('starts a new row after the clock was set back', async () => {
    t.app.events.record(opened(707));
    await t.app.events.flush();
    t.app.events.record(opened(707, { at: t.app.now() - 3_600_000 }));
    await t.app.events.flush();
    assert.equal((await stored(707)).length, 2);
  });

  test('keeps only a few rows for a used link that many programs open for an hour', async () => {
    const account = await t.makeAccount();
    const url = `/provisioning/${await t.makeToken(account)}`;
    await t.server.inject({ url });
    for (let count = 0; count < 1_200; count += 1) {
      t.advance(3_000);
      const headers = { 'user-agent': `phone ${count} ${'x'.repeat(8_000)}` };
      await t.server.inject({ url, headers, remoteAddress: `10.0.${count >> 8}.${count & 255}` });
      if (count % 20 === 0) await t.app.events.flush();
    }
    await t.app.events.flush();
    const refused = (await stored(account.id)).filter(({ kind }) => kind === 'refused');
    assert.ok(refused.length <= 7, `${refused.length} rows`);
    assert.equal(
      refused.reduce((sum, { count }) => sum + count, 0),
      1_200,
    );
    const { data } = (await t.api('GET', `/api/accounts/${account.id}/events`)).json;
    assert.ok(JSON.stringify(data).length < 10_000);
  });

  test('deletes expired events that come after many from the future, because the clock was ahead', async () => {
    const year = 365 * 86_400_000;
    const ahead = Array.from({ length: 1_000 }, () => opened(709, { at: t.app.now() + year }));
    await inTransaction(t.app.database, async (tx) => {
      for (const start of [0, 500]) await recordEvents(tx, ahead.slice(start, start + 500));
      await recordEvent(tx, opened(709, { address: '192.0.2.9' }));
    });
    t.advance(60_000);
    await t.app.events.prune(t.app.now(), 30_000);
    const left = await stored(709);
    assert.deepEqual([left.length, left.some(({ address }) => address !== null)], [1_000, false]);
  });
});
