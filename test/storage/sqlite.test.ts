import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import Sqlite from 'better-sqlite3';
import { sql } from 'kysely';
import { bumpRevision, readRevision } from '../../src/cluster/revision-store.ts';
import { openDatabase } from '../../src/storage/dialect.ts';
import { migrate } from '../../src/storage/migrate.ts';
import { openSqlite } from '../../src/storage/sqlite.ts';
import { statement, step } from '../../src/storage/statement.ts';
import { tempDirectory } from '../support/temp-directory.ts';
import { patienceMs } from '../support/wait-until.ts';

// One database: it is about what SQLite needs.

const insert = statement<{ name: string }>()((db, at) =>
  db.insertInto('revisions').values({ name: at.name, value: 0 }),
);

const read = statement<Record<string, never>>()((db) => db.selectFrom('revisions').select('value'));

test('SQLite runs in WAL mode, with durable commits and enforced references', async () => {
  const database = await openDatabase(join(tempDirectory(), 'ringup.sqlite'));
  const pragma = async (name: string) =>
    Object.values((await sql.raw<Record<string, unknown>>(`pragma ${name}`).execute(database)).rows[0] ?? {})[0];
  assert.equal(await pragma('journal_mode'), 'wal');
  assert.equal(await pragma('synchronous'), 2);
  assert.equal(await pragma('foreign_keys'), 1);
  await database.close();
});

test('writes wait while another process holds the lock, without stopping the event loop, and then succeed', async () => {
  const file = join(tempDirectory(), 'ringup.sqlite');
  const database = openSqlite(file, { timeoutMs: patienceMs, elapsed: () => performance.now() });
  await migrate(database);
  const other = new Sqlite(file);
  other.exec('begin immediate');
  let turns = 0;
  // If the writes stopped the event loop, nobody would let go of the lock.
  const ticking = setInterval(() => {
    turns += 1;
    if (turns === 20) other.exec('commit');
  }, 5);
  const writes = Promise.all([
    database.applyAll([step(insert, { name: 'one' })]),
    database.insertInto('revisions').values({ name: 'two', value: 0 }).execute(),
  ]);
  await writes;
  clearInterval(ticking);
  other.close();
  assert.ok(turns >= 20, `the event loop turned ${turns} times meanwhile`);
  const { rows } = await sql`select name from revisions where name in ('one', 'two')`.execute(database);
  assert.equal(rows.length, 2);
  await database.close();
});

test('each of many concurrent writes gives other work a turn of the event loop, and reads do not', async (t) => {
  const database = await openDatabase(join(tempDirectory(), 'ringup.sqlite'));
  await migrate(database);
  let turn = 0;
  const counting = new AbortController();
  t.after(() => counting.abort());
  const count = (): void => {
    turn += 1;
    if (!counting.signal.aborted) setImmediate(count);
  };
  count();
  const turnsOf = async (work: (n: number) => Promise<unknown>): Promise<Set<number>> =>
    new Set(await Promise.all(Array.from({ length: 30 }, (_, n) => work(n).then(() => turn))));
  const add = (name: string) => database.insertInto('revisions').values({ name, value: 0 }).execute();
  const transaction = (n: number) =>
    database.transaction().execute(async (within) => {
      await within
        .insertInto('revisions')
        .values({ name: `in transaction ${n}`, value: 0 })
        .execute();
      await bumpRevision(within, 'accounts');
    });
  assert.equal((await turnsOf(transaction)).size, 30);
  assert.equal((await turnsOf((n) => add(`alone ${n}`))).size, 30);
  assert.equal((await turnsOf(() => readRevision(database, 'accounts'))).size, 1);
  await database.close();
});

/**
 * A migrated file that another process has locked, and a clock by which writes give up after `patienceMs`. Those that
 * wait for another write of this process also give up after that time by the system's clock.
 */
const openLocked = async () => {
  const file = join(tempDirectory(), 'ringup.sqlite');
  const clock = { now: 0 };
  const database = openSqlite(file, { timeoutMs: patienceMs, elapsed: () => clock.now });
  await migrate(database);
  const other = new Sqlite(file);
  other.exec('begin immediate');
  return { database, other, clock };
};

test('reads do not wait while another process holds the lock, and writes that came together give up together', async () => {
  const { database, other, clock } = await openLocked();
  const happened: string[] = [];
  const refused = (write: Promise<unknown>): Promise<void> =>
    write.then(
      () => void happened.push('written'),
      (error) => void happened.push(`${error.code} ${error.facts.why}`),
    );
  const name = (count: number) => ({ name: `locked ${count}`, value: 0 });
  const writes = [1, 2, 3, 4, 5, 6].map((count) =>
    refused(
      count % 2 === 0
        ? database.applyAll([step(insert, name(count))])
        : database.insertInto('revisions').values(name(count)).execute(),
    ),
  );
  for (let count = 0; count < 20; count += 1) {
    await database.selectFrom('revisions').select('value').execute();
    await database.rows(read, {});
    await nextTurn();
  }
  happened.push('read');
  // Time stands still from here: a write with a limit of its own never ends.
  clock.now += patienceMs + 1;
  await Promise.all(writes);
  other.close();
  assert.deepEqual(happened, ['read', ...writes.map(() => 'database-unavailable locked')]);
  await database.close();
});

test('a write that comes late during a lock still gets its turn if the lock ends in time', async () => {
  const { database, other, clock } = await openLocked();
  const early = assert.rejects(database.applyAll([step(insert, { name: 'early' })]), { code: 'database-unavailable' });
  // The first write is under way alone. What comes later has as long after it as it came later.
  await nextTurn();
  clock.now += patienceMs - 1_000;
  const late = database.applyAll([step(insert, { name: 'late' })]);
  clock.now += 1_001;
  await early;
  other.close();
  assert.equal(await late, true);
  await database.close();
});
