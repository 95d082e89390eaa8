import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { recordEvent, recordEvents } from '../../src/events/event-store.ts';
import { followEvents } from '../../src/events/follow-events.ts';
import { newestEvents } from '../../src/events/list-events.ts';
import { inTransaction } from '../../src/storage/database.ts';
import { openWriters } from '../../src/storage/open-writers.ts';
import { openTestApp, type TestApp } from '../support/app.ts';
import { migrated } from '../support/databases.ts';
import { hasPostgres, type Postgres, startPostgres } from '../support/postgres.ts';
import { waitUntil } from '../support/wait-until.ts';

// One database: on SQLite, transactions that write do not overlap.
describe('events of transactions that overlap on PostgreSQL', { skip: !hasPostgres() }, () => {
  let postgres: Postgres;
  let t: TestApp;
  before(async () => {
    postgres = await startPostgres();
    t = await openTestApp(await migrated(await postgres.createDatabase()));
  });
  after(async () => {
    await t.close();
    await postgres.stop();
  });

  const blocked = () => ({ at: t.app.now(), kind: 'blocked', spaceId: 1, accountId: 1 }) as const;
  /** Records an event in a transaction that stays open until the returned function is called. */
  const recordInOpen = async () => {
    const recorded = Promise.withResolvers<void>();
    const released = Promise.withResolvers<void>();
    const ended = inTransaction(t.app.database, async (tx) => {
      await recordEvent(tx, blocked());
      recorded.resolve();
      await released.promise;
    });
    await recorded.promise;
    return () => {
      released.resolve();
      return ended;
    };
  };
  const recordMany = (count: number) =>
    inTransaction(t.app.database, (tx) => recordEvents(tx, Array.from({ length: count }, blocked)));
  const idsAfter = async (id: number) => {
    const events = t.app.database.selectFrom('events').where('id', '>', id).orderBy('id');
    return (await events.select('id').execute()).map((row) => row.id);
  };
  const pageAfter = async (since: string) => {
    const { data, next, more } = (await t.api('GET', `/api/events?since=${since}&per_page=500`)).json;
    return { ids: data.map(({ id }: { id: number }) => id), next, more };
  };

  test('are each on one page, although the one with the lowest id becomes visible last', async () => {
    const { next: start } = (await t.api('GET', '/api/events')).json;
    const end = await recordInOpen();
    await recordMany(2);
    assert.deepEqual(await pageAfter(start), { ids: [], next: start, more: true });
    const asked = pageAfter(start);
    await end();
    let page = await asked;
    while (page.more) page = await pageAfter(page.next);
    const all = await idsAfter(Number(start));
    assert.equal(all.length, 3);
    assert.deepEqual(page.ids, all);
    assert.deepEqual(await pageAfter(page.next), { ids: [], next: page.next, more: false });
  });

  test('are each shown once by --follow, however many become visible before the one with the lowest id', async () => {
    const ended = new AbortController();
    const { next: start } = await newestEvents(t.app, {}, 1);
    const shown: number[] = [];
    const isFollowing = Promise.withResolvers<void>();
    const following = (async () => {
      for await (const events of followEvents(t.app, {}, () => newestEvents(t.app, {}, 1), ended.signal)) {
        shown.push(...events.map(({ id }) => id).filter((id) => id > start));
        isFollowing.resolve();
      }
    })();
    await isFollowing.promise;
    const end = await recordInOpen();
    await recordMany(450);
    // Waits for the transaction longer than --follow takes to look again.
    assert.deepEqual((await pageAfter(String(start))).ids, []);
    await end();
    const all = await idsAfter(start);
    assert.equal(all.length, 451);
    assert.ok(await waitUntil(() => shown.length >= all.length), `only ${shown.length} were shown`);
    ended.abort();
    await following;
    assert.deepEqual(
      shown.toSorted((one, other) => one - other),
      all,
    );
  });

  for (const [list, query] of [
    ['of the newest', ''],
    ['from a time on', '&since=1h'],
  ] as const) {
    test(`are each on one page, although a list ${list} begins while one is not visible yet`, async () => {
      // An id that was missing long before does not matter.
      await recordMany(3);
      const [old = 0] = (await idsAfter(0)).slice(-2);
      await t.app.database.deleteFrom('events').where('id', '=', old).execute();
      t.advance(10 * 60_000);
      await recordMany(2);
      const before = (await idsAfter(0)).slice(-4);
      const end = await recordInOpen();
      await recordMany(2);
      const { data, next, more } = (await t.api('GET', `/api/events?per_page=500${query}`)).json;
      const shown: number[] = data.map(({ id }: { id: number }) => id);
      assert.deepEqual(shown.slice(-4), before);
      assert.equal(more, true);
      const asked = pageAfter(next);
      await end();
      let page = await asked;
      shown.push(...page.ids);
      while (page.more) {
        page = await pageAfter(page.next);
        shown.push(...page.ids);
      }
      assert.deepEqual(shown, await idsAfter(0));
    });
  }

  test('are each shown once by --follow, although that begins while one is not visible yet', async () => {
    const before = await idsAfter(0);
    const end = await recordInOpen();
    await recordMany(2);
    const ended = new AbortController();
    const shown: number[] = [];
    const isFollowing = Promise.withResolvers<void>();
    const following = (async () => {
      for await (const events of followEvents(t.app, {}, () => newestEvents(t.app, {}, 1_000), ended.signal)) {
        shown.push(...events.map(({ id }) => id));
        isFollowing.resolve();
      }
    })();
    await isFollowing.promise;
    assert.deepEqual(shown, before);
    await end();
    const all = await idsAfter(0);
    assert.equal(all.length, before.length + 3);
    assert.ok(await waitUntil(() => shown.length >= all.length), `only ${shown.length} were shown`);
    ended.abort();
    await following;
    assert.deepEqual(
      shown.toSorted((one, other) => one - other),
      all,
    );
  });

  test('are waited for only while the transaction is young, so one that is left open does not stop the readers', async () => {
    const end = await recordInOpen();
    const writers = (maxAgeMs: number) => openWriters(t.app.database, 'events', maxAgeMs);
    assert.equal((await writers(60_000)).length, 1);
    assert.deepEqual(await writers(0), []);
    await end();
    assert.deepEqual(await writers(60_000), []);
  });
});
