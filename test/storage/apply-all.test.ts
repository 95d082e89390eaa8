import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Database } from '../../src/storage/database.ts';
import { openDatabase } from '../../src/storage/dialect.ts';
import { migrate } from '../../src/storage/migrate.ts';
import { statement, step, sweep } from '../../src/storage/statement.ts';
import { generousLimits } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';
import { watchLocks } from '../support/watch-locks.ts';

const insert = statement<{ name: string; value: number }>()((db, at) =>
  db.insertInto('revisions').values({ name: at.name, value: at.value }),
);
const increase = statement<{ name: string; from: number }>()((db, at) =>
  db
    .updateTable('revisions')
    .set((row) => ({ value: row('value', '+', 1) }))
    .where('name', '=', at.name)
    .where('value', '=', at.from),
);
const read = statement<{ name: string }>()((db, at) =>
  db.selectFrom('revisions').select('value').where('name', '=', at.name),
);

const removeValue = statement<{ value: number }>()((db, at) =>
  db.deleteFrom('revisions').where('value', '=', at.value),
);

forEachDatabase('a set of steps', (makeUrl) => {
  let database: Database;
  before(async () => {
    database = await openDatabase(await makeUrl(), () => {}, generousLimits.database);
    await migrate(database);
  });
  after(() => database.close());
  const currentValue = async (name: string) =>
    (await database.rows<{ name: string }, { value: number }>(read, { name }))[0]?.value;

  const countOf = async (value: number): Promise<number> =>
    (await database.selectFrom('revisions').select('name').where('value', '=', value).execute()).length;

  test('is applied whole', async () => {
    assert.equal(
      await database.applyAll([step(insert, { name: 'a', value: 1 }), step(increase, { name: 'a', from: 1 })]),
      true,
    );
    assert.equal(await currentValue('a'), 2);
  });

  test('is undone whole when one step changes nothing', async () => {
    assert.equal(
      await database.applyAll([step(insert, { name: 'b', value: 1 }), step(increase, { name: 'b', from: 7 })]),
      false,
    );
    assert.equal(await currentValue('b'), undefined);
  });

  test('continues after a step that may change no row or several', async () => {
    await database.applyAll([
      step(insert, { name: 'sweep 1', value: 40 }),
      step(insert, { name: 'sweep 2', value: 40 }),
    ]);
    for (const left of [0, 0]) {
      const steps = [
        sweep(removeValue, { value: 40 }),
        step(insert, { name: `swept ${await countOf(41)}`, value: 41 }),
      ];
      assert.equal(await database.applyAll(steps), true);
      assert.equal(await countOf(40), left);
    }
    assert.equal(await countOf(41), 2);
  });

  test('fails without affecting other sets', async () => {
    const outcomes = await Promise.allSettled([
      database.applyAll([step(insert, { name: 'c', value: 1 })]),
      database.applyAll([step(insert, { name: 'd', value: 1 }), step(insert, { name: 'a', value: 1 })]),
      database.applyAll([step(insert, { name: 'e', value: 1 })]),
    ]);
    assert.deepEqual(
      outcomes.map((each) => each.status),
      ['fulfilled', 'rejected', 'fulfilled'],
    );
    assert.deepEqual(await Promise.all(['c', 'd', 'e'].map(currentValue)), [1, undefined, 1]);
  });

  test('succeeds alone if a hundred compete for the same row', async () => {
    await database.applyAll([step(insert, { name: 'race', value: 0 })]);
    const outcomes = await Promise.all(
      Array.from({ length: 100 }, () => database.applyAll([step(increase, { name: 'race', from: 0 })])),
    );
    assert.equal(outcomes.filter(Boolean).length, 1);
    assert.equal(await currentValue('race'), 1);
  });

  test('a set of steps waits for an open transaction and sees its changes, while look-ups do not wait', async () => {
    await database.applyAll([step(insert, { name: 'busy', value: 0 })]);
    const order: string[] = [];
    let applied: Promise<unknown> = Promise.resolve();
    await database.transaction().execute(async (db) => {
      const untilStepsWait = watchLocks(database);
      await db.updateTable('revisions').set({ value: 10 }).where('name', '=', 'busy').execute();
      applied = database
        .applyAll([step(increase, { name: 'busy', from: 0 })])
        .then((done) => order.push(`applied ${done}`));
      order.push(`sees ${await currentValue('busy')} outside`);
      await untilStepsWait();
      order.push('transaction ends');
    });
    await applied;
    assert.deepEqual(order, ['sees 0 outside', 'transaction ends', 'applied false']);
  });
});
