import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { sql } from 'kysely';
import { type Database, inTransaction } from '../../src/storage/database.ts';
import { isShared, openDatabase } from '../../src/storage/dialect.ts';
import { migrate } from '../../src/storage/migrate.ts';
import { statement, step } from '../../src/storage/statement.ts';
import type { Transaction } from '../../src/storage/tables.ts';
import { forEachDatabase } from '../support/databases.ts';
import { watchLocks } from '../support/watch-locks.ts';

const increase = statement<{ name: string }>()((db, at) =>
  db
    .updateTable('revisions')
    .set((row) => ({ value: row('value', '+', 1) }))
    .where('name', '=', at.name),
);

/** A server lets one of them wait for the other, and then gives up one of the two. */
forEachDatabase('transactions that lock the same rows in opposite order', (makeUrl) => {
  let database: Database;
  before(async () => {
    database = await openDatabase(await makeUrl());
    await migrate(database);
    for (const name of ['one', 'two']) await database.insertInto('revisions').values({ name, value: 0 }).execute();
  });
  after(() => database.close());

  const values = async () =>
    (await database.selectFrom('revisions').select('value').where('name', 'in', ['one', 'two']).execute()).map(
      ({ value }) => Number(value),
    );

  test('are all applied, each once', async () => {
    const before = await values();
    const othersHold = Promise.withResolvers<void>();
    let holding = 0;
    const both = (first: string, second: string) =>
      inTransaction(database, async (tx) => {
        await increaseIn(tx, first);
        holding += 1;
        // On SQLite, one comes after the other.
        if (holding === 2 || !isShared(database)) othersHold.resolve();
        await othersHold.promise;
        await increaseIn(tx, second);
      });
    const inSteps = (...names: string[]) => database.applyAll(names.map((name) => step(increase, { name })));
    const steps = othersHold.promise.then(() => Promise.all([inSteps('one', 'two'), inSteps('two', 'one')]));
    await Promise.all([both('one', 'two'), both('two', 'one'), steps]);
    assert.deepEqual(
      await values(),
      before.map((value) => value + 4),
    );
  });
});

/** It locks one row and waits for the other, which belongs to a transaction that then waits for the first. */
forEachDatabase('a single statement that changes several rows', (makeUrl) => {
  test('is applied once, even if a deadlock rolls it back', async () => {
    const database = await openDatabase(await makeUrl());
    for (const name of ['one', 'two']) await database.insertInto('revisions').values({ name, value: 0 }).execute();
    const holds = Promise.withResolvers<() => Promise<void>>();
    let attempts = 0;
    const transaction = inTransaction(database, async (tx) => {
      attempts += 1;
      await increaseIn(tx, 'two');
      // If it is this one that is rolled back, the statement is done at the next attempt.
      if (attempts === 1) {
        const somebodyWaits = watchLocks(database);
        holds.resolve(somebodyWaits);
        await somebodyWaits();
      }
      await increaseIn(tx, 'one');
    });
    await holds.promise;
    const both = sql`with locked as materialized (select name from revisions where name in ('one', 'two') order by name
        ${sql.raw(isShared(database) ? 'for update' : '')})
      update revisions set value = value + 1 where name in (select name from locked)`.execute(database);
    await Promise.all([transaction, both]);
    const rows = await database.selectFrom('revisions').select('value').where('name', 'in', ['one', 'two']).execute();
    await database.close();
    assert.deepEqual(
      rows.map(({ value }) => Number(value)),
      [2, 2],
    );
  });
});

async function increaseIn(tx: Transaction, name: string): Promise<void> {
  await tx
    .updateTable('revisions')
    .set((row) => ({ value: row('value', '+', 1) }))
    .where('name', '=', name)
    .execute();
}
