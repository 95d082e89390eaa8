import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { NewEvent } from '../../src/events/event.ts';
import { openTestApp, type TestApp } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';

forEachDatabase('the event log', (makeUrl) => {
  let t: TestApp;
  before(async () => {
    t = await openTestApp(await makeUrl());
  });
  after(() => t.close());

  const opened = (accountId: number, address: string): NewEvent => ({
    at: t.app.now(),
    kind: 'page-opened',
    spaceId: 1,
    accountId,
    address,
  });
  const stored = (accountId: number) =>
    t.app.database
      .selectFrom('events')
      .select(['address', 'detail'])
      .where('account_id', '=', accountId)
      .orderBy('id')
      .execute();
  /** The next set of changes is refused, as if the database were away for a moment. */
  const failOnce = () => {
    const { database } = t.app;
    const { applyAll } = database;
    database.applyAll = async () => {
      database.applyAll = applyAll;
      throw new Error('away for a moment');
    };
  };

  test('records a thousand at once, and counts in the log what is over that', async () => {
    for (let count = 0; count < 1_200; count += 1)
      t.app.events.record(opened(701, `10.0.${count >> 8}.${count & 255}`));
    assert.equal(await t.app.events.flush(), true);
    assert.equal((await stored(701)).length, 1_000);
    assert.match(t.logged(), /"count":200,"msg":"too much happened at once/);
  });

  test('keeps what could not be written: no event is missing afterwards, none there twice, and no repeat lost', async () => {
    failOnce();
    for (const address of ['10.1.0.1', '10.1.0.2', '10.1.0.1']) t.app.events.record(opened(702, address));
    assert.equal(await t.app.events.flush(), false);
    t.app.events.record(opened(702, '10.1.0.3'));
    assert.equal(await t.app.events.flush(), true);
    const addresses = (await stored(702)).map(({ address }) => address);
    assert.deepEqual(addresses.toSorted(), ['10.1.0.1', '10.1.0.2', '10.1.0.3']);
    t.advance(61_000);
    t.app.events.settle(t.app.now());
    assert.equal(await t.app.events.flush(), true);
    assert.deepEqual((await stored(702)).map(({ detail }) => detail).slice(3), ['{"repeated":1}']);
  });
});
